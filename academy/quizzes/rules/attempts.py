"""When one may start, how long an attempt lasts, and what may be shown after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

# An answer on its way when the time ran out is still taken for so long.
GRACE = timedelta(seconds=30)


class Timed(Protocol):
    """What the rules need to know of an attempt."""

    @property
    def state(self) -> str: ...
    @property
    def deadline_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


def state(attempt: Timed, now: datetime) -> str:
    """The state that every reader sees: an open attempt is expired once its deadline and the grace are over."""
    if attempt.state == "open" and attempt.deadline_at is not None and now > attempt.deadline_at + GRACE:
        return "expired"
    return attempt.state


def deadline(settings: Mapping[str, Any], started_at: datetime) -> datetime | None:
    """Until when an attempt started then may be worked on; None without a time limit."""
    minutes = settings.get("time_limit_minutes")
    return None if minutes is None else started_at + timedelta(minutes=minutes)


def ended_at(attempt: Timed, now: datetime) -> datetime:
    """The instant that an attempt closed *now* ended at: never after its deadline and the grace."""
    if state(attempt, now) == "expired" and attempt.deadline_at is not None:
        return attempt.deadline_at
    return now


def answered_in(languages: Iterable[str]) -> str | None:
    """The one language in which all of an attempt's answers were given; None for several, or no answer at all."""
    found = set(languages)
    return found.pop() if len(found) == 1 else None


@dataclass(frozen=True)
class Allowance:
    """Whether another attempt may be started: how many are left (None: no limit) and until when to wait."""

    used: int
    left: int | None
    wait_until: datetime | None

    @property
    def may_start(self) -> bool:
        """Whether it may be started now."""
        return self.left != 0 and self.wait_until is None


def allowance(settings: Mapping[str, Any], past: Sequence[Timed], now: datetime) -> Allowance:
    """What the settings allow after the attempts made so far, none of which is open."""
    limit = settings["attempts"]
    left = max(0, limit - len(past)) if limit else None
    ends = [attempt.ended_at or attempt.deadline_at for attempt in past]
    last = max((end for end in ends if end is not None), default=None)
    until = last + timedelta(hours=settings["wait_hours"]) if last is not None else None
    return Allowance(len(past), left, until if until is not None and until > now else None)


def shows_key(settings: Mapping[str, Any], attempts: Sequence[Timed], now: datetime) -> bool:
    """Whether results may show what is right: where the quiz says so, and nothing can be gained by it any more.

    With a limited number of attempts the key waits until none is left or running (so a blank attempt buys nothing);
    without a limit the quiz is there for learning, and the key waits only while an attempt is running.
    """
    if settings["show"] != "feedback" or any(state(attempt, now) == "open" for attempt in attempts):
        return False
    limit = settings["attempts"]
    return not limit or len(attempts) >= limit
