"""Marking an item with one right choice: all the points or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from academy.quizzes.rules.authored import AuthoredChoice, AuthoredItem

SHUFFLED = "chosen"


def faults(item: AuthoredItem) -> Iterator[str]:
    """At least two choices, exactly one of them right."""
    if len(item.of_role("choice")) < 2:
        yield "Give at least two choices."
    if sum(choice.correct for choice in item.of_role("choice")) != 1:
        yield "Mark exactly one choice as right."


def prompts(_item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """None."""
    return ()


def frozen(item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """The choices as written, which is not by what is right."""
    return item.of_role("choice")


def key(item: AuthoredItem) -> int:
    """The number of the right choice."""
    return next(number for number, choice in enumerate(frozen(item)) if choice.correct)


def complete(_shown: Mapping[str, Any], value: Any) -> bool:
    """Whether something is chosen."""
    return value is not None


def share(key: Any, value: Any) -> Fraction:
    """1 for the right choice, else 0."""
    return Fraction(int(value is not None and value == key))


def best(key: Any) -> int:
    """The right choice."""
    return int(key)
