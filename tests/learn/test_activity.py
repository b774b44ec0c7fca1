"""The address of an activity: who reads it, how much it asks of the database, and when it may be kept."""

import gzip
from typing import Any

import pytest

from academy.enrolments import actions as enrolments
from academy.enrolments.models import Enrolment
from academy.foundation import db
from academy.foundation.security import OPERATOR
from academy.progress.actions import complete_activity
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.courses import Published, imported_course, make_course_package, published_course
from tests.factories.enrolments import make_enrolment
from tests.learn.conftest import LEARNER, STRANGER, TRAINER, counting

LESSON = "/en/courses/checking-documents/look-first"
MANY = tuple(f"lesson-{number}" for number in range(1, 31))


def test_a_learner_reads_the_lesson_with_the_outline_beside_it(client: Any, course: Published) -> None:
    page = client.as_(LEARNER).get(LESSON)
    assert page.status_code == 200
    assert "Look at the page before you touch it." in page.text
    assert 'aria-current="page"' in page.text
    assert 'href="#outline"' in page.text
    assert "/en/courses/checking-documents/look-first/done" in page.text


def test_only_the_present_module_shows_its_activities(client: Any, course: Published) -> None:
    page = client.as_(LEARNER).get(LESSON).text
    assert "Judging" in page
    outline = page[page.index('class="outline"') : page.index("</nav>", page.index('class="outline"'))]
    assert "/courses/checking-documents/check-1" not in outline
    assert "/courses/checking-documents#module-" in outline


def test_it_is_read_in_the_other_language(client: Any, course: Published) -> None:
    page = client.as_(LEARNER).get(LESSON.replace("/en/", "/ru/")).text
    assert "Посмотрите на страницу, прежде чем взять её в руки." in page
    assert '<html lang="ru"' in page


def test_visitors_sign_in_and_come_back(client: Any, course: Published) -> None:
    answer = client.get(LESSON)
    assert (answer.status_code, answer.location) == (303, f"/en/login?next={LESSON}")


def test_who_is_not_enrolled_is_asked_to_enrol(client: Any, course: Published) -> None:
    answer = client.as_(STRANGER).get(LESSON)
    assert answer.status_code == 403
    assert "/en/courses/checking-documents/enrol" in answer.text
    assert "before you touch it" not in answer.text


def test_who_left_is_asked_to_return(client: Any, course: Published, database: db.Database) -> None:
    client.as_(LEARNER).post("/en/courses/checking-documents/withdraw")
    answer = client.get(LESSON)
    assert answer.status_code == 403
    assert "Return to the course" in answer.text


def test_staff_read_without_being_enrolled_and_nothing_is_kept(client: Any, course: Published) -> None:
    page = client.as_(TRAINER).get(LESSON)
    assert page.status_code == 200
    assert "/look-first/done" not in page.text


@pytest.mark.parametrize("key", ["no-such", "looking"])
def test_there_is_no_such_activity(client: Any, course: Published, key: str) -> None:
    assert client.as_(LEARNER).get(f"/en/courses/checking-documents/{key}").status_code == 404


def test_a_draft_is_not_to_be_known_of(client: Any, app: Any, database: db.Database) -> None:
    with database.write():
        make_user(LEARNER)
    imported_course()
    assert client.as_(LEARNER).get(LESSON).status_code == 404


@pytest.mark.parametrize("lessons", [("look-first",), MANY])
def test_a_lesson_asks_the_database_four_times_at_most(
    client: Any, app: Any, database: db.Database, lessons: tuple[str, ...]
) -> None:
    with database.write():
        make_enrolment(make_user(LEARNER), published_course(make_course_package(lessons=lessons)))
    client.as_(LEARNER)
    address = f"/en/courses/checking-documents/{lessons[0]}"
    client.get(address)
    with counting(database) as seen:
        assert client.get(address).status_code == 200
    assert len(seen) <= 3, seen
    other = f"/en/courses/checking-documents/{lessons[-1]}".replace("/en/", "/ru/")
    with counting(database) as seen:
        assert client.get(other).status_code == 200
    assert len(seen) <= 4, seen


def test_a_big_course_makes_no_big_page(client: Any, app: Any, database: db.Database) -> None:
    with database.write():
        make_enrolment(make_user(LEARNER), published_course(make_course_package(lessons=MANY)))
    page = client.as_(LEARNER).get("/ru/courses/checking-documents/lesson-1")
    assert len(gzip.compress(page.data, 5)) < 14_000


def test_the_browser_keeps_the_page_but_asks(client: Any, course: Published) -> None:
    first = client.as_(LEARNER).get(LESSON)
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    again = client.get(LESSON, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"


def changed(client: Any, what: str, database: db.Database, course: Published) -> None:
    if what == "the lesson was read":
        with database.write():
            enrolment = db.session.query(Enrolment).one()
            complete_activity(enrolment.id, "look-first", now=NOW, actor=OPERATOR)
    elif what == "the theme":
        client.set_cookie("academy-theme", "dark")
    elif what == "another person":
        with database.write():
            enrolments.enrol(make_user("b@ministry.example").id, course.course_id, actor=OPERATOR, now=NOW)
        client.as_("b@ministry.example")
    elif what == "a new sign-in":
        client.as_(LEARNER)
    else:
        published_course(make_course_package(changes=REWORDED), now=NOW)


REWORDED: dict[str, str | bytes | None] = {
    "02-judging/module.toml": '[title]\nen = "To judge"\nru = "Оценка"\n',
}


@pytest.mark.parametrize(
    "what", ["the lesson was read", "the theme", "another person", "a new sign-in", "a new edition"]
)
def test_a_page_that_changed_is_sent_anew(client: Any, course: Published, database: db.Database, what: str) -> None:
    tag = client.as_(LEARNER).get(LESSON).headers["ETag"]
    changed(client, what, database, course)
    assert client.get(LESSON, headers={"If-None-Match": tag}).status_code == 200


def test_a_page_with_a_message_is_not_kept(client: Any, course: Published) -> None:
    tag = client.as_(LEARNER).get(LESSON).headers["ETag"]
    client.set_cookie("academy-said", "something")
    answer = client.get(LESSON, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "ETag" not in answer.headers


def test_a_quiz_page_is_never_kept(client: Any, course: Published) -> None:
    answer = client.as_(LEARNER).get("/en/courses/checking-documents/check-1")
    assert answer.status_code == 200
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("other", "shown"), [("-1", True), ("1", True), ("--1", False), ("one", False), ("99", False)])
def test_a_paragraph_in_the_other_language_beneath(client: Any, course: Published, other: str, shown: bool) -> None:
    page = client.as_(LEARNER).get(f"{LESSON}?other={other}")
    assert page.status_code == 200
    assert ("Посмотрите на страницу" in page.text) is shown


def test_what_was_done_is_ticked_in_the_outline(client: Any, course: Published) -> None:
    client.as_(LEARNER)
    assert "1 of 2 done" not in client.get(LESSON).text
    client.post(f"{LESSON}/done")
    page = client.get(LESSON).text
    assert "1 of 2 done" in page
    assert '<i class="done"></i>' in page
