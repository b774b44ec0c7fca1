"""Who sees which enrolment, and how a reader stands to a course."""

from typing import Any

import pytest
from sqlalchemy import event

from academy.accounts.models import User
from academy.courses import actions as courses
from academy.courses.models import Course
from academy.enrolments import actions, permissions, queries
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.security import ANONYMOUS, OPERATOR, Grant
from tests.conftest import NOW
from tests.factories.accounts import identity_of, make_user
from tests.factories.courses import Published, imported_course, make_course_package, published_course
from tests.factories.enrolments import completed_enrolment, make_enrolment

pytestmark = pytest.mark.usefixtures("writing")
SLUG = "checking-documents"


@pytest.fixture
def course(writing: Any) -> Published:
    return published_course()


@pytest.fixture
def learner(writing: Any) -> User:
    return make_user()


def two_lessons() -> Published:
    return published_course(make_course_package(lessons=("look-first", "look-twice")), now=NOW)


def test_a_visitor_stands_before_the_newest_edition(course: Published) -> None:
    second = two_lessons()
    place = queries.get_place(SLUG, seen_by=ANONYMOUS)
    assert (place.edition_id, place.enrolment, place.withdrawn) == (second.edition_id, None, None)
    assert (place.is_open, place.course_code) == (True, "TST")


def test_a_learner_reads_their_structure(course: Published, learner: User) -> None:
    enrolment = make_enrolment(learner, course)
    two_lessons()
    place = queries.get_place(SLUG, seen_by=identity_of(learner))
    assert place.edition_id == course.edition_id
    assert place.enrolment is not None
    assert (place.enrolment.id, place.enrolment.uuid) == (enrolment.id, enrolment.uuid)
    assert place.enrolment.is_active
    assert not place.enrolment.is_completed


def test_one_who_left_reads_nothing_and_may_return(course: Published, learner: User) -> None:
    enrolment = make_enrolment(learner, course)
    actions.withdraw(enrolment.id, actor=OPERATOR, now=NOW)
    second = two_lessons()
    place = queries.get_place(SLUG, seen_by=identity_of(learner))
    assert place.enrolment is None
    assert place.withdrawn is not None
    assert (place.withdrawn.id, place.edition_id) == (enrolment.id, second.edition_id)


def test_the_running_cycle_comes_before_the_completed_one(course: Published, learner: User) -> None:
    completed_enrolment(learner, course)
    second = actions.open_cycle(learner.id, course.course_id, actor=OPERATOR, now=NOW)
    place = queries.get_place(SLUG, seen_by=identity_of(learner))
    assert place.enrolment is not None
    assert place.enrolment.id == second.id
    actions.withdraw(second.id, actor=OPERATOR, now=NOW)
    left = queries.get_place(SLUG, seen_by=identity_of(learner)).enrolment
    assert left is not None
    assert left.is_completed


def test_a_draft_is_not_to_be_known_of() -> None:
    imported_course()
    assert queries.find_place(SLUG, seen_by=OPERATOR) is None
    with pytest.raises(NotFound):
        queries.get_place(SLUG, seen_by=OPERATOR)


def test_an_archived_course_is_there_but_not_open(course: Published) -> None:
    courses.archive(course.course_id, actor=OPERATOR, now=NOW)
    assert not queries.get_place(SLUG, seen_by=ANONYMOUS).is_open


def test_the_place_is_one_query(course: Published, learner: User) -> None:
    make_enrolment(learner, course)
    db.session.flush()
    seen: list[str] = []
    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
    queries.get_place(SLUG, seen_by=identity_of(learner))
    assert len(seen) == 1


def test_own_places_unfinished_first_without_those_left(learner: User) -> None:
    first = published_course(code="AAA", slug="aaa")
    second = published_course(code="BBB", slug="bbb")
    third = published_course(code="CCC", slug="ccc")
    completed_enrolment(learner, first, now=NOW)
    make_enrolment(learner, second)
    actions.withdraw(make_enrolment(learner, third).id, actor=OPERATOR, now=NOW)
    make_enrolment(make_user(), third)
    assert [place.course_code for place in queries.list_places(learner.id)] == ["BBB", "AAA"]


def test_the_place_of_an_enrolment(course: Published, learner: User) -> None:
    enrolment = make_enrolment(learner, course)
    make_enrolment(make_user(), course)
    place = queries.place_of(enrolment.id)
    assert place.enrolment is not None
    assert (place.enrolment.user_id, place.edition_id) == (learner.id, course.edition_id)
    with pytest.raises(NotFound):
        queries.place_of(4711)


def test_the_running_enrolment_of_a_person(course: Published, learner: User) -> None:
    assert queries.find_active(learner.id, course.course_id) is None
    enrolment = make_enrolment(learner, course)
    assert queries.find_active(learner.id, course.course_id) is enrolment
    assert queries.count_active(course.course_id) == 1
    actions.withdraw(enrolment.id, actor=OPERATOR, now=NOW)
    assert queries.find_active(learner.id, course.course_id) is None
    assert queries.count_active(course.course_id) == 0


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        (None, False),
        (Grant("admin"), True),
        (Grant("admin", "course", "TST"), True),
        (Grant("trainer", "course", "TST"), True),
        (Grant("auditor"), True),
        (Grant("trainer", "course", "OTHER"), False),
        (Grant("translator"), False),
        (Grant("coordinator", "state", "GE"), False),
    ],
)
def test_who_sees_anothers_enrolment(course: Published, grant: Grant | None, expected: bool) -> None:
    enrolment = make_enrolment(course=course)
    reader = identity_of(make_user(), *([grant] if grant else []))
    assert permissions.may_see(reader, user_id=enrolment.user_id, course_code="TST") is expected
    found = db.session.scalars(queries.list_enrolments(seen_by=reader)).all()
    assert (enrolment in found) is expected
    if expected:
        assert queries.get_enrolment(enrolment.uuid, seen_by=reader) is enrolment
    else:
        with pytest.raises(NotFound):
            queries.get_enrolment(enrolment.uuid, seen_by=reader)


def test_one_sees_ones_own(course: Published, learner: User) -> None:
    enrolment = make_enrolment(learner, course)
    make_enrolment(make_user(), course)
    assert db.session.scalars(queries.list_enrolments(seen_by=identity_of(learner))).all() == [enrolment]
    assert db.session.scalars(queries.list_enrolments(seen_by=ANONYMOUS)).all() == []
    everything = queries.list_enrolments(seen_by=OPERATOR, course_id=course.course_id, user_id=learner.id)
    assert db.session.scalars(everything).all() == [enrolment]


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        (Grant("translator", "course", "TST"), True),
        (Grant("reviser"), True),
        (Grant("trainer", "course", "OTHER"), False),
        (Grant("coordinator"), False),
    ],
)
def test_staff_read_a_course_without_being_in_it(grant: Grant, expected: bool) -> None:
    assert permissions.may_read_course(identity_of(make_user(), grant), course_code="TST") is expected


def test_the_next_running_enrolments_in_order(course: Published) -> None:
    ids = [make_enrolment(course=course).id for _ in range(3)]
    assert queries.list_active_after(course.course_id, 0, limit=2) == ids[:2]
    assert queries.list_active_after(course.course_id, ids[1], limit=2) == ids[2:]


def test_courses_whose_learners_should_have_moved_on(course: Published) -> None:
    make_enrolment(course=course)
    assert queries.list_courses_behind() == []
    two_lessons()
    assert queries.list_courses_behind() == [course.course_id]
    row = db.session.get(Course, course.course_id)
    assert row is not None
    row.finish_on_own = True
    db.session.flush()
    assert queries.list_courses_behind() == []
