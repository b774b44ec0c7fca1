"""What keeps a quiz from being published."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from academy.quizzes.rules import checking
from academy.quizzes.rules.authored import AuthoredChoice, AuthoredQuiz
from tests.factories.quizzes import KINDS, OUTCOMES, choices, item, quiz, text


def faults(content, *, required=None):
    required = content.purpose != "pre" if required is None else required
    return list(checking.faults(content, required=required, outcomes=set(OUTCOMES)))


@pytest.mark.parametrize("purpose", ["check", "pre", "final"])
def test_a_quiz_of_every_kind_has_no_fault(purpose):
    assert faults(quiz(purpose=purpose)) == []


def one(kind, **changes):
    return faults(quiz(item(kind, "x", **changes)))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (faults(AuthoredQuiz()), "a quiz needs at least one item"),
        (faults(quiz(item("single"), item("single"))), "two items have the key “single”"),
        (faults(quiz(item("single"), draw=2)), "“draw” is 2, but there are 1 items"),
        (faults(quiz(purpose="final", passing_score=None)), "a final test needs a “passing_score”"),
        (faults(quiz(purpose="final", show="feedback", attempts=0)), "limit “attempts”"),
        (faults(quiz(purpose="pre", passing_score=0.5)), "a pre-test has no “passing_score”"),
        (faults(quiz(purpose="pre", show="feedback")), "a pre-test shows outcomes only"),
        (faults(quiz(purpose="pre"), required=True), "a pre-test is not required"),
        (one("single", outcome="O9"), "item “x”: the course has no outcome “O9”"),
        (one("single", feedback=None), "the feedback is missing"),
        (one("single", choices=choices("aab", right="b")), "two choices have the key “a”"),
        (
            one("single", choices=tuple(replace(c, text=text("Same")) for c in choices("ab", right="a"))),
            "two choices read “Same”",
        ),
        (
            one("single", choices=tuple(replace(c, feedback=None) for c in choices("ab", right="a"))),
            "choice “a” needs feedback",
        ),
        (one("single", choices=choices("a", right="a")), "at least two choices"),
        (one("single", choices=choices("abc", right="ab")), "exactly one choice"),
        (one("multiple", choices=choices("abc", right="a")), "at least two choices as right"),
        (one("multiple", choices=choices("ab", right="ab")), "at least one wrong choice"),
        (one("true_false", correct=None), "true or false"),
        (one("ordering", choices=()), "at least two elements"),
        (one("matching", choices=()), "at least two pairs"),
        (one("numeric", answer=None), "Give the number"),
        (one("numeric", answer=Decimal("NaN")), "Give the number"),
        (one("numeric", tolerance=Decimal(-1)), "cannot be negative"),
    ],
)
def test_each_fault_is_told(found, words):
    assert any(words in fault for fault in found)


def test_right_sides_must_differ():
    pairs = tuple(AuthoredChoice(k, "pair", text(k), text("Same")) for k in "ab")
    assert "item “x”: two right sides read “Same”" in one("matching", choices=pairs)


@pytest.mark.parametrize("kind", KINDS)
def test_explanations_of_choices_are_needed_in_checks_only(kind):
    made = item(kind, choices=tuple(replace(c, feedback=None) for c in item(kind).choices))
    assert bool(faults(quiz(made))) is (kind in ("single", "multiple"))
    assert faults(quiz(made, purpose="final")) == []
