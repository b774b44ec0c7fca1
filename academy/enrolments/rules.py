"""Pure decisions about enrolments."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def deadline(due_on: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the last minute (23:59) of that day in that zone begins."""
    return datetime.combine(due_on, time(23, 59), zone).astimezone(UTC)


def is_overdue(due_on: date | None, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the whole of the last day has passed in that zone."""
    return due_on is not None and now >= deadline(due_on, zone) + timedelta(minutes=1)


def next_structure(structure: int, *, newest: int, finish_on_own: bool) -> int:
    """The structure an unfinished enrolment reads after a new edition: the newest, unless it may finish on its own."""
    return structure if finish_on_own else newest
