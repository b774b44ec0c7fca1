"""Who may use which part of the desk."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from academy.admin import permissions
from academy.courses.models import Course
from academy.foundation import db
from academy.foundation.errors import NotAllowed
from academy.foundation.security import ANONYMOUS, OPERATOR, Grant, Identity

ADMIN = Identity("user", 1, grants=(Grant("admin"),))
AUDITOR = Identity("user", 2, grants=(Grant("auditor"),))
OF_COURSE = Identity("user", 3, grants=(Grant("admin", "course", "TST"),))
TRAINER = Identity("user", 4, grants=(Grant("trainer"),))


@pytest.mark.parametrize(
    ("who", "reads_all", "changes_people", "reads_course", "changes_course"),
    [
        (ADMIN, True, True, True, True),
        (OPERATOR, True, True, True, True),
        (AUDITOR, True, False, True, False),
        (OF_COURSE, False, False, True, True),
        (TRAINER, False, False, False, False),
        (ANONYMOUS, False, False, False, False),
    ],
)
def test_the_table(who, reads_all, changes_people, reads_course, changes_course):
    assert permissions.may_read_all(who) is reads_all
    assert permissions.may_change_people(who) is changes_people
    assert permissions.may_read_course(who, course_code="TST") is reads_course
    assert permissions.may_change_course(who, course_code="TST") is changes_course


def test_demands_refuse():
    for demand in (permissions.demand_read_all, permissions.demand_change_people):
        demand(ADMIN)
        with pytest.raises(NotAllowed):
            demand(OF_COURSE)
    permissions.demand_change_course(OF_COURSE, course_code="TST")
    with pytest.raises(NotAllowed):
        permissions.demand_change_course(OF_COURSE, course_code="DOC")


@pytest.mark.parametrize(("who", "seen"), [(ADMIN, True), (AUDITOR, True), (OF_COURSE, True), (TRAINER, False)])
def test_the_filter_says_the_same(academy, database, who, seen):
    other = Identity("user", 5, grants=(Grant("admin", "course", "XYZ"),))
    with database.read():
        assert bool(db.session.scalar(select(Course.id).where(permissions.courses_seen_by(who)))) is seen
        assert db.session.scalar(select(Course.id).where(permissions.courses_seen_by(other))) is None
