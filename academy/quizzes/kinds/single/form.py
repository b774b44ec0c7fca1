"""Taking the answer to an item with one right choice: the place of the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from academy.quizzes.kinds.places import place


def read(fields: MultiDict[str, str], name: str, _shown: Mapping[str, Any]) -> str | None:
    """The chosen place, or None."""
    return fields.get(name)


def take(raw: Any, _shown: Mapping[str, Any], order: Sequence[int]) -> int | None:
    """The frozen number of the chosen place; None when nothing is chosen."""
    chosen = place(raw, len(order))
    return None if chosen is None else order[chosen]


def show(value: int | None, _shown: Mapping[str, Any], order: Sequence[int]) -> int | None:
    """The chosen place."""
    return None if value is None else order.index(value)
