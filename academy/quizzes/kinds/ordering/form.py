"""Taking an order: for each element on the page, in the page's order, its position from 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from academy.quizzes.kinds.places import places


def read(fields: MultiDict[str, str], name: str, shown: Mapping[str, Any]) -> list[str | None]:
    """The positions given; None or empty where there is none."""
    return [fields.get(f"{name}.{place}") for place in range(len(shown["choices"]))]


def take(raw: Any, _shown: Mapping[str, Any], order: Sequence[int]) -> list[int | None]:
    """For each frozen element the position given, or None. Two elements may have the same, so that nothing is lost."""
    given = places(raw, len(order) + 1, at_most=len(order))
    value: list[int | None] = [None] * len(order)
    for element, position in zip(order, given, strict=False):
        value[element] = position or None
    return value


def show(value: Sequence[int | None] | None, _shown: Mapping[str, Any], order: Sequence[int]) -> list[int | None]:
    """For each place of the page the position given."""
    return [value[element] for element in order] if value else [None] * len(order)
