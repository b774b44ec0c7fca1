"""Marking an order: each element in its right place counts one share of the points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from academy.quizzes.kinds.hidden_order import hidden_order
from academy.quizzes.rules.authored import AuthoredChoice, AuthoredItem

SHUFFLED = "always"


def faults(item: AuthoredItem) -> Iterator[str]:
    """At least two elements."""
    if len(item.of_role("element")) < 2:
        yield "Give at least two elements to put in order."


def prompts(_item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """None."""
    return ()


def frozen(item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """The elements, not in their right order."""
    return hidden_order(item.key, item.of_role("element"))


def key(item: AuthoredItem) -> list[int]:
    """For each frozen element its right position, from 1."""
    right = [element.key for element in item.of_role("element")]
    return [right.index(element.key) + 1 for element in frozen(item)]


def complete(shown: Mapping[str, Any], value: Any) -> bool:
    """Whether every element has a position of its own."""
    return sorted(position or 0 for position in value or ()) == list(range(1, len(shown["choices"]) + 1))


def share(key: Any, value: Any) -> Fraction:
    """The share of elements in their right position."""
    return Fraction(sum(given == right for given, right in zip(value or (), key, strict=False)), len(key))


def best(key: Any) -> list[int]:
    """The right positions."""
    return list(key)
