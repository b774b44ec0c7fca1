"""The catalogue, the page of a course, and the one clear button."""

from datetime import date, timedelta
from typing import Any

import pytest

from academy.courses import actions as courses
from academy.enrolments import actions as enrolments
from academy.enrolments.models import Enrolment
from academy.foundation import clock, db
from academy.foundation.audit import AuditEntry
from academy.foundation.security import OPERATOR
from academy.progress.actions import complete_activity
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.courses import Published, make_course_package, package_files, published_course
from tests.factories.enrolments import make_enrolment
from tests.learn.conftest import LEARNER, STRANGER, TRAINER, counting

COURSE = "/en/courses/checking-documents"


def finish(database: db.Database, *keys: str) -> None:
    with database.write():
        enrolment = db.session.query(Enrolment).filter_by(status="active").first()
        assert enrolment is not None
        for key in keys:
            passed = True if key.startswith("check") else None
            complete_activity(enrolment.id, key, now=NOW, actor=OPERATOR, score=passed and 1.0, passed=passed)


def test_the_catalogue_shows_what_is_published(client: Any, course: Published) -> None:
    page = client.get("/en/").text
    assert "Checking documents" in page
    assert "How to look at a document." in page
    assert "Preventing and combating illegal migration" in page
    assert "English · Russian" in page
    assert "Проверка документов" in client.get("/ru/").text


def test_an_empty_catalogue_says_so(client: Any) -> None:
    assert "No course is open yet" in client.get("/en/").text


def test_the_old_word_leads_to_the_catalogue(client: Any) -> None:
    assert client.get("/en/courses").location == "/en/"


@pytest.mark.parametrize(
    ("asked", "shown"), [("theme=T1", True), ("theme=T2", False), ("in=ru", True), ("theme=T1&in=xx", False)]
)
def test_filters_are_links(client: Any, course: Published, asked: str, shown: bool) -> None:
    page = client.get(f"/en/?{asked}").text
    assert ("How to look at a document." in page) is shown
    assert ("No course fits these filters" in page) is not shown


def other_course_file(old: str, new: str) -> dict[str, str | bytes | None]:
    text = package_files()["course.toml"].decode()
    assert old in text
    return {"course.toml": text.replace(old, new)}


def test_what_is_not_whole_is_in_preparation(client: Any, app: Any, database: db.Database) -> None:
    changes = other_course_file('source = "en"', 'source = "en"\nin_preparation = ["ru"]')
    with database.write():
        made = published_course(make_course_package(changes=changes | {"01-looking/01-look-first.ru.md": None}))
        make_enrolment(make_user(LEARNER), made)
    assert "Russian in preparation" in client.get("/en/").text
    assert "How to look at a document." not in client.get("/en/?in=ru").text
    assert 'class="note narrow gap"' not in client.get(COURSE).text
    assert 'class="note narrow gap"' in client.get(COURSE.replace("/en/", "/ru/")).text
    lesson = client.as_(LEARNER).get("/ru/courses/checking-documents/look-first").text
    assert 'lang="en">' in lesson
    assert "Look at the page before you touch it." in lesson
    printed = client.get("/ru/courses/checking-documents/module/looking/print").text
    assert '<section lang="en">' in printed


def test_the_card_carries_ones_own_progress(client: Any, course: Published, database: db.Database) -> None:
    finish(database, "look-first")
    page = client.as_(LEARNER).get("/en/").text
    assert "1 of 2 done" in page
    assert "Continue where you were" in page
    assert "Continue: final test" in page or "Continue: module 2, knowledge check" in page
    assert "Continue where you were" not in client.as_(STRANGER).get("/en/").text


def test_the_catalogue_asks_as_often_for_one_course_as_for_six(client: Any, app: Any, database: db.Database) -> None:
    def ask() -> int:
        client.get("/en/")
        with counting(database) as seen:
            assert client.get("/en/").status_code == 200
        return len(seen)

    with database.write():
        learner = make_user(LEARNER)
        make_enrolment(learner, published_course(code="C0", slug="course-0"))
    client.as_(LEARNER)
    one = ask()
    with database.write():
        for number in range(1, 6):
            made = published_course(code=f"C{number}", slug=f"course-{number}")
            enrolments.enrol(learner.id, made.course_id, actor=OPERATOR, now=NOW)
    assert ask() == one


def test_a_visitor_is_told_what_the_course_is_and_asks(client: Any, course: Published) -> None:
    page = client.get(COURSE).text
    assert "check a document" in page
    assert "complete the 1 required activity" in page
    assert "reach at least 50% in the final test (as many attempts as you like)" in page
    assert "Sign in to enrol" in page
    assert f"/en/login?next={COURSE}" in page
    assert "/look-first" not in page


def test_one_enrols_by_one_button(client: Any, course: Published, database: db.Database) -> None:
    client.as_(STRANGER)
    assert f'action="{COURSE}/enrol"' in client.get(COURSE).text
    answer = client.post(f"{COURSE}/enrol")
    assert (answer.status_code, answer.location) == (303, COURSE)
    page = client.get(COURSE).text
    assert "You are enrolled." in page
    assert "Begin: module 1, lesson 1" in page


