"""All that changes enrolments. Every change leaves one audit entry."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from academy.courses.models import Course, Edition
from academy.enrolments import permissions, rules
from academy.enrolments.models import Enrolment, EnrolmentStatus
from academy.foundation import audit, db
from academy.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import SYSTEM, Identity


def enrol(user_id: int, course_id: int, *, actor: Identity, now: datetime) -> Enrolment:
    """The person is in the course: a new first cycle, or the row they once withdrew from goes on.

    Raises NotFound, NotAllowed, Conflict (``not_open``, ``already_enrolled``, ``already_completed``).
    """
    course = _course(course_id)
    if not (permissions.may_enrol(actor, user_id=user_id) or permissions.may_manage(actor, course_code=course.code)):
        raise NotAllowed
    structure = _newest_structure(course_id)
    if course.status != "published" or structure is None:
        raise Conflict(_l("This course is not open for enrolment."), code="not_open")
    last = _last(user_id, course_id)
    if last is None:
        enrolment = _add(user_id, course_id, cycle=1, structure=structure, now=now)
    elif last.status == EnrolmentStatus.WITHDRAWN:
        enrolment = last
        enrolment.status, enrolment.withdrawn_at = EnrolmentStatus.ACTIVE, None
        enrolment.structure = structure
        db.session.flush()
    elif last.status == EnrolmentStatus.COMPLETED:
        raise Conflict(_l("You have already completed this course."), code="already_completed")
    else:
        raise _already()
    _record("enrolments.enrolled", enrolment, actor=actor, now=now, cycle=enrolment.cycle)
    return enrolment


def open_cycle(user_id: int, course_id: int, *, actor: Identity, now: datetime) -> Enrolment:
    """The person, who has completed the course, takes it once more in a new cycle.

    Raises NotFound, NotAllowed, Conflict (``not_open``, ``not_completed``).
    """
    course = _course(course_id)
    if not permissions.may_manage(actor, course_code=course.code):
        raise NotAllowed
    structure = _newest_structure(course_id)
    if course.status != "published" or structure is None:
        raise Conflict(_l("This course is not open for enrolment."), code="not_open")
    last = _last(user_id, course_id)
    if last is None or last.status != EnrolmentStatus.COMPLETED:
        raise Conflict(_l("A new cycle opens only after the course was completed."), code="not_completed")
    enrolment = _add(user_id, course_id, cycle=last.cycle + 1, structure=structure, now=now)
    _record("enrolments.cycle_opened", enrolment, actor=actor, now=now, cycle=enrolment.cycle)
    return enrolment


def withdraw(enrolment_id: int, *, actor: Identity, now: datetime) -> Enrolment:
    """The person is out of the course; what they did is kept for their return.

    Raises NotFound, NotAllowed, Conflict (``not_active``).
    """
    enrolment, course = _enrolment(enrolment_id)
    if not permissions.may_withdraw(actor, user_id=enrolment.user_id, course_code=course.code):
        raise NotAllowed
    _require_active(enrolment)
    enrolment.status, enrolment.withdrawn_at = EnrolmentStatus.WITHDRAWN, now
    db.session.flush()
    _record("enrolments.withdrawn", enrolment, actor=actor, now=now)
    return enrolment


def extend(enrolment_id: int, *, due_on: date | None, actor: Identity, now: datetime) -> Enrolment:
    """The enrolment is due on that day, or without a deadline.

    Raises NotFound, NotAllowed, Conflict (``not_active``), Invalid for a day that has passed.
    """
    enrolment, course = _enrolment(enrolment_id)
    if not permissions.may_manage(actor, course_code=course.code):
        raise NotAllowed
    _require_active(enrolment)
    if due_on is not None and due_on < now.date():
        raise Invalid({"due_on": [_l("This day has already passed.")]})
    before, enrolment.due_on = enrolment.due_on, due_on
    db.session.flush()
    _record("enrolments.extended", enrolment, actor=actor, now=now, before=_iso(before), after=_iso(due_on))
    return enrolment


def complete(
    enrolment_id: int,
    *,
    edition_id: int,
    rule: Mapping[str, Any],
    values: Mapping[str, Any],
    now: datetime,
    actor: Identity = SYSTEM,
) -> bool:
    """The course is completed, with the rule and what was reached. False: it was not running, nothing changed."""
    changed = db.session.scalar(
        update(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.status == EnrolmentStatus.ACTIVE)
        .values(
            status=EnrolmentStatus.COMPLETED,
            completed_at=now,
            completed_edition_id=edition_id,
            rule=dict(rule),
            values=dict(values),
        )
        .returning(Enrolment.id)
    )
    if changed is None:
        return False
    audit.record(
        "enrolments.completed",
        actor=actor,
        now=now,
        object_type="enrolment",
        object_id=enrolment_id,
        edition=edition_id,
    )
    return True


def move_on(enrolment_id: int) -> bool:
    """A running enrolment reads the newest structure, unless its course lets people finish on theirs.

    True when it moved. The publication is what is audited, not each move.
    """
    enrolment, course = _enrolment(enrolment_id)
    newest = _newest_structure(course.id) or enrolment.structure
    structure = rules.next_structure(enrolment.structure, newest=newest, finish_on_own=course.finish_on_own)
    if enrolment.status != EnrolmentStatus.ACTIVE or structure == enrolment.structure:
        return False
    enrolment.structure = structure
    db.session.flush()
    return True


def _course(course_id: int) -> Course:
    course = db.session.get(Course, course_id)
    if course is None:
        raise NotFound
    return course


def _enrolment(enrolment_id: int) -> tuple[Enrolment, Course]:
    enrolment = db.session.get(Enrolment, enrolment_id, populate_existing=True, with_for_update=True)
    if enrolment is None:
        raise NotFound
    return enrolment, _course(enrolment.course_id)


def _newest_structure(course_id: int) -> int | None:
    return db.session.scalar(select(func.max(Edition.structure)).where(Edition.course_id == course_id))


def _last(user_id: int, course_id: int) -> Enrolment | None:
    return db.session.scalar(
        select(Enrolment)
        .where(Enrolment.user_id == user_id, Enrolment.course_id == course_id)
        .order_by(Enrolment.cycle.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _add(user_id: int, course_id: int, *, cycle: int, structure: int, now: datetime) -> Enrolment:
    enrolment = Enrolment(
        user_id=user_id,
        course_id=course_id,
        cycle=cycle,
        status=EnrolmentStatus.ACTIVE,
        structure=structure,
        enrolled_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(enrolment)
    except IntegrityError:
        raise _already() from None
    return enrolment


def _already() -> Conflict:
    return Conflict(_l("You are already enrolled in this course."), code="already_enrolled")


def _require_active(enrolment: Enrolment) -> None:
    if enrolment.status != EnrolmentStatus.ACTIVE:
        raise Conflict(_l("This enrolment is not running any more."), code="not_active")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _record(action: str, enrolment: Enrolment, *, actor: Identity, now: datetime, **details: Any) -> None:
    audit.record(
        action,
        actor=actor,
        now=now,
        object_type="enrolment",
        object_id=enrolment.id,
        course=enrolment.course_id,
        **details,
    )
