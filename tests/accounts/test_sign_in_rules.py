"""How fast one may try, how long sign-ins and codes live."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.accounts import rules
from academy.accounts.models import Purpose

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


def ago(*seconds: float) -> list[datetime]:
    return [NOW - timedelta(seconds=s) for s in seconds]


@pytest.mark.parametrize(
    ("failures", "wait"), [(0, 0), (4, 0), (5, 2), (6, 4), (7, 8), (8, 16), (9, 32), (10, 60), (40, 60), (500, 60)]
)
def test_the_wait_grows_with_the_failures_and_stops_growing(failures, wait):
    assert rules.seconds_to_wait(ago(*[0] * failures), [], now=NOW) == wait


def test_the_wait_runs_from_the_last_failure():
    assert rules.seconds_to_wait(ago(1, 3, 5, 6, 7), [], now=NOW) == 1
    assert rules.seconds_to_wait(ago(2, 3, 5, 6, 7), [], now=NOW) == 0


def test_failures_are_forgotten_after_an_hour():
    assert rules.seconds_to_wait(ago(*[3600] * 50), [], now=NOW) == 0


def test_three_hundred_people_behind_one_address_may_all_mistype_three_times():
    assert rules.seconds_to_wait([], ago(*range(599)) + ago(*range(300)), now=NOW) == 0


def test_a_flood_from_one_address_is_slowed():
    wait = rules.seconds_to_wait([], ago(*[10] * 1000), now=NOW)
    assert wait == 590
    assert rules.seconds_to_wait([], ago(*[601] * 5000), now=NOW) == 0


@given(st.lists(st.floats(0, 7200), max_size=80))
def test_it_is_never_a_lock(seconds):
    assert 0 <= rules.seconds_to_wait(ago(*seconds), [], now=NOW) <= 60


def test_a_sign_in_lives_on_with_use_but_not_for_ever():
    limits = rules.SessionLimits(timedelta(hours=12), timedelta(days=14))
    assert rules.session_expiry(NOW, NOW + timedelta(days=14), limits) == NOW + timedelta(hours=12)
    assert rules.session_expiry(NOW, NOW + timedelta(hours=1), limits) == NOW + timedelta(hours=1)


def test_codes_live_as_long_as_the_mails_say():
    hours = {purpose: rules.lifetime(purpose) / timedelta(hours=1) for purpose in Purpose}
    assert hours == {
        Purpose.CONFIRM: 24,
        Purpose.RESET: 24,
        Purpose.EMAIL: 24,
        Purpose.INVITATION: 72,
        Purpose.SIGN_IN: 0.25,
    }


def test_mails_are_asked_for_ever_more_slowly():
    def free_after(nth: int) -> timedelta:
        minutes = next(m for m in range(1000) if rules.may_ask_again(NOW - timedelta(minutes=m), nth, now=NOW))
        return timedelta(minutes=minutes)

    assert [free_after(nth) for nth in (1, 2, 3)] == [timedelta(minutes=m) for m in (2, 4, 8)]
    assert free_after(50) == timedelta(hours=6)
    assert rules.may_ask_again(None, 0, now=NOW)


def test_a_row_of_mails_ends_after_a_day():
    assert rules.next_in_a_row(None, 0, now=NOW) == 1
    assert rules.next_in_a_row(NOW - timedelta(hours=1), 3, now=NOW) == 4
    assert rules.next_in_a_row(NOW - timedelta(hours=24), 3, now=NOW) == 1


@pytest.mark.parametrize(
    ("by", "minutes", "may"), [("code", 29, True), ("code", 30, False), ("password", 1, False), ("link", 1, False)]
)
def test_only_a_fresh_sign_in_by_code_sets_a_password_without_the_old(by, minutes, may):
    assert rules.sets_password_without_the_old(by, NOW - timedelta(minutes=minutes), now=NOW) is may
