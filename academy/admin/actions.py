"""What the desk does in one go with the actions of the rooms below."""

from __future__ import annotations

from datetime import datetime

from academy.accounts import actions as accounts
from academy.courses import queries as courses
from academy.enrolments import actions as enrolments
from academy.enrolments.models import Enrolment
from academy.foundation.security import Identity
from academy.notifications import actions as notifications

ENROLLED_MAIL = "admin/mail/enrolled"


def enrol(user_id: int, course_id: int, *, actor: Identity, now: datetime) -> Enrolment:
    """The person is in the course and, if their account is active, is told by mail. Refusals are those of enrolling."""
    enrolment = enrolments.enrol(user_id, course_id, actor=actor, now=now)
    edition = courses.get_edition(courses.newest_edition_id(course_id))
    notifications.tell(user_id, ENROLLED_MAIL, now=now, title=edition.title, slug=edition.slug, due_on=enrolment.due_on)
    return enrolment


def invite_and_enrol(email: str, course_id: int, *, language: str, actor: Identity, now: datetime) -> Enrolment:
    """A new person is invited by mail and already in the course. Refusals are those of inviting and of enrolling."""
    user = accounts.invite(email, language=language, actor=actor, now=now)
    return enrol(user.id, course_id, actor=actor, now=now)
