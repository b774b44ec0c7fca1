"""Marking an attempt: pure, and repeatable to the same result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from academy.quizzes.kinds.grading import GRADING


@dataclass(frozen=True)
class Grade:
    """Points earned, exactly; ``passed`` is None without a pass mark. ``outcomes``: key → (earned, possible)."""

    items: Mapping[str, Fraction]
    earned: Fraction
    possible: int
    passed: bool | None
    outcomes: Mapping[str, tuple[Fraction, int]]

    @property
    def share(self) -> Fraction:
        """The share of the points, 0 to 1."""
        return self.earned / self.possible

    @property
    def score(self) -> float:
        """The share as a number."""
        return float(self.share)

    def to_json(self) -> dict[str, Any]:
        """``{"earned", "possible", "items": {key: share}, "outcomes": {key: [earned, possible]}}``, shares as text."""
        return {
            "earned": str(self.earned),
            "possible": self.possible,
            "items": {key: str(share) for key, share in self.items.items()},
            "outcomes": {key: [str(earned), possible] for key, (earned, possible) in self.outcomes.items()},
        }


def grade(answers: Mapping[str, Any], draw: Sequence[Sequence[Any]], responses: Mapping[str, Any]) -> Grade:
    """The grade of an attempt by the frozen *answers*; an item without a response earns nothing.

    Outcomes stand in the order of the page.
    """
    items: dict[str, Fraction] = {}
    outcomes: dict[str, tuple[Fraction, int]] = {}
    for item_key, _order in draw:
        item = answers["items"][item_key]
        share = GRADING[item["kind"]].share(item["key"], responses.get(item_key))
        items[item_key] = share
        earned, possible = outcomes.get(item["outcome"], (Fraction(0), 0))
        outcomes[item["outcome"]] = (earned + share * item["points"], possible + item["points"])
    earned = sum((each for each, _ in outcomes.values()), Fraction(0))
    possible = sum(each for _, each in outcomes.values())
    return Grade(items, earned, possible, has_passed(answers.get("passing_score"), earned / possible), outcomes)


def has_passed(passing_score: float | None, share: Fraction) -> bool | None:
    """Whether the share reaches the pass mark as it is written (0.7 means 7/10 exactly); None without one."""
    return None if passing_score is None else share >= Fraction(str(passing_score))
