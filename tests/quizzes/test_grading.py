"""Marking: each kind, and the attempt as a whole."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.quizzes.kinds.grading import GRADING
from academy.quizzes.rules import freezing, grading
from tests.factories.quizzes import KINDS, choices, item, quiz


def share(kind: str, value: Any, **changes: Any) -> Fraction:
    grade = GRADING[kind]
    return grade.share(grade.key(item(kind, **changes)), value)


@pytest.mark.parametrize(("value", "expected"), [(1, 1), (0, 0), (2, 0), (None, 0)])
def test_single_gives_all_or_none(value, expected):
    assert share("single", value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([0, 1], Fraction(1)),
        ([0], Fraction(1, 2)),
        ([0, 1, 2], Fraction(1, 2)),
        ([0, 2], Fraction(0)),
        ([0, 1, 2, 3], Fraction(0)),
        ([2, 3], Fraction(0)),
        ([], Fraction(0)),
        (None, Fraction(0)),
    ],
)
def test_multiple_subtracts_the_share_of_wrong_choices(value, expected):
    assert share("multiple", value) == expected


def test_multiple_without_wrong_choices_subtracts_nothing():
    assert GRADING["multiple"].share({"right": [0, 1], "of": 2}, [0]) == Fraction(1, 2)


@given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5), min_size=2, max_size=5))
def test_multiple_gains_nothing_by_taking_everything_and_stays_between_zero_and_one(taken, right):
    key = {"right": sorted(right), "of": 6}
    assert 0 <= GRADING["multiple"].share(key, sorted(taken)) <= 1
    assert GRADING["multiple"].share(key, [0, 1, 2, 3, 4, 5]) == 0
    assert (GRADING["multiple"].share(key, sorted(taken)) == 1) == (taken == right)


@pytest.mark.parametrize(("value", "expected"), [(True, 1), (False, 0), (None, 0), (1, 0)])
def test_true_false_takes_only_the_very_answer(value, expected):
    assert share("true_false", value) == expected
    assert share("true_false", False, correct=False) == 1


def test_ordering_counts_elements_in_their_place():
    right = GRADING["ordering"].key(item("ordering"))
    assert sorted(right) == [1, 2, 3, 4]
    assert share("ordering", right) == 1
    swapped = [{1: 2, 2: 1}.get(place, place) for place in right]
    assert share("ordering", swapped) == Fraction(1, 2)
    assert share("ordering", [None] * 4) == 0
    assert share("ordering", None) == 0


def test_matching_counts_pairs():
    right = GRADING["matching"].key(item("matching"))
    assert share("matching", right) == 1
    assert share("matching", [right[0], None, right[0]]) == Fraction(1, 3)
    assert share("matching", None) == 0


@pytest.mark.parametrize(
    ("value", "expected"), [("2.5", 1), ("2", 1), ("3", 1), ("3.0001", 0), ("1.99", 0), ("-2.5", 0), (None, 0)]
)
def test_numeric_includes_both_ends_of_the_tolerance(value, expected):
    assert share("numeric", value) == expected


@pytest.mark.parametrize(
    ("authored", "shown"), [("2.0", "2"), ("2", "2"), ("2.50", "2.5"), ("20", "20"), ("1E+3", "1000"), ("0.0", "0")]
)
def test_the_right_number_has_no_idle_zeros(authored, shown):
    assert GRADING["numeric"].best(GRADING["numeric"].key(item("numeric", answer=Decimal(authored)))) == shown


def test_numeric_without_tolerance_is_exact_in_decimals():
    assert share("numeric", "0.3", answer=Decimal("0.3"), tolerance=None) == 1
    assert share("numeric", "0.30000000001", answer=Decimal("0.3"), tolerance=None) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_best_value_earns_everything_and_is_complete(kind):
    grade, made = GRADING[kind], item(kind)
    best = grade.best(grade.key(made))
    shown = freezing.shown(quiz(made), "en")["items"][0]
    assert grade.share(grade.key(made), best) == 1
    assert grade.complete(shown, best)
    assert not grade.complete(shown, None)


def test_an_order_is_complete_with_every_place_once():
    shown = {"choices": ["a", "b", "c"]}
    complete = GRADING["ordering"].complete
    assert complete(shown, [2, 1, 3])
    assert not complete(shown, [1, 1, 3])
    assert not complete(shown, [1, None, 3])


def test_a_matching_is_complete_with_every_left_side():
    assert not GRADING["matching"].complete({}, [0, None])
    assert GRADING["matching"].complete({}, [0, 0])


def graded(content, responses, *, keys=None):
    answers = freezing.answers(content, ("en", "ru"))
    return grading.grade(answers, [[key, []] for key in keys or [i.key for i in content.items]], responses)


def test_points_are_added_by_outcome_in_the_order_of_the_page():
    content = quiz(
        item("single", "one", outcome="O2", points=3),
        item("multiple", "two", outcome="O1"),
        item("true_false", "three", outcome="O2"),
        passing_score=0.6,
    )
    result = graded(content, {"one": 1, "two": [0], "three": False})
    assert result.outcomes == {"O2": (Fraction(3), 4), "O1": (Fraction(1), 2)}
    assert list(result.outcomes) == ["O2", "O1"]
    assert (result.earned, result.possible, result.score) == (4, 6, pytest.approx(2 / 3))
    assert result.passed is True
    assert result.to_json() == {
        "earned": "4",
        "possible": 6,
        "items": {"one": "1", "two": "1/2", "three": "0"},
        "outcomes": {"O2": ["3", 4], "O1": ["1", 2]},
    }


def test_only_what_was_drawn_counts():
    content = quiz(item("single", "one"), item("single", "two"), item("single", "three"))
    assert graded(content, {"one": 1, "three": 1}, keys=["one", "two"]).share == Fraction(1, 2)


def test_without_a_pass_mark_nothing_is_passed_or_failed():
    assert graded(quiz(), {}).passed is None


@pytest.mark.parametrize(("passing", "earned", "of"), [(0.7, 7, 10), (0.6, 3, 5), (0.1, 1, 10), (0.3, 3, 10)])
def test_the_pass_mark_is_reached_exactly(passing, earned, of):
    assert grading.has_passed(passing, Fraction(earned, of)) is True
    assert grading.has_passed(passing, Fraction(earned * 1000 - 1, of * 1000)) is False


@given(st.data())
def test_marking_again_gives_the_same(data):
    content = quiz(item("multiple", choices=choices("abcde", right="ace")), item("single"), passing_score=0.5)
    responses = {
        "multiple": data.draw(st.lists(st.integers(0, 4), unique=True)),
        "single": data.draw(st.none() | st.integers(0, 2)),
    }
    first, second = graded(content, responses), graded(content, dict(reversed(responses.items())))
    assert first == second
    assert 0 <= first.share <= 1