def test_pressing_twice_does_no_harm(client: Any, course: Published, database: db.Database) -> None:
    client.as_(STRANGER)
    assert {client.post(f"{COURSE}/enrol").status_code for _ in range(2)} == {303}
    with database.read() as session:
        assert session.query(Enrolment).count() == 2
        assert session.query(AuditEntry).filter_by(action="enrolments.enrolled").count() == 2


def test_leaving_keeps_what_was_done(client: Any, course: Published, database: db.Database) -> None:
    finish(database, "look-first")
    client.as_(LEARNER)
    assert "Withdraw from the course" in client.get(COURSE).text
    assert client.post(f"{COURSE}/withdraw").location == COURSE
    page = client.get(COURSE).text
    assert "Return to the course" in page
    assert client.post(f"{COURSE}/withdraw").status_code == 404
    client.post(f"{COURSE}/enrol")
    assert "1 of 2 done" in client.get(COURSE).text


def test_the_button_goes_on_where_one_was(client: Any, course: Published, database: db.Database) -> None:
    finish(database, "look-first")
    page = client.as_(LEARNER).get(COURSE).text
    assert f'href="{COURSE}/check-1">Continue:' in page
    assert "about 5 min left" in page


def test_at_the_end_there_is_the_certificate(client: Any, course: Published, database: db.Database) -> None:
    finish(database, "look-first", "check-1")
    page = client.as_(LEARNER).get(COURSE).text
    assert "Get the certificate" in page
    assert page.count('<span class="sr">done: </span>') >= 5
    assert "left" not in page[page.index("act") : page.index("What you will")].split("meta reached")[1]


def test_without_the_name_the_button_asks_for_it(client: Any, app: Any, database: db.Database) -> None:
    with database.write():
        make_enrolment(make_user(LEARNER, name_confirmed_at=None), published_course())
    finish(database, "look-first", "check-1")
    assert "Confirm your name for the certificate" in client.as_(LEARNER).get(COURSE).text


def test_where_an_admin_issues_one_waits(client: Any, app: Any, database: db.Database) -> None:
    with database.write():
        make_enrolment(make_user(LEARNER), published_course(issue="queue"))
    finish(database, "look-first", "check-1")
    assert "An administrator will issue your certificate" in client.as_(LEARNER).get(COURSE).text
    assert "The certificate is being prepared." in client.get("/en/my").text


def test_a_course_without_a_certificate_can_be_read_again(client: Any, app: Any, database: db.Database) -> None:
    changes = other_course_file('kind = "completion"', 'kind = "none"')
    with database.write():
        make_enrolment(make_user(LEARNER), published_course(make_course_package(changes=changes)))
    page = client.as_(LEARNER).get(COURSE).text
    assert "How to complete the course" in page
    assert "confirm how your name is written" not in page
    finish(database, "look-first", "check-1")
    assert "You can read it again at any time." in client.get(COURSE).text


def test_a_course_without_a_final_test_asks_for_none(client: Any, app: Any) -> None:
    published_course(make_course_package(with_quiz=False))
    page = client.get(COURSE).text
    assert "complete all 2 required activities" in page
    assert "final test" not in page


def test_the_deadline_is_in_ones_own_time_and_utc(client: Any, course: Published, database: db.Database) -> None:
    due_on = clock.now().date() + timedelta(days=30)
    with database.write():
        enrolment = db.session.query(Enrolment).one()
        enrolments.extend(enrolment.id, due_on=due_on, actor=OPERATOR, now=clock.now())
    for address in (COURSE, "/en/my", "/en/"):
        page = client.as_(LEARNER).get(address).text
        assert "23:59 (Asia/Dushanbe), 18:59 UTC" in page
        assert "due by" in page


def test_a_deadline_that_has_passed_is_said_kindly(client: Any, course: Published, database: db.Database) -> None:
    with database.write():
        enrolment = db.session.query(Enrolment).one()
        enrolments.extend(enrolment.id, due_on=date(2026, 3, 10), actor=OPERATOR, now=NOW)
    assert "was due on 10 March 2026" in client.as_(LEARNER).get(COURSE).text


def test_staff_read_the_outline_with_links(client: Any, course: Published) -> None:
    page = client.as_(TRAINER).get(COURSE).text
    assert "You read this course as one of its staff." in page
    assert f"{COURSE}/look-first" in page


def test_an_archived_course_stays_with_those_who_are_in_it(
    client: Any, course: Published, database: db.Database
) -> None:
    with database.write():
        courses.archive(course.course_id, actor=OPERATOR, now=NOW)
    assert client.as_(STRANGER).get(COURSE).status_code == 404
    assert client.get(f"{COURSE}/look-first").status_code == 403
    assert client.as_(LEARNER).get(COURSE).status_code == 200
    assert "Checking documents" not in client.as_(None).get("/en/").text


def test_there_is_no_such_course(client: Any) -> None:
    assert client.get("/en/courses/no-such").status_code == 404
