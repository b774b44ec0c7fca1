"""States, deadlines, allowances, and when the key may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.quizzes.rules import attempts as rules
from academy.quizzes.rules.attempts import GRACE
from tests.factories.quizzes import AT

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Taken:
    state: str = "open"
    deadline_at: datetime | None = None
    ended_at: datetime | None = None


def settings(**given):
    return {"attempts": 0, "wait_hours": 0, "show": "feedback", "time_limit_minutes": None} | given


def ended(at=AT):
    return Taken("submitted", None, at)


def test_e06_an_open_attempt_expires_after_its_deadline_and_the_grace():
    attempt = Taken(deadline_at=AT)
    assert rules.state(attempt, AT - SECOND) == "open"
    assert rules.state(attempt, AT + GRACE) == "open"
    assert rules.state(attempt, AT + GRACE + SECOND) == "expired"


def test_an_attempt_without_time_limit_stays_open_and_a_closed_one_closed():
    assert rules.state(Taken(), AT + timedelta(days=900)) == "open"
    assert rules.state(Taken("submitted", AT, AT), AT + timedelta(days=1)) == "submitted"


def test_the_deadline_is_counted_from_the_start():
    assert rules.deadline(settings(), AT) is None
    assert rules.deadline(settings(time_limit_minutes=20), AT) == AT + 20 * MINUTE


def test_v12_an_attempt_never_ends_after_its_deadline_and_the_grace():
    attempt = Taken(deadline_at=AT)
    assert rules.ended_at(attempt, AT - MINUTE) == AT - MINUTE
    assert rules.ended_at(attempt, AT + GRACE) == AT + GRACE
    assert rules.ended_at(attempt, AT + timedelta(hours=5)) == AT
    assert rules.ended_at(Taken(), AT) == AT


def test_any_number_of_attempts_has_no_end():
    allowance = rules.allowance(settings(), [ended()] * 50, AT)
    assert (allowance.used, allowance.left, allowance.may_start) == (50, None, True)


@pytest.mark.parametrize(("used", "left"), [(0, 3), (2, 1), (3, 0), (4, 0)])
def test_attempts_are_counted_down(used, left):
    allowance = rules.allowance(settings(attempts=3), [ended()] * used, AT)
    assert allowance.left == left
    assert allowance.may_start is (left > 0)


def test_the_waiting_time_runs_from_the_end_of_the_last_attempt():
    past = [ended(AT - timedelta(hours=30)), ended(AT)]
    waiting = rules.allowance(settings(wait_hours=24), past, AT + timedelta(hours=24) - SECOND)
    assert waiting.wait_until == AT + timedelta(hours=24)
    assert not waiting.may_start
    assert rules.allowance(settings(wait_hours=24), past, AT + timedelta(hours=24)).may_start


def test_an_expired_attempt_that_nobody_closed_yet_counts_from_its_deadline():
    overdue = Taken(deadline_at=AT)
    assert rules.allowance(settings(wait_hours=1), [overdue], AT + 2 * MINUTE).wait_until == AT + timedelta(hours=1)


def test_outcomes_only_means_never():
    assert not rules.shows_key(settings(show="outcomes", attempts=1), [ended()], AT)
    assert not rules.shows_key(settings(show="outcomes"), [ended()], AT)


def test_a_quiz_for_learning_shows_the_key_but_not_while_an_attempt_runs():
    assert rules.shows_key(settings(), [ended()], AT)
    assert not rules.shows_key(settings(), [ended(), Taken()], AT)
    assert rules.shows_key(settings(), [ended(), Taken(deadline_at=AT)], AT + MINUTE)


@given(st.integers(1, 5), st.lists(st.sampled_from(["submitted", "expired", "open"]), max_size=5))
def test_e04_no_key_while_any_attempt_can_still_be_made_or_is_running(limit, states):
    past = [Taken(state, None, None if state == "open" else AT) for state in states]
    may_gain = "open" in states or rules.allowance(settings(attempts=limit), past, AT).left
    assert rules.shows_key(settings(attempts=limit), past, AT) is not bool(may_gain)
