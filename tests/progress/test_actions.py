"""What is put on a learner's record, and what follows when the course is complete."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from academy.accounts.models import User
from academy.certificates.models import Certificate
from academy.courses import actions as courses
from academy.enrolments import actions as enrolments
from academy.enrolments.models import Enrolment
from academy.foundation import db, jobs
from academy.foundation.audit import AuditEntry
from academy.foundation.errors import Conflict, NotAllowed, NotFound
from academy.foundation.mail import Mail
from academy.foundation.security import OPERATOR
from academy.progress import actions, queries
from academy.progress.models import Completion, Position
from tests.conftest import NOW
from tests.factories.accounts import identity_of, make_user
from tests.factories.courses import Published, make_course_package, published_course
from tests.factories.enrolments import make_enrolment

LATER = NOW + timedelta(hours=1)
LESSON, TEST = "look-first", "check-1"


@pytest.fixture
def learner(writing: Any) -> User:
    return make_user("learner@ministry.example", language="ru")


@pytest.fixture
def course(writing: Any) -> Published:
    return published_course()


@pytest.fixture
def enrolment(learner: User, course: Published) -> Enrolment:
    return make_enrolment(learner, course)


def do(enrolment: Enrolment, key: str, **given: Any) -> Any:
    return actions.complete_activity(enrolment.id, key, **({"now": NOW, "actor": OPERATOR} | given))


def rows() -> list[Completion]:
    return list(db.session.scalars(select(Completion).execution_options(populate_existing=True)))


def fresh(enrolment: Enrolment) -> Enrolment:
    db.session.refresh(enrolment)
    return enrolment


def test_a_lesson_is_done_on_the_content_that_was_read(learner: User, course: Published, enrolment: Enrolment) -> None:
    view = do(enrolment, LESSON, actor=identity_of(learner))
    [row] = rows()
    assert (row.activity_key, row.completed_at, row.edition_id) == (LESSON, NOW, course.edition_id)
    assert (row.part_sha, row.score, row.passed) == (course.edition.activity(LESSON).source_part, None, None)
    assert (view.done, view.complete, view.next_key) == ({LESSON}, False, TEST)


def test_doing_it_again_changes_nothing(enrolment: Enrolment) -> None:
    do(enrolment, LESSON)
    do(enrolment, LESSON, now=LATER)
    [row] = rows()
    assert row.completed_at == NOW


def test_each_time_leaves_one_entry(enrolment: Enrolment) -> None:
    do(enrolment, LESSON)
    do(enrolment, TEST, score=0.0, passed=False)
    db.session.flush()
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("progress."))).all()
    assert [(entry.action, entry.details["activity"]) for entry in found] == [
        ("progress.activity_completed", LESSON),
        ("progress.activity_tried", TEST),
    ]


def test_the_best_score_is_kept(enrolment: Enrolment) -> None:
    do(enrolment, TEST, score=0.4, passed=False)
    do(enrolment, TEST, score=0.2, passed=False, now=LATER)
    [row] = rows()
    assert (row.score, row.passed) == (0.4, False)
    view = do(enrolment, TEST, score=0.9, passed=True, now=LATER)
    assert view.final_test_passed is True
    do(enrolment, TEST, score=0.1, passed=False, now=LATER)
    [row] = rows()
    assert (row.score, row.passed, row.completed_at) == (0.9, True, LATER)


def test_a_learner_adds_to_no_record_but_their_own(enrolment: Enrolment) -> None:
    with pytest.raises(NotAllowed):
        do(enrolment, LESSON, actor=identity_of(make_user()))
    assert rows() == []


def test_who_left_adds_nothing(enrolment: Enrolment) -> None:
    enrolments.withdraw(enrolment.id, actor=OPERATOR, now=NOW)
    with pytest.raises(Conflict) as refusal:
        do(enrolment, LESSON)
    assert refusal.value.code == "not_active"


def test_there_is_no_such_enrolment(writing: Any) -> None:
    with pytest.raises(NotFound):
        actions.complete_activity(4711, LESSON, now=NOW, actor=OPERATOR)


def test_an_activity_that_is_gone_leaves_no_trace(enrolment: Enrolment) -> None:
    assert do(enrolment, "lesson-of-yore").done == frozenset()
    assert rows() == []


def test_completing_the_course_completes_issues_and_tells(learner: User, enrolment: Enrolment) -> None:
    do(enrolment, LESSON)
    assert fresh(enrolment).status == "active"
    do(enrolment, TEST, score=1.0, passed=True, now=LATER)
    assert (fresh(enrolment).status, enrolment.completed_at) == ("completed", LATER)
    assert enrolment.rule == {"share": 1.0, "final_test_key": TEST}
    assert enrolment.values is not None
    assert (enrolment.values["final_test_score"], enrolment.values["required_done"]) == (1.0, 1)
    assert enrolment.values["done"] == sorted([LESSON, TEST])
    [certificate] = db.session.scalars(select(Certificate)).all()
    assert certificate.enrolment_id == enrolment.id
    [mail] = db.session.scalars(select(Mail)).all()
    assert mail.to_address == learner.email
    assert "Проверка документов" in mail.subject
    assert f"/ru/certificates/{certificate.uuid}" in mail.body


def test_the_certificate_says_in_which_language_the_final_test_was_passed(enrolment: Enrolment) -> None:
    do(enrolment, TEST, score=0.0, passed=False, language="en")
    do(enrolment, TEST, score=1.0, passed=True, language="ru", now=LATER)
    [row] = rows()
    assert row.language == "ru"
    do(enrolment, LESSON, now=LATER)
    [certificate] = db.session.scalars(select(Certificate)).all()
    assert certificate.snapshot["test_language"] == "ru"


def test_the_certificate_draws_only_what_was_done(writing: Any) -> None:
    course = published_course(make_course_package(lessons=("look-first", "look-twice"), share=0.5))
    enrolment = make_enrolment(make_user(), course)
    do(enrolment, "look-first")
    do(enrolment, TEST, score=1.0, passed=True, language="en")
    [certificate] = db.session.scalars(select(Certificate)).all()
    drawn = [done for module in certificate.snapshot["track"] for _, done in module["activities"]]
    assert (drawn.count(True), drawn.count(False)) == (2, 1)


def test_it_is_announced_once(enrolment: Enrolment) -> None:
    do(enrolment, LESSON)
    do(enrolment, TEST, score=1.0, passed=True)
    do(enrolment, TEST, score=0.0, passed=False, now=LATER)
    do(enrolment, LESSON, now=LATER)
    assert len(db.session.scalars(select(Mail)).all()) == 1
    assert len(db.session.scalars(select(Certificate)).all()) == 1
    assert fresh(enrolment).completed_at == NOW


def test_who_comes_second_announces_nothing(enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch) -> None:
    do(enrolment, LESSON)
    monkeypatch.setattr(enrolments, "complete", lambda *_args, **_given: False)
    assert do(enrolment, TEST, score=1.0, passed=True).complete
    assert db.session.scalars(select(Mail)).all() == []
    assert db.session.scalars(select(Certificate)).all() == []


def test_without_the_name_the_mail_says_what_is_left(writing: Any, course: Published) -> None:
    enrolment = make_enrolment(make_user(name_confirmed_at=None), course)
    do(enrolment, LESSON)
    do(enrolment, TEST, score=1.0, passed=True)
    assert fresh(enrolment).status == "completed"
    assert db.session.scalars(select(Certificate)).all() == []
    [mail] = db.session.scalars(select(Mail)).all()
    assert "confirm how your name is written" in mail.body


def test_where_an_admin_issues_the_mail_says_so(writing: Any) -> None:
    enrolment = make_enrolment(make_user(), published_course(code="QUE", slug="queue", issue="queue"))
    do(enrolment, LESSON)
    do(enrolment, TEST, score=1.0, passed=True)
    assert db.session.scalars(select(Certificate)).all() == []
    [mail] = db.session.scalars(select(Mail)).all()
    assert "An administrator will issue" in mail.body


def test_the_place_is_kept_and_never_goes_back_in_time(course: Published, enrolment: Enrolment) -> None:
    actions.remember_position(enrolment.id, TEST, now=LATER)
    actions.remember_position(enrolment.id, LESSON, now=NOW)
    assert db.session.scalars(select(Position.activity_key)).all() == [TEST]
    actions.remember_position(enrolment.id, LESSON, now=LATER + timedelta(seconds=1))
    assert queries.progress_of(enrolment.id, course.edition).position_key == LESSON


def test_progress_is_one_query_for_all(course: Published, writing: Any) -> None:
    pairs = [(make_enrolment(course=course), course.edition) for _ in range(3)]
    do(pairs[0][0], LESSON)
    actions.remember_position(pairs[1][0].id, TEST, now=NOW)
    seen: list[str] = []
    event.listen(db.session.connection(), "before_cursor_execute", lambda *args: seen.append(args[2]))
    found = queries.progress_of_many([(enrolment.id, edition) for enrolment, edition in pairs])
    assert len(seen) == 1
    assert [found[enrolment.id].next_key for enrolment, _ in pairs] == [TEST, TEST, LESSON]
    assert queries.progress_of_many([]) == {}


def test_the_record_is_in_the_order_of_doing(enrolment: Enrolment) -> None:
    do(enrolment, TEST, score=0.1, passed=False, now=NOW)
    do(enrolment, LESSON, now=LATER)
    found = queries.list_records([enrolment.id])
    assert [record.activity_key for record in found[enrolment.id]] == [TEST, LESSON]


def shorter_course() -> Published:
    """The next structure of the course: its only lesson, without the test."""
    return published_course(make_course_package(with_quiz=False, changes=WITHOUT_TEST), now=LATER)


WITHOUT_TEST: dict[str, str | bytes | None] = {
    "02-judging/module.toml": None,
    "02-judging/01-in-short.en.md": None,
    "02-judging/01-in-short.ru.md": None,
}


def test_a_new_edition_moves_people_and_completes_those_who_have_all(enrolment: Enrolment) -> None:
    do(enrolment, LESSON)
    other = make_enrolment(make_user(), Published(enrolment.course_id, 0, "TST", ""))
    shorter = shorter_course()
    assert actions.reconsider(enrolment.course_id, now=LATER) is None
    assert (fresh(enrolment).status, enrolment.structure) == ("completed", 2)
    assert enrolment.completed_edition_id == shorter.edition_id
    assert (fresh(other).status, other.structure) == ("active", 2)
    actions.reconsider(enrolment.course_id, now=LATER)
    assert len(db.session.scalars(select(Certificate)).all()) == 1


def test_reconsidering_goes_in_chunks(course: Published, writing: Any) -> None:
    ids = [make_enrolment(course=course).id for _ in range(3)]
    after = actions.reconsider(course.course_id, now=NOW, limit=2)
    assert after == ids[1]
    assert actions.reconsider(course.course_id, now=NOW, limit=2, after_id=ids[1]) is None


def test_the_impact_of_an_edition_before_it_is_published(enrolment: Enrolment) -> None:
    do(enrolment, LESSON)
    package = make_course_package(with_quiz=False, changes=WITHOUT_TEST)
    courses.import_package(package, actor=OPERATOR, now=NOW)
    prepared = courses.prepare_edition(enrolment.course_id).view(NOW)
    found = queries.impact_of(enrolment.course_id, prepared)
    assert (found.running, found.become_complete, found.gain_work, found.lose_credit) == (1, 1, 0, 0)


@pytest.mark.parametrize("way", ["job", "sweep"])
def test_after_a_publication_everybody_moves_by_job_or_sweep(app: Any, database: db.Database, way: str) -> None:
    with database.write():
        course = published_course()
        ids = [make_enrolment(course=course).id for _ in range(25)]
        published_course(make_course_package(lessons=("look-first", "look-twice")), now=LATER)
        actions.reconsider_later(course.course_id)
    if way == "job":
        jobs.JOBS["progress.reconsider"](course.course_id)
    else:
        jobs.SWEEPS["progress.reconsider"](LATER)
    with database.read():
        found = db.session.scalars(select(Enrolment.structure).where(Enrolment.id.in_(ids))).all()
    assert set(found) == {2}
