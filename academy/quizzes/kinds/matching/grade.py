"""Marking a matching: each left side with its right side counts one share of the points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from academy.quizzes.kinds.hidden_order import hidden_order
from academy.quizzes.rules.authored import AuthoredChoice, AuthoredItem

SHUFFLED = "always"


def faults(item: AuthoredItem) -> Iterator[str]:
    """At least two pairs."""
    if len(item.of_role("pair")) < 2:
        yield "Give at least two pairs."


def prompts(item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """The left sides as written."""
    return item.of_role("pair")


def frozen(item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """The right sides, extras among them, not in the order of the left sides."""
    return hidden_order(item.key, item.of_role("pair") + item.of_role("extra"))


def key(item: AuthoredItem) -> list[int]:
    """For each left side the number of its right side."""
    right = [choice.key for choice in frozen(item)]
    return [right.index(pair.key) for pair in prompts(item)]


def complete(_shown: Mapping[str, Any], value: Any) -> bool:
    """Whether every left side has a right side."""
    return bool(value) and None not in value


def share(key: Any, value: Any) -> Fraction:
    """The share of left sides with their right side."""
    return Fraction(sum(given == right for given, right in zip(value or (), key, strict=False)), len(key))


def best(key: Any) -> list[int]:
    """The right sides."""
    return list(key)
