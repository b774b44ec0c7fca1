"""Reading TOML that people write: every fault with its line, nothing unknown passed over.

``parse`` gives a Table. Each of its methods takes one key, notes a fault when the value is missing or of a wrong kind,
and returns something usable all the same, so that one pass finds every fault. ``close`` then names the keys that nobody
asked for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from academy.courses.formats.faults import Fault
from academy.foundation.i18n import LocalizedText, normalise

Path = tuple[str | int, ...]
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_HEX = re.compile(r"[0-9a-f]{16}")


class Table:
    """One table of a TOML document, read key by key."""

    def __init__(
        self, data: Mapping[str, Any], file: str, lines: Mapping[Path, int], faults: list[Fault], path: Path = ()
    ) -> None:
        self.data = data
        self.file = file
        self.faults = faults
        self._lines = lines
        self._path = path
        self._asked: set[str] = set()

    def line(self, key: str | None = None) -> int:
        """The line of the key, else of the table, else 0."""
        return self._lines.get((*self._path, key) if key else self._path) or self._lines.get(self._path, 0)

    def fault(self, message: str, key: str | None = None, *, missing: str = "") -> None:
        """Notes a fault at the key (or at the table)."""
        self.faults.append(Fault(self.file, self.line(key), message, missing))

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.data

    def text(self, key: str, default: str | None = None) -> str:
        """A text of one value; a fault when it is missing and has no default, or empty."""
        value = self._take(key, str, "a text in quotation marks", default)
        if value is None:
            return default or ""
        if not value.strip() and default is None:
            self.fault(f"“{key}” is empty", key)
        return _clean(self, key, value)

    def integer(self, key: str, default: int | None = None, *, least: int = 0, most: int = 1_000_000) -> int:
        """A whole number from *least* to *most*."""
        value = self._take(key, int, "a whole number", default)
        if value is None:
            return least if default is None else default
        if not least <= value <= most:
            self.fault(f"“{key}” is {value}; expected {least} to {most}", key)
        return int(value)

    def number(self, key: str, default: float | None = None, *, least: float = -1e12, most: float = 1e12) -> float:
        """A number, whole or with decimals, from *least* to *most*."""
        value = self._take(key, (int, float), "a number", default)
        if value is None:
            return default or 0.0
        if not least <= value <= most:
            self.fault(f"“{key}” is {value}; expected {least:g} to {most:g}", key)
            return default or 0.0
        return float(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        value = self._take(key, bool, "true or false", default)
        return bool(default) if value is None else bool(value)

    def day(self, key: str) -> date | None:
        """A date such as 2026-03-09; None when the key is not there."""
        value = self._take(key, date, "a date such as 2026-03-09, without quotation marks", "")
        return None if value is None else value

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of the words."""
        words = list(allowed)
        value = self._take(key, str, "one of " + ", ".join(words), default)
        if value is None:
            return words[0] if default is None else default
        if value not in words:
            self.fault(f"“{key}” is “{value}”; expected one of {', '.join(words)}", key)
            return words[0] if default is None else default
        return str(value)

    def key(self, key: str = "key") -> str:
        """A stable key: letters without accents, digits, hyphens."""
        value = self.text(key)
        if value and not re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", value):
            self.fault(f"“{value}” cannot be a key; use letters a to z, digits and single hyphens", key)
        if len(value) > 80:
            self.fault(f"the key “{value[:20]}…” is longer than 80 characters", key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when the key is not there."""
        value = self._take(key, list, "a list of texts", "")
        if value is None:
            return ()
        if not all(isinstance(entry, str) and entry.strip() for entry in value):
            self.fault(f"“{key}” must be a list of texts, none of them empty", key)
            return ()
        return tuple(_clean(self, key, entry) for entry in value)

    def localized(
        self, key: str, source: str, languages: Iterable[str], *, required: bool = True
    ) -> LocalizedText | None:
        """A text in several languages: a table with a key for each, and ``<language>_of`` where one is behind.

        None when it is missing, or has no text in the source language: with a fault if *required*.
        """
        table = self.table(key)
        if table is None:
            if required and key not in self.data:
                self.fault(f"“{key}” is missing")
            return None
        texts: dict[str, str] = {}
        marks: dict[str, str] = {}
        for lang in languages:
            if table.has(lang):
                texts[lang] = table.text(lang)
            elif lang != source:
                table.fault(f"“{key}” has no translation into “{lang}”", missing=lang)
            if lang != source and table.has(f"{lang}_of"):
                marks[lang] = table.text(f"{lang}_of")
                if not _HEX.fullmatch(marks[lang]):
                    table.fault(f"“{lang}_of” must be 16 digits and letters a to f", f"{lang}_of")
        table.close()
        if source not in texts:
            table.fault(f"“{key}” has no text in the source language “{source}”")
            return None
        return localized(source, texts, marks)

    def table(self, key: str) -> Table | None:
        """The table of that name, or None."""
        value = self._take(key, dict, f"a table [{key}]", "")
        return None if value is None else Table(value, self.file, self._lines, self.faults, (*self._path, key))

    def tables(self, key: str) -> list[Table]:
        """The tables of that name, in order."""
        value = self._take(key, list, f"tables [[{key}]]", "")
        if value is None:
            return []
        if not all(isinstance(entry, dict) for entry in value):
            self.fault(f"“{key}” must be tables [[{key}]]", key)
            return []
        return [
            Table(entry, self.file, self._lines, self.faults, (*self._path, key, place))
            for place, entry in enumerate(value)
        ]

    def close(self) -> None:
        """Notes every key that nobody asked for."""
        for key in self.data:
            if key not in self._asked:
                near = get_close_matches(key, self._asked, n=1)
                self.fault(f"“{key}” is not known here" + (f"; did you mean “{near[0]}”?" if near else ""), key)

    def _take(self, key: str, kind: type | tuple[type, ...], expected: str, default: object) -> Any:
        self._asked.add(key)
        if key not in self.data:
            if default is None:
                self.fault(f"“{key}” is missing")
            return None
        value = self.data[key]
        wrong_bool = isinstance(value, bool) and kind is not bool
        wrong_day = isinstance(value, datetime)
        if wrong_bool or wrong_day or not isinstance(value, kind):
            self.fault(f"“{key}” must be {expected}", key)
            return None
        return value


def parse(text: str, file: str, faults: list[Fault], *, first_line: int = 1) -> Table | None:
    """The document as a Table; None, with a fault, when it is not TOML (a key given twice is no TOML either).

    *first_line* is where the text begins in its file. Faults go to *faults*.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _AT_LINE.search(message)
        line = int(found[1]) if found and found[1] else len(text.splitlines())
        words = _AT_LINE.sub("", message).strip()
        if "overwrite a value" in words or "Cannot declare" in words:
            words = "this key or table is given twice"
        faults.append(Fault(file, line + first_line - 1, f"not readable as TOML: {words}"))
        return None
    shifted = {path: line + first_line - 1 for path, line in line_numbers(text).items()}
    return Table(data, file, {(): first_line, **shifted}, faults)


def localized(source: str, texts: Mapping[str, str], marks: Mapping[str, str]) -> LocalizedText:
    """The text; a translation without a mark counts as approved for the present source."""
    text = LocalizedText.of(source, **texts)
    return LocalizedText(source, text.texts, {**text.approved_for, **marks})


def line_numbers(text: str) -> dict[Path, int]:
    """Where each table and key of a valid TOML document begins: path (names, and places in lists of tables) → line."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    here: Path = ()
    place, line = 0, 1
    while place < len(text):
        end = _statement_end(text, place)
        statement = text[place:end].strip()
        start = line + text[place:end].count("\n", 0, len(text[place:end]) - len(text[place:end].lstrip()))
        if statement.startswith("[["):
            here = _resolve(_names(statement[2 : statement.index("]]")]), counts, listed=True)
            lines[here] = start
        elif statement.startswith("["):
            here = _resolve(_names(statement[1 : statement.index("]")]), counts, listed=False)
            lines[here] = start
        elif statement and not statement.startswith("#"):
            names = _names(statement.split("=", 1)[0])
            for depth in range(1, len(names) + 1):
                lines.setdefault((*here, *names[:depth]), start)
        line += text.count("\n", place, end + 1)
        place = end + 1
    return lines


def _names(dotted: str) -> list[str]:
    return [bare or quoted for bare, quoted in re.findall(r"""([A-Za-z0-9_-]+)|["']([^"']*)["']""", dotted)]


def _resolve(names: list[str], counts: dict[Path, int], *, listed: bool) -> Path:
    path: Path = ()
    for depth, name in enumerate(names, start=1):
        path = (*path, name)
        if depth == len(names) and listed:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


_VALUE = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[{]|[\]}]|\n', re.DOTALL
)


def _statement_end(text: str, place: int) -> int:
    """Where the statement that begins at *place* ends: the position of its line end."""
    depth = 0
    for token in _VALUE.finditer(text, place):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        elif token[0] == "\n" and depth == 0:
            return token.start()
    return len(text)


def _clean(table: Table, key: str, text: str) -> str:
    try:
        return normalise(text)
    except ValueError as error:
        table.fault(f"“{key}” has a character that cannot be seen: {error}", key)
        return ""
