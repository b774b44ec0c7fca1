"""What the desk does in one go with the actions of the rooms below."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from academy.accounts import actions as accounts
from academy.admin import permissions
from academy.courses import queries as courses
from academy.courses.models import Course, MistakeReport, ReportStatus
from academy.enrolments import actions as enrolments
from academy.enrolments.models import Enrolment
from academy.foundation import audit, db
from academy.foundation.errors import NotFound
from academy.foundation.security import Identity
from academy.notifications import actions as notifications

ENROLLED_MAIL = "admin/mail/enrolled"


def enrol(user_id: int, course_id: int, *, actor: Identity, now: datetime) -> Enrolment:
    """The person is in the course and, if their account is active, is told by mail. Refusals are those of enrolling."""
    enrolment = enrolments.enrol(user_id, course_id, actor=actor, now=now)
    edition = courses.get_edition(courses.newest_edition_id(course_id))
    notifications.tell(user_id, ENROLLED_MAIL, now=now, title=edition.title, slug=edition.slug, due_on=enrolment.due_on)
    return enrolment


def close_report(report_id: int, *, actor: Identity, now: datetime) -> None:
    """Somebody has dealt with the reported mistake; one that is closed stays as it is. Raises NotFound, NotAllowed."""
    row = db.session.execute(
        select(MistakeReport.uuid, Course.code)
        .join(Course, Course.id == MistakeReport.course_id)
        .where(MistakeReport.id == report_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    permissions.demand_change_course(actor, course_code=row.code)
    closed = db.session.scalar(
        update(MistakeReport)
        .where(MistakeReport.id == report_id, MistakeReport.status == ReportStatus.OPEN)
        .values(status=ReportStatus.CLOSED)
        .returning(MistakeReport.id)
    )
    if closed is not None:
        audit.record(
            "admin.close_report", actor=actor, now=now, object_type="report", object_id=row.uuid, course=row.code
        )


def invite_and_enrol(email: str, course_id: int, *, language: str, actor: Identity, now: datetime) -> Enrolment:
    """A new person is invited by mail and already in the course. Refusals are those of inviting and of enrolling."""
    user = accounts.invite(email, language=language, actor=actor, now=now)
    return enrol(user.id, course_id, actor=actor, now=now)
