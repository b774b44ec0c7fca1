"""Keys under which names and titles are sorted and searched, the same on every database."""

from __future__ import annotations

import unicodedata

# The alphabet's own order: in Unicode ё stands after я.
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_PLACES = {letter: chr(0x0430 + place) for place, letter in enumerate(_RUSSIAN)}


def search_key(text: str) -> str:
    """The text folded for looking up: no case, ё as е, no accents (й stays), single blanks."""
    # Some signs only become letters, and capital ones, when they are taken apart.
    return " ".join(_without_accents(_without_accents(text.casefold()).casefold()).replace("ё", "е").split())


def sort_key(text: str, lang: str) -> str:
    """The key by which the text is sorted in that language: Russian has ё after е, other accents and marks do not
    count.
    """
    plain = _without_accents(text.casefold())
    words = " ".join("".join(c if c.isalnum() else " " for c in plain).split())
    return "".join(_PLACES.get(c, c) for c in words) if lang == "ru" else words


def _without_accents(text: str) -> str:
    kept = text.replace("ё", "\ue000").replace("й", "\ue001")
    base = "".join(c for c in unicodedata.normalize("NFKD", kept) if not unicodedata.combining(c))
    return base.replace("\ue000", "ё").replace("\ue001", "й")
