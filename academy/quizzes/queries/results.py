"""What is shown of an attempt that has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from academy.foundation.i18n import LocalizedText, language
from academy.quizzes.kinds.grading import GRADING
from academy.quizzes.kinds.taking import TAKING
from academy.quizzes.queries.attempts import AttemptView, Given, answers_of, list_attempts, responses_of, shown_quiz
from academy.quizzes.queries.sheets import DrawnItem, SheetItem, drawn_items, sheet_item
from academy.quizzes.rules import attempts as rules
from academy.quizzes.rules.attempts import Allowance
from academy.quizzes.rules.freezing import Words


@dataclass(frozen=True, slots=True)
class OutcomeResult:
    """How much of what tests one outcome was reached, in points."""

    text: LocalizedText | None
    earned: float
    possible: int


@dataclass(frozen=True, slots=True)
class ResultItem:
    """An item with what was given, what is right, and why; only made once the key may be shown.

    ``mark``: right, partly, wrong or open. ``right`` has the shape of ``item.value``; ``why`` stands beside each
    choice.
    """

    item: SheetItem
    mark: str
    earned: float
    right: Any
    tolerance: str
    feedback: Words | None
    why: Sequence[Words | None]


@dataclass(frozen=True, slots=True)
class Result:
    """An ended attempt. ``items`` is None while the key must not be shown."""

    outcomes: Sequence[OutcomeResult]
    earned: float
    possible: int
    settings: Mapping[str, Any]
    purpose: str
    allowance: Allowance
    open_uuid: str | None
    items: Sequence[ResultItem] | None
    key_later: bool
    language: str


def result_of(attempt: AttemptView, *, now: datetime) -> Result:
    """The result in the running language; what is right is not even read before it may be shown."""
    shown, found = shown_quiz(attempt, language())
    others = list_attempts(attempt.enrolment_id, attempt.activity_key)
    settings = shown["settings"]
    may_show = rules.shows_key(settings, others, now)
    grade = attempt.grade or {}
    texts = {outcome.key: outcome.text for outcome in attempt.edition.outcomes}
    running = [other.uuid for other in others if rules.state(other, now) == "open"]
    return Result(
        outcomes=[
            OutcomeResult(texts.get(key), float(Fraction(earned)), possible)
            for key, (earned, possible) in _in_order(grade["outcomes"], list(texts))
        ],
        earned=float(Fraction(grade["earned"])),
        possible=grade["possible"],
        settings=settings,
        purpose=shown["purpose"],
        allowance=rules.allowance(settings, others, now),
        open_uuid=running[0] if running else None,
        items=_items(attempt, grade["items"]) if may_show else None,
        key_later=settings["show"] == "feedback" and not may_show,
        language=found,
    )


def _in_order(outcomes: Mapping[str, Any], keys: Sequence[str]) -> list[tuple[str, Any]]:
    """The outcomes as the course lists them; JSONB keeps no order."""
    return sorted(outcomes.items(), key=lambda pair: (keys.index(pair[0]) if pair[0] in keys else len(keys), pair[0]))


def _items(attempt: AttemptView, shares: Mapping[str, str]) -> list[ResultItem]:
    answers = answers_of(attempt)["items"]
    given = responses_of(attempt.id)
    items, found = drawn_items(attempt, language())
    return [_item(item, given.get(item.key), answers[item.key], Fraction(shares[item.key]), found) for item in items]


def _item(item: DrawnItem, given: Given | None, answer: Mapping[str, Any], share: Fraction, lang: str) -> ResultItem:
    kind = item.shown["kind"]
    sheet = sheet_item(item, given)
    why = answer["choices"][lang] if "choices" in answer else None
    return ResultItem(
        item=sheet,
        mark=_mark(share, begun=sheet.begun),
        earned=float(share * item.shown["points"]),
        right=TAKING[kind].show(GRADING[kind].best(answer["key"]), item.shown, item.order),
        tolerance=_tolerance(item, answer["key"]),
        feedback=answer["feedback"][lang] if "feedback" in answer else None,
        why=[why[number] if why else None for number in item.order],
    )


def _mark(share: Fraction, *, begun: bool) -> str:
    if share == 1:
        return "right"
    if share > 0:
        return "partly"
    return "wrong" if begun else "open"


def _tolerance(item: DrawnItem, key: Any) -> str:
    if item.shown["kind"] != "numeric" or not Fraction(key["tolerance"]):
        return ""
    shown: str = TAKING["numeric"].show(key["tolerance"], item.shown, item.order)
    return shown
