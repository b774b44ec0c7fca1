"""When a certificate may be issued, what it is worth, and how it is numbered. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Any

from academy.foundation.errors import Words
from academy.foundation.i18n import lazy_gettext as _l

# Shares such as 0.8 are not exact in binary.
_TOLERANCE = 1e-9

KINDS = ("completion", "attendance")
# After so many wrong codes within that time, no code from the same network address is looked at.
MISSES = 20
MISSES_KEPT = timedelta(minutes=10)


class Standing(StrEnum):
    """What a certificate is worth on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVOKED = "revoked"


class Obstacle(StrEnum):
    """Why a certificate cannot be issued."""

    NONE_FOR_COURSE = "none_for_course"
    NOT_COMPLETED = "not_completed"
    RULE_NOT_MET = "rule_not_met"
    NAME_NOT_CONFIRMED = "name_not_confirmed"
    NOT_PRINTABLE = "not_printable"


OBSTACLE_WORDS: Mapping[Obstacle, Words] = {
    Obstacle.NONE_FOR_COURSE: _l("This course has no certificate."),
    Obstacle.NOT_COMPLETED: _l("The course is not completed yet."),
    Obstacle.RULE_NOT_MET: _l("What was reached does not meet the rule of the course."),
    Obstacle.NAME_NOT_CONFIRMED: _l("The name has not been confirmed yet."),
    Obstacle.NOT_PRINTABLE: _l("Some characters cannot be printed."),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person at the end of a course, as far as a certificate depends on it.

    ``rule``: ``{"share": 0 to 1, "final_test_key": str | None}``; ``values``: ``{"required_done", "required_total",
    "final_test_passed": bool | None, …}``; both None before completion. ``unprintable``: characters of what would be
    printed that cannot be.
    """

    completed: bool
    certificate_kind: str
    rule: Mapping[str, Any] | None
    values: Mapping[str, Any] | None
    name_confirmed: bool
    unprintable: str = ""


def obstacles(candidate: Candidate) -> tuple[Obstacle, ...]:
    """All that stands against a certificate, the most final first; empty when it may be issued."""
    found = {
        Obstacle.NONE_FOR_COURSE: candidate.completed and candidate.certificate_kind not in KINDS,
        Obstacle.NOT_COMPLETED: not candidate.completed,
        Obstacle.RULE_NOT_MET: candidate.completed and not rule_met(candidate.rule, candidate.values),
        Obstacle.NAME_NOT_CONFIRMED: not candidate.name_confirmed,
        Obstacle.NOT_PRINTABLE: bool(candidate.unprintable),
    }
    return tuple(obstacle for obstacle, stands in found.items() if stands)


def rule_met(rule: Mapping[str, Any] | None, values: Mapping[str, Any] | None) -> bool:
    """Whether the stored values satisfy the stored rule; without a stored rule nothing is attested."""
    if rule is None or values is None:
        return False
    enough = values["required_done"] >= ceil(rule["share"] * values["required_total"] - _TOLERANCE)
    return enough and (rule["final_test_key"] is None or values["final_test_passed"] is True)


def standing(status: str, expires_on: date | None, *, today: date) -> Standing:
    """What it is worth on that day. The last day of validity is ``expires_on`` itself."""
    if status == Standing.VALID and expires_on is not None and expires_on < today:
        return Standing.EXPIRED
    return Standing(status)


def seconds_to_wait(misses: Sequence[datetime], *, now: datetime) -> int:
    """How long an address must wait after its last wrong codes (the newest first); 0: not at all."""
    if len(misses) < MISSES:
        return 0
    return max(0, ceil((misses[MISSES - 1] + MISSES_KEPT - now).total_seconds()))


def written_number(series: str, year: int, count: int) -> str:
    """“TA-2026-000123”."""
    return f"{series}-{year}-{count:06d}"
