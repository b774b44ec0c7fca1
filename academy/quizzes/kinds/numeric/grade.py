"""Marking a number: all the points within the tolerance, both ends included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from academy.quizzes.rules.authored import AuthoredChoice, AuthoredItem

SHUFFLED = "never"


def faults(item: AuthoredItem) -> Iterator[str]:
    """There is an answer; the tolerance is not negative."""
    if item.answer is None or not item.answer.is_finite():
        yield "Give the number that is right."
    if item.tolerance is not None and not item.tolerance >= 0:
        yield "The tolerance cannot be negative."


def prompts(_item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """None."""
    return ()


def frozen(_item: AuthoredItem) -> Sequence[AuthoredChoice]:
    """None."""
    return ()


def key(item: AuthoredItem) -> dict[str, str]:
    """``{"answer": decimal, "tolerance": decimal}``, as strings without idle zeros: 2, not 2.0."""
    return {"answer": _plain(item.answer or Decimal(0)), "tolerance": _plain(item.tolerance or Decimal(0))}


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def complete(_shown: Mapping[str, Any], value: Any) -> bool:
    """Whether a number is given."""
    return value is not None


def share(key: Any, value: Any) -> Fraction:
    """1 within the tolerance, else 0."""
    if value is None:
        return Fraction(0)
    return Fraction(int(abs(Fraction(value) - Fraction(key["answer"])) <= Fraction(key["tolerance"])))


def best(key: Any) -> str:
    """The number."""
    return str(key["answer"])
