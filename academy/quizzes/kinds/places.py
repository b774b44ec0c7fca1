"""Places of a page, as they come in from it."""

from __future__ import annotations

from typing import Any

from academy.foundation.errors import Invalid
from academy.foundation.i18n import lazy_gettext as _l

DOES_NOT_FIT = _l("This answer does not fit the question. Please reload the page and answer again.")


def place(raw: Any, count: int) -> int | None:
    """A place from 0 to *count* − 1, or None for none; raises Invalid."""
    if raw is None or raw == "":
        return None
    if isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) <= 4:
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw < count:
        raise Invalid(DOES_NOT_FIT)
    return raw


def places(raw: Any, count: int, *, at_most: int) -> list[int | None]:
    """A list of at most so many places; raises Invalid."""
    if raw is None:
        return []
    if not isinstance(raw, list) or len(raw) > at_most:
        raise Invalid(DOES_NOT_FIT)
    return [place(each, count) for each in raw]
