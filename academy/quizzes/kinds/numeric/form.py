"""Taking a number: with decimal comma or point, whatever the language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from academy.foundation.errors import Invalid
from academy.foundation.i18n import language
from academy.foundation.i18n import lazy_gettext as _l

NOT_A_NUMBER = _l("Write one number in digits, for example 12 or 2.5.")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,10})?|\.[0-9]{1,10})")
_BLANKS = re.compile(r"(?<=[0-9])[ \u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")


def read(fields: MultiDict[str, str], name: str, _shown: Mapping[str, Any]) -> str | None:
    """What was typed."""
    return fields.get(name)


def take(raw: Any, _shown: Mapping[str, Any], _order: Sequence[int]) -> str | None:
    """The number as a plain decimal with a point; None when nothing was typed."""
    if raw is None:
        return None
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        raw = repr(raw)
    if not isinstance(raw, str):
        raise Invalid(NOT_A_NUMBER)
    text = _BLANKS.sub("", raw.strip(" \t\n\u00a0")).replace("\u2212", "-").replace(",", ".")
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise Invalid(NOT_A_NUMBER)
    number = Decimal(text)
    return f"{number.normalize():f}" if number else "0"


def show(value: str | None, _shown: Mapping[str, Any], _order: Sequence[int]) -> str:
    """The number with the decimal sign of the running language."""
    if value is None:
        return ""
    return value.replace(".", ",") if language() == "ru" else value
