"""Taking the answer to an item with several right choices: the places of the choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from academy.quizzes.kinds.places import places


def read(fields: MultiDict[str, str], name: str, _shown: Mapping[str, Any]) -> list[str]:
    """The chosen places."""
    return fields.getlist(name)


def take(raw: Any, _shown: Mapping[str, Any], order: Sequence[int]) -> list[int]:
    """The frozen numbers of the chosen places, ascending, each once."""
    return sorted({order[chosen] for chosen in places(raw, len(order), at_most=len(order)) if chosen is not None})


def show(value: Sequence[int] | None, _shown: Mapping[str, Any], order: Sequence[int]) -> list[int]:
    """The chosen places."""
    return sorted(order.index(number) for number in value or ())
