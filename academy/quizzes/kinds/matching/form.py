"""Taking a matching: for each left side the place of the right side in the lists of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from academy.quizzes.kinds.places import places


def read(fields: MultiDict[str, str], name: str, shown: Mapping[str, Any]) -> list[str | None]:
    """The chosen places; None or empty where there is none."""
    return [fields.get(f"{name}.{left}") for left in range(len(shown["prompts"]))]


def take(raw: Any, shown: Mapping[str, Any], order: Sequence[int]) -> list[int | None]:
    """For each left side the frozen number of the right side, or None."""
    count = len(shown["prompts"])
    given = places(raw, len(order), at_most=count)
    chosen = [None if place is None else order[place] for place in given]
    return chosen + [None] * (count - len(chosen))


def show(value: Sequence[int | None] | None, shown: Mapping[str, Any], order: Sequence[int]) -> list[int | None]:
    """For each left side the chosen place."""
    if not value:
        return [None] * len(shown["prompts"])
    return [None if number is None else order.index(number) for number in value]
