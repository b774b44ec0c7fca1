"""Names of people: one field, never split; a Latin form for certificates and, if the person likes, a Cyrillic one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from academy.foundation.errors import Words
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.i18n import search_key, sort_key

MAX_NAME = 120
# Hyphens, apostrophes (also the letters ʻ ʼ of Uzbek and Ukrainian names), full stop, comma ("Jr.") and middle dot.
_SIGNS = frozenset(" -\u2010\u2011'\u2018\u2019\u02bb\u02bc.,\u00b7")


class NameKeys(NamedTuple):
    """Under what a person is sorted and found."""

    sort: str
    search: str


def tidy_name(text: str) -> str:
    """The name in NFC, with single blanks and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def name_keys(latin: str, cyrillic: str | None, email: str) -> NameKeys:
    """The keys of a person. Without a name, people are sorted by their address."""
    shown = latin or cyrillic or email
    return NameKeys(sort_key(shown, "en")[:255], search_key(" ".join(filter(None, (latin, cyrillic, email))))[:512])


def shown_name(latin: str, cyrillic: str | None, email: str) -> str:
    """What to call the person on a page."""
    return latin or cyrillic or email


def addressed_name(latin: str, cyrillic: str | None, language: str) -> str:
    """How the person is addressed in a letter in that language; empty without a name."""
    return (cyrillic or latin) if language == "ru" else (latin or cyrillic or "")


def latin_faults(name: str) -> list[Words]:
    """What is wrong with a (tidied) name in Latin letters; nothing when it can be printed on a certificate."""
    foreign = _foreign(name, _is_latin)
    if foreign:
        return [
            _l(
                "Write the name in Latin letters, as in a passport. These letters are not Latin: %(letters)s",
                letters=foreign,
            )
        ]
    return _general_faults(name)


def cyrillic_faults(name: str) -> list[Words]:
    """What is wrong with a (tidied) name in Cyrillic letters of any alphabet of the region."""
    foreign = _foreign(name, _is_cyrillic)
    if foreign:
        return [_l("Write the name in Cyrillic letters. These letters are not Cyrillic: %(letters)s", letters=foreign)]
    return _general_faults(name)


def _general_faults(name: str) -> list[Words]:
    letters = [c for c in name if c.isalpha() and c not in _SIGNS]
    signs = [c for c in name if not c.isalpha() and c not in _SIGNS and not _is_accent(c)]
    faults: list[Words] = []
    if signs:
        faults.append(_l("A name cannot have these characters: %(signs)s", signs=_listed(signs)))
    elif not letters:
        faults.append(_l("Write at least one letter."))
    if len(name) > MAX_NAME:
        faults.append(_l("The name is too long: at most %(limit)s characters fit on a certificate.", limit=MAX_NAME))
    return faults


def _foreign(name: str, belongs: Callable[[str], bool]) -> str:
    return _listed([c for c in name if c.isalpha() and c not in _SIGNS and not belongs(c)])


def _listed(characters: list[str]) -> str:
    return " ".join(dict.fromkeys(c if c.isprintable() else f"U+{ord(c):04X}" for c in characters))


def _is_accent(character: str) -> bool:
    """A combining mark that has no letter of its own with it, such as the one of some transliterations."""
    return "\u0300" <= character <= "\u036f"


def _is_latin(letter: str) -> bool:
    """Latin letters with and without marks that fonts of the certificate have: up to Extended-B, schwa, Extended
    Additional.
    """
    place = ord(letter)
    known = place <= 0x024F or place == 0x0259 or 0x1E00 <= place <= 0x1EFF
    return known and unicodedata.name(letter, "").startswith("LATIN")


def _is_cyrillic(letter: str) -> bool:
    """Letters of the living Cyrillic alphabets; the historic ones of U+0460 to U+0481 are not among them."""
    place = ord(letter)
    return 0x0400 <= place <= 0x045F or 0x048A <= place <= 0x052F
