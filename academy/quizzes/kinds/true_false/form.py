"""Taking the answer to a statement: "true" or "false"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from academy.foundation.errors import Invalid
from academy.quizzes.kinds.places import DOES_NOT_FIT


def read(fields: MultiDict[str, str], name: str, _shown: Mapping[str, Any]) -> str | None:
    """The chosen word, or None."""
    return fields.get(name)


def take(raw: Any, _shown: Mapping[str, Any], _order: Sequence[int]) -> bool | None:
    """Whether "true" is chosen; None when nothing is."""
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool):
        return raw
    if raw not in ("true", "false"):
        raise Invalid(DOES_NOT_FIT)
    return bool(raw == "true")


def show(value: bool | None, _shown: Mapping[str, Any], _order: Sequence[int]) -> bool | None:
    """The same."""
    return value
