"""Starting an attempt, saving answers, and ending it.

Locks are always taken in the order enrolment, attempt; SQLite's one writer makes them needless there.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update

from academy.courses import queries as courses
from academy.courses.editions import ActivityView
from academy.enrolments import queries as enrolments
from academy.enrolments.models import Enrolment, EnrolmentStatus
from academy.foundation import audit, db
from academy.foundation.errors import Conflict, NotFound
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Identity
from academy.progress import actions as progress
from academy.quizzes import permissions, queries
from academy.quizzes.models import Attempt, AttemptState, Response
from academy.quizzes.queries import COLUMNS, AttemptView, Given
from academy.quizzes.rules import attempts as rules
from academy.quizzes.rules.drawing import draw
from academy.quizzes.rules.grading import grade

NOT_ACTIVE = _l("You have withdrawn from this course. Enrol again to go on.")


# Built once: saving an answer is what happens most.
_OPEN_FOR_ANSWERS = (
    select(Attempt.state, Attempt.deadline_at, Attempt.ended_at, Attempt.draw, Enrolment.user_id, Enrolment.status)
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .where(Attempt.id == bindparam("attempt_id"))
    .with_for_update(of=Attempt, key_share=True)
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to be saved. ``seq`` counts up with every change on the page."""

    value: Any
    seq: int


def start_attempt(
    enrolment_id: int, activity_key: str, *, actor: Identity, now: datetime, chance: random.Random | None = None
) -> str:
    """There is one open attempt at the quiz; gives its uuid. One that is open already is given again.

    Draw, orders, edition and deadline are fixed from here on. Raises NotFound, Conflict (``not_active``,
    ``none_left``, ``wait``).
    """
    enrolment = _lock_enrolment(enrolment_id, actor)
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        raise Conflict(NOT_ACTIVE, code="not_active")
    edition_id = enrolments.place_of(enrolment_id).edition_id
    activity = _quiz(edition_id, activity_key)
    shown = courses.get_part(activity.source_part)
    past = queries.list_attempts(enrolment_id, activity_key)
    for earlier in past:
        if rules.state(earlier, now) == AttemptState.OPEN:
            return earlier.uuid
        if earlier.state == AttemptState.OPEN:
            _end(_lock_attempt(earlier.id), actor=actor, now=now)
    _require_allowance(shown["settings"], past, now)
    attempt = Attempt(
        enrolment_id=enrolment_id,
        activity_key=activity_key,
        edition_id=edition_id,
        number=len(past) + 1,
        state=AttemptState.OPEN,
        draw=draw(shown["items"], shown["settings"], chance or random.SystemRandom()),
        started_at=now,
        deadline_at=rules.deadline(shown["settings"], now),
    )
    db.session.add(attempt)
    db.session.flush()
    audit.record(
        "quizzes.attempt_started",
        actor=actor,
        now=now,
        object_type="attempt",
        object_id=attempt.id,
        enrolment=enrolment_id,
        activity=activity_key,
        edition=edition_id,
    )
    return attempt.uuid


def save_answer(
    attempt_id: int, item_key: str, answer: Answer, *, language: str, actor: Identity, now: datetime
) -> bool | None:
    """The newest answer to the item is stored; False: a newer one is there already, None: the attempt has ended.

    Raises NotFound for an attempt of somebody else and an item that was not drawn.
    """
    saved = save_answers(attempt_id, {item_key: answer}, language=language, actor=actor, now=now)
    return None if saved is None else saved[item_key]


def save_answers(
    attempt_id: int, answers: Mapping[str, Answer], *, language: str, actor: Identity, now: datetime
) -> dict[str, bool] | None:
    """As ``save_answer``, for several items at once: item key → whether it was stored."""
    row = db.fetch(_OPEN_FOR_ANSWERS, attempt_id=attempt_id).first()
    if row is None or not permissions.may_take(actor, user_id=row.user_id):
        raise NotFound
    drawn = {key for key, _order in row.draw}
    if not answers.keys() <= drawn:
        raise NotFound
    if rules.state(row, now) != AttemptState.OPEN:
        return None
    if row.status == EnrolmentStatus.WITHDRAWN:
        raise Conflict(NOT_ACTIVE, code="not_active")
    return {key: _keep(attempt_id, key, answer, language, now) for key, answer in answers.items()}


