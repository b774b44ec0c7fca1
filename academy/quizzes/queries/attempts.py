"""Attempts and their responses. Hot pages select columns and take content from cached parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from academy.courses import queries as courses
from academy.courses.editions import ActivityView, EditionView
from academy.enrolments.models import Enrolment
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.security import Identity
from academy.quizzes import permissions
from academy.quizzes.models import Attempt, Response
from academy.quizzes.rules import attempts as rules


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt as its pages need it."""

    id: int
    uuid: str
    enrolment_id: int
    activity_key: str
    edition_id: int
    number: int
    state: str
    draw: list[list[Any]]
    started_at: datetime
    deadline_at: datetime | None
    ended_at: datetime | None
    score: float | None
    passed: bool | None
    grade: dict[str, Any] | None
    user_id: int
    enrolment_status: str

    @property
    def edition(self) -> EditionView:
        """The edition under which it was started, whatever was published since."""
        return courses.get_edition(self.edition_id)

    @property
    def activity(self) -> ActivityView:
        """The quiz in that edition."""
        return self.edition.activity(self.activity_key)


@dataclass(frozen=True, slots=True)
class Given:
    """The newest answer to an item."""

    value: Any
    seq: int
    saved_at: datetime
    language: str


COLUMNS = (
    Attempt.id,
    Attempt.uuid,
    Attempt.enrolment_id,
    Attempt.activity_key,
    Attempt.edition_id,
    Attempt.number,
    Attempt.state,
    Attempt.draw,
    Attempt.started_at,
    Attempt.deadline_at,
    Attempt.ended_at,
    Attempt.score,
    Attempt.passed,
    Attempt.grade,
    Enrolment.user_id,
    Enrolment.status,
)


# Built once: the page of questions and saving an answer are what happens most.
_BY_UUID = (
    select(*COLUMNS).join(Enrolment, Enrolment.id == Attempt.enrolment_id).where(Attempt.uuid == bindparam("uuid"))
)
_RESPONSES = select(Response.item_key, Response.value, Response.seq, Response.saved_at, Response.language).where(
    Response.attempt_id == bindparam("attempt_id")
)


def get_attempt(uuid: str, *, seen_by: Identity) -> AttemptView:
    """The reader's own attempt; raises NotFound."""
    row = db.fetch(_BY_UUID.where(permissions.taken_by(seen_by)), uuid=uuid).first()
    if row is None:
        raise NotFound
    return AttemptView(*tuple(row))


def list_attempts(enrolment_id: int, activity_key: str) -> list[AttemptView]:
    """The attempts at one quiz in one enrolment, in order."""
    rows = db.session.execute(
        select(*COLUMNS)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.activity_key == activity_key)
        .order_by(Attempt.number)
    )
    return [AttemptView(*row) for row in rows]


def responses_of(attempt_id: int) -> dict[str, Given]:
    """Item key → the newest answer."""
    rows = db.fetch(_RESPONSES, attempt_id=attempt_id)
    return {row.item_key: Given(row.value, row.seq, row.saved_at, row.language) for row in rows}


def shown_quiz(attempt: AttemptView, lang: str) -> tuple[Mapping[str, Any], str]:
    """What the attempt's edition shows, and the language that it is in."""
    sha, found = attempt.activity.part_in(lang)
    return courses.get_part(sha), found


def answers_of(attempt: AttemptView) -> Mapping[str, Any]:
    """What is right, by the attempt's edition. For grading, and for results whose time has come."""
    sha = attempt.activity.answers
    if sha is None:
        raise NotFound
    return courses.get_answers(sha)


def list_overdue(now: datetime, *, limit: int = 500) -> list[int]:
    """Ids of open attempts whose time and grace are over, the longest overdue first."""
    return list(
        db.session.scalars(
            select(Attempt.id)
            .where(Attempt.state == "open", Attempt.deadline_at < now - rules.GRACE)
            .order_by(Attempt.deadline_at)
            .limit(limit)
        )
    )
