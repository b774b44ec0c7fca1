"""Marking an item with several right choices.

The share is *right choices taken ÷ all right ones − wrong choices taken ÷ all wrong ones*, and never below zero:
taking everything earns nothing, and so does guessing, on average.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from academy.quizzes.rules.authored import AuthoredChoice, AuthoredItem

SHUFFLED = "chosen"


def faults(item: AuthoredItem) -> Iterator[str]:
    """At least two right choices and one wrong."""
    right = sum(choice.correct for choice in item.of_role("choice"))
    if right < 2:
        yield "Mark at least two choices as right."
    if right == len(item.of_role("choice")):
        yield "Give at least one wrong choice."


def prompts(_item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """None."""
    return ()


def frozen(item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """The choices as written, which is not by what is right."""
    return item.of_role("choice")


def key(item: AuthoredItem) -> dict[str, Any]:
    """``{"right": numbers of the right choices, "of": how many choices}``."""
    choices = frozen(item)
    return {"right": [number for number, choice in enumerate(choices) if choice.correct], "of": len(choices)}


def complete(_shown: Mapping[str, Any], value: Any) -> bool:
    """Whether something is chosen."""
    return bool(value)


def share(key: Any, value: Any) -> Fraction:
    """The share by the formula above."""
    right, taken = set(key["right"]), set(value or ())
    wrong = key["of"] - len(right)
    earned = Fraction(len(taken & right), len(right))
    lost = Fraction(len(taken - right), wrong) if wrong else Fraction(0)
    return max(Fraction(0), earned - lost)


def best(key: Any) -> list[int]:
    """All right choices."""
    return list(key["right"])
