"""Marking a statement: all the points or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from academy.quizzes.rules.authored import AuthoredChoice, AuthoredItem

SHUFFLED = "never"


def faults(item: AuthoredItem) -> Iterator[str]:
    """It is said whether the statement is true."""
    if item.correct is None:
        yield "Say whether the statement is true or false."


def prompts(_item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """None."""
    return ()


def frozen(_item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """None: "true" and "false" are words of the page."""
    return ()


def key(item: AuthoredItem) -> bool:
    """Whether the statement is true."""
    return bool(item.correct)


def complete(_shown: Mapping[str, Any], value: Any) -> bool:
    """Whether something is chosen."""
    return value is not None


def share(key: Any, value: Any) -> Fraction:
    """1 for the right choice, else 0."""
    return Fraction(int(value is not None and value is key))


def best(key: Any) -> bool:
    """What is so."""
    return bool(key)
