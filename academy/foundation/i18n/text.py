"""LocalizedText: one value for text in several languages, with what each translation was approved for."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from markupsafe import Markup, escape
from sqlalchemy import JSON
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from academy.foundation.i18n.language import language, lazy_gettext, pgettext

Status = Literal["missing", "outdated", "current"]


# Controls but for tab and line end, lone surrogates, and marks that turn the direction of reading.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class Shown(NamedTuple):
    """A text and the language that it really is in."""

    text: str
    lang: str


def normalise(text: str) -> str:
    """NFC, line ends as ``\\n``; raises ValueError for control characters and for invisible direction marks."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    found = _UNSEEN.search(text)
    if found:
        raise ValueError(f"invisible character U+{ord(found.group()):04X}")
    return text


def fingerprint(text: str) -> str:
    """The first 16 hex digits of SHA-256 over the NFC text with ``\\n`` line ends and without trailing blanks."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    trimmed = "\n".join(line.rstrip() for line in plain.split("\n")).rstrip()
    return hashlib.sha256(trimmed.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class LocalizedText:
    """Text in a source language and its translations; frozen, hashable.

    ``texts`` maps language → text and always has the source; ``approved_for`` maps a language → fingerprint of the
    source text that its translation was approved for. ``str()`` raises, so that no language is ever guessed.
    """

    source: str
    texts: Mapping[str, str]
    approved_for: Mapping[str, str]

    def __post_init__(self) -> None:
        texts = {lang: normalise(text) for lang, text in self.texts.items() if text.strip() or lang == self.source}
        if self.source not in texts:
            raise ValueError("the source text is missing")
        kept = {lang: of for lang, of in self.approved_for.items() if lang in texts and lang != self.source}
        object.__setattr__(self, "texts", MappingProxyType(texts))
        object.__setattr__(self, "approved_for", MappingProxyType(kept))

    @classmethod
    def of(cls, source: str, **texts: str) -> LocalizedText:
        """A text whose translations are all approved for the present source."""
        mark = fingerprint(texts[source])
        return cls(source, texts, {lang: mark for lang in texts if lang != source})

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> LocalizedText:
        """The text of ``{"src": "en", "t": {…}, "of": {…}}``."""
        return cls(value["src"], value["t"], value.get("of", {}))

    def to_json(self) -> dict[str, Any]:
        """``{"src": "en", "t": {…}, "of": {…}}``."""
        return {"src": self.source, "t": dict(self.texts), "of": dict(self.approved_for)}

    @cached_property
    def source_fingerprint(self) -> str:
        """The fingerprint of the source text."""
        return fingerprint(self.texts[self.source])

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which there is a text, the source first."""
        return (self.source, *(lang for lang in self.texts if lang != self.source))

    def __hash__(self) -> int:
        return hash((self.source, tuple(sorted(self.texts.items())), tuple(sorted(self.approved_for.items()))))

    def __bool__(self) -> bool:
        return any(text.strip() for text in self.texts.values())

    def __str__(self) -> str:
        raise TypeError("a LocalizedText has no language of its own: use in_(lang) or the |plain filter")

    def __format__(self, spec: str) -> str:
        return str(self)

    def __html__(self) -> str:
        text, lang = self.in_(language())
        if lang == language():
            return str(escape(text))
        return Markup('<span lang="{}">{}</span> <span class="fallback">{}</span>').format(
            lang, text, language_label(lang)
        )

    def in_(self, lang: str) -> Shown:
        """The text in that language, else in the source language."""
        return Shown(self.texts[lang], lang) if lang in self.texts else Shown(self.texts[self.source], self.source)

    def plain(self, lang: str) -> str:
        """The text of ``in_``, for places that cannot carry a language mark."""
        return self.in_(lang).text

    def has(self, lang: str) -> bool:
        """Whether there is a text in that language."""
        return lang in self.texts

    def status(self, lang: str) -> Status:
        """Whether the text is missing, was approved for an older source, or is current."""
        if lang == self.source:
            return "current"
        if lang not in self.texts:
            return "missing"
        return "current" if self.approved_for.get(lang) == self.source_fingerprint else "outdated"

    def with_source(self, text: str, *, editorial: bool) -> LocalizedText:
        """The text with another source; an editorial change carries current translations along, others outdate them."""
        mark = fingerprint(normalise(text))
        moved = {
            lang: mark if editorial and self.status(lang) == "current" else of for lang, of in self.approved_for.items()
        }
        return LocalizedText(self.source, {**self.texts, self.source: text}, moved)

    def with_translation(self, lang: str, text: str, *, of: str | None = None) -> LocalizedText:
        """The text with that translation, approved for the source of fingerprint *of* (default: the present one)."""
        return LocalizedText(
            self.source, {**self.texts, lang: text}, {**self.approved_for, lang: of or self.source_fingerprint}
        )


def language_label(lang: str) -> str:
    """The short label beside a text that is not in the reader's language."""
    labels = {"en": pgettext("label of a text", "in English"), "ru": pgettext("label of a text", "in Russian")}
    return labels.get(lang, lang.upper())


class LocalizedTextType(TypeDecorator[LocalizedText]):
    """LocalizedText as one JSON column. Never sorted, filtered or searched by."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        kind = JSONB(none_as_null=True) if dialect.name == "postgresql" else JSON(none_as_null=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: LocalizedText | None, dialect: Dialect) -> Any:
        return None if value is None else value.to_json()

    def process_result_value(self, value: Any, dialect: Dialect) -> LocalizedText | None:
        return None if value is None else LocalizedText.from_json(value)


def dump_json(value: Any) -> str:
    """JSON as it is stored: readable letters, no blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


CONTROL_CHARACTERS = lazy_gettext("There is a character here that cannot be seen. Please type this part again.")
