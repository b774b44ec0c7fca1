"""Enrolments with valid defaults; to be called in an open unit of work."""

from datetime import datetime

from academy.accounts.models import User
from academy.enrolments import actions
from academy.enrolments.models import Enrolment
from academy.foundation.security import OPERATOR
from tests.factories.accounts import make_user
from tests.factories.courses import AT, Published, published_course


def make_enrolment(user: User | None = None, course: Published | None = None, *, now: datetime = AT) -> Enrolment:
    """A running enrolment, of a new person in a new course unless they are given."""
    user = user or make_user()
    course = course or published_course()
    return actions.enrol(user.id, course.course_id, actor=OPERATOR, now=now)


def completed_enrolment(user: User | None = None, course: Published | None = None, *, now: datetime = AT) -> Enrolment:
    """An enrolment whose course was completed at *now*, without any activity, certificate or mail."""
    course = course or published_course()
    enrolment = make_enrolment(user, course, now=now)
    actions.complete(
        enrolment.id,
        edition_id=course.edition_id,
        rule={"share": 1.0, "final_test_key": None},
        values={"edition": "1.0", "required_done": 1, "required_total": 1, "share": 1.0},
        now=now,
    )
    return enrolment
