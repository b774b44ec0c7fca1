"""Deadlines and structures."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from academy.enrolments import rules

DUSHANBE = ZoneInfo("Asia/Dushanbe")


def test_a_deadline_is_the_last_minute_of_the_day_where_one_is() -> None:
    assert rules.deadline(date(2026, 3, 31), DUSHANBE) == datetime(2026, 3, 31, 18, 59, tzinfo=UTC)


def test_a_deadline_minds_summer_time() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    assert rules.deadline(date(2026, 3, 28), vienna).hour == 22
    assert rules.deadline(date(2026, 3, 29), vienna).hour == 21


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 3, 31, 18, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 31, 19, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 1, tzinfo=UTC), False),
    ],
)
def test_overdue_begins_with_the_next_day_where_one_is(at: datetime, expected: bool) -> None:
    assert rules.is_overdue(date(2026, 3, 31), DUSHANBE, at) is expected


def test_without_a_deadline_nothing_is_overdue() -> None:
    assert not rules.is_overdue(None, DUSHANBE, datetime(2030, 1, 1, tzinfo=UTC))


def test_one_moves_to_the_newest_structure_unless_one_may_finish() -> None:
    assert rules.next_structure(3, newest=4, finish_on_own=False) == 4
    assert rules.next_structure(3, newest=4, finish_on_own=True) == 3
