"""My learning, transcript, letter, search, help, and modules to keep."""

from typing import Any

import pytest

from academy.courses import actions as courses
from academy.foundation import db, files, jobs
from academy.foundation.security import OPERATOR
from tests.conftest import NOW
from tests.factories.courses import Published
from tests.learn.conftest import LEARNER, STRANGER, TRAINER
from tests.learn.test_course import finish

MODULE = "/en/courses/checking-documents/module/looking"


def test_who_is_in_no_course_is_shown_the_way(client: Any, course: Published) -> None:
    page = client.as_(STRANGER).get("/en/my").text
    assert "You are not in any course yet" in page
    assert "/en/my/transcript" not in page


def test_my_learning_shows_what_is_left(client: Any, course: Published, database: db.Database) -> None:
    finish(database, "look-first")
    page = client.as_(LEARNER).get("/en/my").text
    assert "Continue where you were" in page
    assert "1 of 2 done" in page
    assert "about 5 min left" in page


def test_my_learning_has_the_certificate(client: Any, course: Published, database: db.Database) -> None:
    finish(database, "look-first", "check-1")
    page = client.as_(LEARNER).get("/en/my").text
    assert "completed on 9 March 2026" in page
    assert "Certificate " in page
    assert "Continue where you were" not in page


def test_the_transcript_lists_what_was_done(client: Any, course: Published, database: db.Database) -> None:
    client.as_(LEARNER)
    assert "1 of 2 done" not in client.get("/en/my/transcript").text
    finish(database, "look-first", "check-1")
    page = client.get("/en/my/transcript").text
    assert page.index("Look first") < page.index("Check yourself")
    assert "100%" in page
    assert "completed on 9 March 2026" in page
    assert "There is nothing to list yet." in client.as_(STRANGER).get("/en/my/transcript").text


def test_the_letter_asks_for_time(client: Any, course: Published, database: db.Database) -> None:
    page = client.as_(LEARNER).get("/en/my/letters/checking-documents").text
    assert "Nino Beridze" in page
    assert "“Checking documents”" in page
    assert client.as_(STRANGER).get("/en/my/letters/checking-documents").status_code == 404
    finish(database, "look-first", "check-1")
    assert "of work remain" not in client.as_(LEARNER).get("/en/my/letters/checking-documents").text


@pytest.mark.parametrize("address", ["/en/my", "/en/my/transcript", "/en/my/letters/x", f"{MODULE}/print"])
def test_ones_own_pages_are_for_those_signed_in(client: Any, address: str) -> None:
    assert client.get(address).location.startswith("/en/login?next=")


def test_the_search_finds_another_form_of_the_word(client: Any, course: Published) -> None:
    jobs.sweep_all(NOW)
    page = client.get("/en/search?q=touched").text
    assert "/en/courses/checking-documents/look-first" in page
    assert "<mark>touch</mark>" in page
    assert "Checking documents" in page
    russian = client.get("/ru/search?q=страницы").text
    assert "<mark>страницу</mark>" in russian


def test_a_course_is_found_by_its_own_words(client: Any, course: Published) -> None:
    jobs.sweep_all(NOW)
    assert 'href="/en/courses/checking-documents"' in client.get("/en/search?q=checking").text


def test_an_archived_course_is_found_by_those_in_it(client: Any, course: Published, database: db.Database) -> None:
    jobs.sweep_all(NOW)
    with database.write():
        courses.archive(course.course_id, actor=OPERATOR, now=NOW)
    assert "look-first" in client.as_(LEARNER).get("/en/search?q=touched").text
    assert "look-first" not in client.as_(None).get("/en/search?q=touched").text


def test_what_is_in_the_other_language_only_is_offered(client: Any, course: Published) -> None:
    jobs.sweep_all(NOW)
    page = client.get("/en/search?q=страницы").text
    assert "In the other language there is this" in page
    assert '<li lang="ru">' in page


def test_nothing_found_says_what_to_do(client: Any, course: Published) -> None:
    assert "Nothing was found for “&lt;b&gt;”" in client.get("/en/search?q=%3Cb%3E").text
    assert "Search for words in all courses." in client.get("/en/search?q=+").text


def test_a_module_is_printed_as_one_page(client: Any, course: Published) -> None:
    page = client.as_(LEARNER).get(f"{MODULE}/print").text
    assert "Look at the page before you touch it." in page
    assert "KB)" in page
    assert f"{MODULE}/download" in page


def test_a_module_to_keep_needs_nothing_else(client: Any, course: Published) -> None:
    answer = client.as_(LEARNER).get(f"{MODULE}/download")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="checking-documents-looking.en.html"'
    assert "data:image/svg+xml;base64," in answer.text
    assert "/files/" not in answer.text
    assert "/static/" not in answer.text
    assert "<script" not in answer.text
    russian = client.get(f"{MODULE}/download".replace("/en/", "/ru/"))
    assert "Посмотрите на страницу" in russian.text


def test_a_figure_that_is_lost_keeps_its_address(client: Any, course: Published, monkeypatch: Any) -> None:
    monkeypatch.setattr(files, "exists", lambda _sha: False)
    answer = client.as_(LEARNER).get(f"{MODULE}/download")
    assert answer.status_code == 200
    assert "/files/" in answer.text


def test_the_size_on_the_course_page_is_that_of_the_file(client: Any, course: Published) -> None:
    size = round(len(client.as_(LEARNER).get(f"{MODULE}/download").data) / 1000)
    assert f"({size} KB)" in client.get("/en/courses/checking-documents").text


def test_tests_are_not_on_paper(client: Any, course: Published) -> None:
    page = client.as_(LEARNER).get(MODULE.replace("looking", "judging") + "/print").text
    assert "Take this test on the site of the academy." in page
    assert "What comes first?" not in page


@pytest.mark.parametrize(("who", "status"), [(STRANGER, 403), (TRAINER, 200)])
@pytest.mark.parametrize("form", ["print", "download"])
def test_modules_are_for_those_who_may_read(client: Any, course: Published, who: str, status: int, form: str) -> None:
    assert client.as_(who).get(f"{MODULE}/{form}").status_code == status


def test_there_is_no_such_module(client: Any, course: Published) -> None:
    assert client.as_(LEARNER).get(MODULE.replace("looking", "no-such") + "/print").status_code == 404


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_handbook_is_shown_as_help(client: Any, lang: str) -> None:
    index = client.get(f"/{lang}/help").text
    assert f"/{lang}/help/accessibility" in index
    page = client.get(f"/{lang}/help/accessibility")
    assert page.status_code == 200
    assert "WCAG" in page.text
    assert page.text.count("<h1") == 1
    assert client.get(f"/{lang}/help/no-such").status_code == 404
