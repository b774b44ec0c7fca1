"""How fast one may try to sign in, how long a sign-in lasts, and how long codes live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from academy.accounts.models import OpenedBy, Purpose

CODE_LENGTH = 8  # of Crockford base32: 40 random bits, of which at most MAX_TRIES can be tried
MAX_TRIES = 10
SEEN_EVERY = timedelta(minutes=10)
FAILURES_KEPT = timedelta(hours=1)

_FREE_TRIES = 5
_FIRST_WAIT = 2
_LONGEST_WAIT = 60
_ORIGIN_WINDOW = timedelta(minutes=10)
_ORIGIN_LIMIT = 1000
_ASK_AGAIN_AFTER = timedelta(minutes=2)
_ASK_AGAIN_AT_MOST = timedelta(hours=6)
_IN_A_ROW = timedelta(hours=24)
_FRESH = timedelta(minutes=30)

_LIFETIMES = {
    Purpose.CONFIRM: timedelta(hours=24),
    Purpose.RESET: timedelta(hours=24),
    Purpose.EMAIL: timedelta(hours=24),
    Purpose.INVITATION: timedelta(hours=72),
    Purpose.SIGN_IN: timedelta(minutes=15),
}


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a sign-in lasts: without a request, and in all."""

    idle: timedelta
    life: timedelta


def seconds_to_wait(account: Sequence[datetime], origin: Sequence[datetime], *, now: datetime) -> int:
    """How long the next try to sign in must wait; 0 when it may come now.

    *account* are the times of failed tries for one account on one device (or on all unknown devices), *origin* those
    from one network
    address, whatever the account. After five the wait doubles up to a minute: never a lock. A network address is only
    slowed when it fails
    a thousand times in ten minutes, so that hundreds of people behind one can mistype together.
    """
    return max(_account_wait(account, now), _origin_wait(origin, now))


def _account_wait(failures: Sequence[datetime], now: datetime) -> int:
    recent = [at for at in failures if now - at < FAILURES_KEPT]
    over = len(recent) - _FREE_TRIES
    if over < 0:
        return 0
    wait = min(_FIRST_WAIT * 2 ** min(over, 10), _LONGEST_WAIT)
    return _seconds_left(max(recent) + timedelta(seconds=wait), now)


def _origin_wait(failures: Sequence[datetime], now: datetime) -> int:
    recent = sorted(at for at in failures if now - at < _ORIGIN_WINDOW)
    if len(recent) < _ORIGIN_LIMIT:
        return 0
    return _seconds_left(recent[-_ORIGIN_LIMIT] + _ORIGIN_WINDOW, now)


def _seconds_left(until: datetime, now: datetime) -> int:
    return max(0, -((now - until) // timedelta(seconds=1)))


def session_expiry(now: datetime, ends_at: datetime, limits: SessionLimits) -> datetime:
    """When a sign-in that is used now ends unless it is used again."""
    return min(now + limits.idle, ends_at)


def lifetime(purpose: str) -> timedelta:
    """How long a code for that purpose lives."""
    return _LIFETIMES[Purpose(purpose)]


def may_ask_again(asked_at: datetime | None, nth: int, *, now: datetime) -> bool:
    """Whether one more mail may be sent: two minutes after the first, then twice as long each time, at most six
    hours.
    """
    if asked_at is None:
        return True
    doubled: int = 2 ** min(nth - 1, 10)
    wait = min(_ASK_AGAIN_AFTER * doubled, _ASK_AGAIN_AT_MOST)
    return now - asked_at >= wait


def next_in_a_row(asked_at: datetime | None, nth: int, *, now: datetime) -> int:
    """The number of this mail in its row; a row ends after a day of silence."""
    return 1 if asked_at is None or now - asked_at >= _IN_A_ROW else nth + 1


def sets_password_without_the_old(opened_by: str, opened_at: datetime, *, now: datetime) -> bool:
    """Whether a person may choose a password without typing the present one: just after signing in with a spoken
    code.
    """
    return opened_by == OpenedBy.CODE and now - opened_at < _FRESH
