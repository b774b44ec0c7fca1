"""Coming into a course, leaving it, coming back, and completing it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import User
from academy.courses import actions as courses
from academy.courses.models import Course
from academy.enrolments import actions
from academy.enrolments.models import Enrolment
from academy.foundation import db
from academy.foundation.audit import AuditEntry
from academy.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from academy.foundation.security import ANONYMOUS, OPERATOR, SYSTEM, Grant, Identity
from tests.conftest import NOW
from tests.factories.accounts import identity_of, make_user
from tests.factories.courses import Published, imported_course, make_course_package, published_course
from tests.factories.enrolments import completed_enrolment, make_enrolment

pytestmark = pytest.mark.usefixtures("writing")
LATER = NOW + timedelta(days=1)


@pytest.fixture
def course(writing: Any) -> Published:
    return published_course()


@pytest.fixture
def learner(writing: Any) -> User:
    return make_user()


def admin(scope: str = "all", scope_id: str = "") -> Identity:
    return identity_of(make_user(), Grant("admin", scope, scope_id))


def entries(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def refused(code: str, do: Callable[[], object]) -> None:
    with pytest.raises(Conflict) as refusal:
        do()
    assert refusal.value.code == code


def test_one_enrols_oneself(learner: User, course: Published) -> None:
    enrolment = actions.enrol(learner.id, course.course_id, actor=identity_of(learner), now=NOW)
    assert (enrolment.status, enrolment.cycle, enrolment.structure, enrolment.enrolled_at) == ("active", 1, 1, NOW)
    [entry] = entries("enrolments.enrolled")
    assert (entry.object_id, entry.details) == (str(enrolment.id), {"course": course.course_id, "cycle": 1})


@pytest.mark.parametrize("who", ["another", "anonymous", "trainer", "admin of another course"])
def test_nobody_else_enrols_one(learner: User, course: Published, who: str) -> None:
    actor = {
        "another": lambda: identity_of(make_user()),
        "anonymous": lambda: ANONYMOUS,
        "trainer": lambda: identity_of(make_user(), Grant("trainer")),
        "admin of another course": lambda: admin("course", "OTHER"),
    }[who]()
    with pytest.raises(NotAllowed):
        actions.enrol(learner.id, course.course_id, actor=actor, now=NOW)


def test_admins_and_the_operator_enrol_anybody(learner: User, course: Published) -> None:
    actions.enrol(learner.id, course.course_id, actor=admin("course", course.code), now=NOW)
    actions.enrol(make_user().id, course.course_id, actor=OPERATOR, now=NOW)


def test_there_is_no_course_of_that_id(learner: User) -> None:
    with pytest.raises(NotFound):
        actions.enrol(learner.id, 4711, actor=OPERATOR, now=NOW)


def test_a_draft_takes_nobody(learner: User) -> None:
    course_id = imported_course()
    refused("not_open", lambda: actions.enrol(learner.id, course_id, actor=OPERATOR, now=NOW))


def test_an_archived_course_takes_nobody_new(learner: User, course: Published) -> None:
    courses.archive(course.course_id, actor=OPERATOR, now=NOW)
    refused("not_open", lambda: actions.enrol(learner.id, course.course_id, actor=OPERATOR, now=NOW))
    refused("not_open", lambda: actions.open_cycle(learner.id, course.course_id, actor=OPERATOR, now=NOW))


def test_twice_is_once(learner: User, course: Published) -> None:
    make_enrolment(learner, course)
    refused("already_enrolled", lambda: actions.enrol(learner.id, course.course_id, actor=OPERATOR, now=NOW))


def test_two_at_the_same_instant_leave_one_row(
    learner: User, course: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_enrolment(learner, course)
    monkeypatch.setattr(actions, "_last", lambda *_: None)
    refused("already_enrolled", lambda: actions.enrol(learner.id, course.course_id, actor=OPERATOR, now=NOW))
    assert len(db.session.scalars(select(Enrolment)).all()) == 1


def test_the_database_holds_one_running_enrolment(learner: User, course: Published) -> None:
    first = make_enrolment(learner, course)
    again = Enrolment(
        user_id=learner.id, course_id=course.course_id, cycle=2, status="active", structure=1, enrolled_at=NOW
    )
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(again)
    assert first.cycle == 1


@pytest.mark.parametrize(
    "change",
    ["status = 'completed'", "status = 'withdrawn'", "status = 'gone'", "completed_at = enrolled_at", "cycle = 0"],
)
def test_the_database_refuses_impossible_states(learner: User, course: Published, change: str) -> None:
    make_enrolment(learner, course)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text(f"UPDATE enrolments SET {change}"))


def test_withdrawing_and_coming_back_goes_on_with_the_old_row(learner: User, course: Published) -> None:
    enrolment = make_enrolment(learner, course)
    me = identity_of(learner)
    actions.withdraw(enrolment.id, actor=me, now=NOW)
    assert (enrolment.status, enrolment.withdrawn_at) == ("withdrawn", NOW)
    back = actions.enrol(learner.id, course.course_id, actor=me, now=LATER)
    assert (back.id, back.status, back.withdrawn_at, back.cycle) == (enrolment.id, "active", None, 1)
    assert len(entries("enrolments.withdrawn")) == 1
    assert len(entries("enrolments.enrolled")) == 2


def test_one_comes_back_to_the_newest_structure(learner: User, course: Published) -> None:
    enrolment = make_enrolment(learner, course)
    actions.withdraw(enrolment.id, actor=OPERATOR, now=NOW)
    published_course(make_course_package(lessons=("look-first", "look-twice")), now=NOW)
    assert actions.enrol(learner.id, course.course_id, actor=OPERATOR, now=LATER).structure == 2


def test_only_a_running_enrolment_can_be_left_or_extended(learner: User, course: Published) -> None:
    done = completed_enrolment(learner, course)
    refused("not_active", lambda: actions.withdraw(done.id, actor=OPERATOR, now=NOW))
    refused("not_active", lambda: actions.extend(done.id, due_on=date(2026, 4, 1), actor=OPERATOR, now=NOW))


def test_one_withdraws_nobody_else(learner: User, course: Published) -> None:
    enrolment = make_enrolment(learner, course)
    with pytest.raises(NotAllowed):
        actions.withdraw(enrolment.id, actor=identity_of(make_user()), now=NOW)
    actions.withdraw(enrolment.id, actor=admin("course", course.code), now=NOW)


def test_an_admin_extends_and_it_is_written_down(learner: User, course: Published) -> None:
    enrolment = make_enrolment(learner, course)
    actions.extend(enrolment.id, due_on=date(2026, 4, 1), actor=admin(), now=NOW)
    actions.extend(enrolment.id, due_on=None, actor=admin(), now=NOW)
    assert enrolment.due_on is None
    details = [(entry.details["before"], entry.details["after"]) for entry in entries("enrolments.extended")]
    assert details == [(None, "2026-04-01"), ("2026-04-01", None)]


def test_one_does_not_extend_oneself(learner: User, course: Published) -> None:
    enrolment = make_enrolment(learner, course)
    with pytest.raises(NotAllowed):
        actions.extend(enrolment.id, due_on=date(2026, 4, 1), actor=identity_of(learner), now=NOW)


def test_a_deadline_does_not_lie_in_the_past(learner: User, course: Published) -> None:
    enrolment = make_enrolment(learner, course)
    with pytest.raises(Invalid) as refusal:
        actions.extend(enrolment.id, due_on=date(2026, 3, 8), actor=OPERATOR, now=NOW)
    assert list(refusal.value.fields) == ["due_on"]
    actions.extend(enrolment.id, due_on=date(2026, 3, 9), actor=OPERATOR, now=NOW)


@pytest.mark.parametrize("act", ["withdraw", "extend", "move_on"])
def test_there_is_no_enrolment_of_that_id(act: str) -> None:
    acts: dict[str, Callable[[], object]] = {
        "withdraw": lambda: actions.withdraw(4711, actor=OPERATOR, now=NOW),
        "extend": lambda: actions.extend(4711, due_on=None, actor=OPERATOR, now=NOW),
        "move_on": lambda: actions.move_on(4711),
    }
    with pytest.raises(NotFound):
        acts[act]()


def test_completing_keeps_rule_and_values_and_happens_once(learner: User, course: Published) -> None:
    enrolment = make_enrolment(learner, course)

    def complete(share: float) -> bool:
        return actions.complete(
            enrolment.id, edition_id=course.edition_id, rule={"share": share}, values={"done": 3}, now=NOW
        )

    assert complete(0.8)
    assert not complete(0.1)
    db.session.refresh(enrolment)
    assert (enrolment.status, enrolment.completed_at, enrolment.rule) == ("completed", NOW, {"share": 0.8})
    assert (enrolment.values, enrolment.completed_edition_id) == ({"done": 3}, course.edition_id)
    [entry] = entries("enrolments.completed")
    assert entry.actor_kind == SYSTEM.kind


def test_what_was_left_is_not_completed(learner: User, course: Published) -> None:
    enrolment = make_enrolment(learner, course)
    actions.withdraw(enrolment.id, actor=OPERATOR, now=NOW)
    assert not actions.complete(enrolment.id, edition_id=course.edition_id, rule={}, values={}, now=NOW)


def test_a_completed_course_is_taken_again_only_in_a_new_cycle(learner: User, course: Published) -> None:
    completed_enrolment(learner, course)
    refused("already_completed", lambda: actions.enrol(learner.id, course.course_id, actor=OPERATOR, now=NOW))
    second = actions.open_cycle(learner.id, course.course_id, actor=admin(), now=LATER)
    assert (second.cycle, second.status) == (2, "active")
    assert len(entries("enrolments.cycle_opened")) == 1


def test_a_cycle_opens_only_after_completion_and_by_an_admin(learner: User, course: Published) -> None:
    def open_cycle(actor: Identity) -> object:
        return actions.open_cycle(learner.id, course.course_id, actor=actor, now=NOW)

    refused("not_completed", lambda: open_cycle(OPERATOR))
    make_enrolment(learner, course)
    refused("not_completed", lambda: open_cycle(OPERATOR))
    with pytest.raises(NotAllowed):
        open_cycle(identity_of(learner))


def test_a_new_structure_moves_those_who_run_unless_they_may_finish(learner: User, course: Published) -> None:
    enrolment = make_enrolment(learner, course)
    published_course(make_course_package(lessons=("look-first", "look-twice")), now=NOW)
    row = db.session.get(Course, course.course_id)
    assert row is not None
    row.finish_on_own = True
    assert not actions.move_on(enrolment.id)
    row.finish_on_own = False
    assert actions.move_on(enrolment.id)
    assert enrolment.structure == 2
    assert not actions.move_on(enrolment.id)


def test_a_completed_enrolment_stays_on_its_structure(learner: User, course: Published) -> None:
    done = completed_enrolment(learner, course)
    published_course(make_course_package(lessons=("look-first", "look-twice")), now=NOW)
    assert not actions.move_on(done.id)


def test_refusals_have_words(learner: User, course: Published) -> None:
    make_enrolment(learner, course)
    with pytest.raises(Refusal) as refusal:
        actions.enrol(learner.id, course.course_id, actor=OPERATOR, now=NOW)
    assert "already enrolled" in str(refusal.value.message)