def submit_attempt(attempt_id: int, *, actor: Identity, now: datetime) -> bool:
    """The attempt has ended, with its grade, and the learner's record knows it. False: it had ended before.

    An overdue attempt ends as expired, with the answers saved in time. Raises NotFound, Conflict (``not_active``).
    """
    return _end(_lock_both(attempt_id, actor), actor=actor, now=now)


def close_if_overdue(attempt_id: int, *, actor: Identity, now: datetime) -> bool:
    """An attempt whose time and grace are over has ended with the answers saved in time. True: this ended it."""
    attempt = _lock_both(attempt_id, actor)
    return rules.state(attempt, now) == AttemptState.EXPIRED and _end(attempt, actor=actor, now=now)


def _keep(attempt_id: int, item_key: str, answer: Answer, language: str, now: datetime) -> bool:
    """Writes the answer unless one with the same or a higher sequence number is there."""
    return db.upsert_newest(
        Response.__table__,  # type: ignore[arg-type]  # declared as FromClause
        {
            "attempt_id": attempt_id,
            "item_key": item_key,
            "value": answer.value,
            "seq": answer.seq,
            "language": language,
            "saved_at": now,
        },
        conflict=("attempt_id", "item_key"),
        by="seq",
    )


def _end(attempt: AttemptView, *, actor: Identity, now: datetime) -> bool:
    """Grades and closes the locked attempt, once."""
    if attempt.state != AttemptState.OPEN:
        return False
    ended = AttemptState.EXPIRED if rules.state(attempt, now) == AttemptState.EXPIRED else AttemptState.SUBMITTED
    responses = queries.responses_of(attempt.id)
    given = {key: response.value for key, response in responses.items()}
    result = grade(queries.answers_of(attempt), attempt.draw, given)
    changed = db.session.scalar(
        update(Attempt)
        .where(Attempt.id == attempt.id, _still_open())
        .values(
            state=ended,
            ended_at=rules.ended_at(attempt, now),
            score=result.score,
            passed=result.passed,
            grade=result.to_json(),
        )
        .returning(Attempt.id)
    )
    if changed is None:
        return False
    audit.record(
        f"quizzes.attempt_{ended}",
        actor=actor,
        now=now,
        object_type="attempt",
        object_id=attempt.id,
        enrolment=attempt.enrolment_id,
        activity=attempt.activity_key,
    )
    if attempt.enrolment_status != EnrolmentStatus.WITHDRAWN:
        progress.complete_activity(
            attempt.enrolment_id,
            attempt.activity_key,
            now=now,
            actor=actor,
            score=result.score,
            passed=result.passed,
            language=_answered_in(attempt, responses),
        )
    return True


def _answered_in(attempt: AttemptView, responses: Mapping[str, Given]) -> str | None:
    """The language in which the questions stood when all of them were answered."""
    return rules.answered_in(
        attempt.activity.part_in(response.language)[1] for response in responses.values() if response.value is not None
    )


def _still_open() -> ColumnElement[bool]:
    """Whoever finds this untrue has come second."""
    return Attempt.state == AttemptState.OPEN


def _lock_both(attempt_id: int, actor: Identity) -> AttemptView:
    enrolment_id = db.session.scalar(select(Attempt.enrolment_id).where(Attempt.id == attempt_id))
    if enrolment_id is None:
        raise NotFound
    _lock_enrolment(enrolment_id, actor)
    return _lock_attempt(attempt_id)


def _lock_enrolment(enrolment_id: int, actor: Identity) -> Any:
    row = db.session.execute(
        select(Enrolment.user_id, Enrolment.status).where(Enrolment.id == enrolment_id).with_for_update(key_share=True)
    ).first()
    if row is None or not permissions.may_take(actor, user_id=row.user_id):
        raise NotFound
    return row


def _lock_attempt(attempt_id: int) -> AttemptView:
    return AttemptView(
        *db.session.execute(
            select(*COLUMNS)
            .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
            .where(Attempt.id == attempt_id)
            .with_for_update(of=Attempt, key_share=True)
        ).one()
    )


def _quiz(edition_id: int, activity_key: str) -> ActivityView:
    activity = courses.get_edition(edition_id).find_activity(activity_key)
    if activity is None or activity.kind != "quiz":
        raise NotFound
    return activity


def _require_allowance(settings: Mapping[str, Any], past: list[AttemptView], now: datetime) -> None:
    allowance = rules.allowance(settings, past, now)
    if allowance.left == 0:
        raise Conflict(_l("You have used all attempts at this quiz."), code="none_left")
    if allowance.wait_until is not None:
        raise Conflict(_l("The waiting time before the next attempt is not over yet."), code="wait")
