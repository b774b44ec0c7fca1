"""Writing TOML as a person would: one form only, so that writing again gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from academy.foundation.i18n import LocalizedText

Value = str | int | float | bool | date | tuple[str, ...]
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\f": "\\f", "\r": "\\r"}


class TomlText:
    """Lines of a TOML document in the making; ``str()`` gives the document."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"

    def values(self, pairs: Mapping[str, Value | None]) -> None:
        """Adds ``key = value`` lines; those with None are left out."""
        self._lines += [f"{key} = {value_text(value)}" for key, value in pairs.items() if value is not None]

    def table(self, name: str, pairs: Mapping[str, Value | None]) -> None:
        """Adds a table with its values."""
        self._lines.append(f"[{name}]")
        self.values(pairs)

    def entry(self, name: str, pairs: Mapping[str, Value | None], *, blank: bool = True) -> None:
        """Adds one table of a list of tables, after a blank line unless told otherwise."""
        if blank:
            self.blank()
        self._lines.append(f"[[{name}]]")
        self.values(pairs)

    def localized(self, name: str, text: LocalizedText | None, languages: Iterable[str]) -> None:
        """Adds a table with the text in the languages that it has; nothing when there is no text.

        A translation that is not approved for the present source gets its ``<language>_of``.
        """
        if text is None or not text:
            return
        pairs: dict[str, Value | None] = {}
        for lang in languages:
            if text.has(lang):
                pairs[lang] = text.texts[lang]
                if text.status(lang) == "outdated":
                    pairs[f"{lang}_of"] = text.approved_for.get(lang, "0" * 16)
        self.table(name, pairs)

    def blank(self) -> None:
        """Adds a blank line."""
        if self._lines and self._lines[-1]:
            self._lines.append("")


def value_text(value: Value) -> str:
    """The value as TOML. Texts of several lines become multi-line strings; numbers keep no needless decimals."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, tuple):
        return _list(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _list(values: tuple[str, ...]) -> str:
    if sum(len(value) for value in values) <= 80:
        return "[" + ", ".join(_string(value) for value in values) + "]"
    return "[\n" + "".join(f"  {_string(value)},\n" for value in values) + "]"


def _string(text: str) -> str:
    escaped = "".join(_ESCAPES.get(c, c if c >= " " or c == "\n" else f"\\u{ord(c):04X}") for c in text)
    escaped = escaped.replace("\x7f", "\\u007F")
    if "\n" in escaped:
        return f'"""\n{escaped}"""'
    return f'"{escaped}"'
