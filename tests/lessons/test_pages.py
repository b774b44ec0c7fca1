"""The page of a lesson, going on, reporting a mistake, figures: over HTTP."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from academy.courses import queries
from academy.courses.models import MistakeReport
from academy.enrolments import actions as enrolments
from academy.foundation import db
from academy.foundation.audit import AuditEntry
from academy.foundation.mail import Mail
from academy.foundation.security import OPERATOR
from academy.lessons import actions
from academy.progress.models import Completion, Position
from tests.conftest import NOW
from tests.factories import accounts, courses

ADDRESS = "/{}/courses/checking-documents/look-first"
RU = "01-looking/01-look-first.ru.md"
BEHIND = {"title_of": "0" * 16}


@pytest.fixture
def learner(app, database):
    """Somebody who is in the course; the fixture gives their address."""

    def enrol(**options):
        published = courses.published_course(**options)
        with database.write():
            user = accounts.make_user()
            enrolments.enrol(user.id, published.course_id, actor=OPERATOR, now=NOW)
            return user.email

    return enrol


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_the_lesson_reads_well_in_both_languages(client, learner):
    client.as_(learner())
    page = client.get(ADDRESS.format("ru"))
    html = page.get_data(as_text=True)
    assert page.status_code == 200
    assert '<h1 class="lesson-title">Сначала посмотреть</h1>' in html
    assert '<div class="block" id="b2"><h2>Порядок</h2>' in html
    assert re.search(
        r'<img src="/files/[0-9a-f]{64}/tilt.ru.svg" alt="Страницу наклоняют" width="640" height="250"', html
    )
    assert 'loading="lazy"' in html
    assert "ICAO Doc 9303" in html
    english = client.get(ADDRESS.format("en")).get_data(as_text=True)
    assert "Facts checked on" in english
    assert "lesson 1 of 1" in english
    assert 'lang="en"' in re.search(r"<html[^>]*>", english)[0]
    assert "said warn" not in english


def test_any_paragraph_can_be_seen_in_the_other_language_without_script(client, learner):
    client.as_(learner())
    page = client.get(ADDRESS.format("en")).get_data(as_text=True)
    assert 'href="?other=1#b1"' in page
    assert "beneath" not in page
    one = client.get(ADDRESS.format("en") + "?other=1").get_data(as_text=True)
    assert one.count('class="beneath" lang="ru"') == 1
    assert "Посмотрите на страницу" in one
    assert "Отклонение" not in one
    every = client.get(ADDRESS.format("en") + "?other=-1").get_data(as_text=True)
    assert every.count('class="beneath" lang="ru"') == 5
    nothing = client.get(ADDRESS.format("en") + "?other=99").get_data(as_text=True)
    assert "beneath" not in nothing


def test_a_missing_translation_is_said_and_marked(client, learner):
    course = courses.package_files()["course.toml"].decode()
    course = course.replace('source = "en"', 'source = "en"\nin_preparation = ["ru"]')
    client.as_(learner(changes={RU: None, "course.toml": course}))
    html = client.get(ADDRESS.format("ru")).get_data(as_text=True)
    assert "said warn" in html
    assert '<div class="text lesson" lang="en">' in html
    assert "?other=" not in html
    assert "said warn" not in client.get(ADDRESS.format("en")).get_data(as_text=True)


def test_an_outdated_translation_is_shown_and_marked(client, learner):
    behind = courses.package_files()[RU].decode().replace('"\n+++', f'"\nof = "{"a" * 16}"\n+++', 1)
    client.as_(learner(changes={RU: behind}))
    html = client.get(ADDRESS.format("ru")).get_data(as_text=True)
    assert "said warn" in html
    assert "Посмотрите на страницу" in html
    assert "said warn" not in client.get(ADDRESS.format("en")).get_data(as_text=True)


def test_reading_on_is_kept_and_leads_to_the_next_activity(client, learner, database):
    client.as_(learner())
    answer = client.post(ADDRESS.format("ru") + "/done")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ru/courses/checking-documents/check-1")
    with database.read():
        assert db.session.scalars(select(Completion.activity_key)).all() == ["look-first"]
        assert db.session.scalars(select(Position.activity_key)).all() == ["check-1"]
        entries = db.session.scalars(select(AuditEntry.action).where(AuditEntry.actor_kind == "user")).all()
        assert entries == ["progress.activity_completed"]
    assert client.post(ADDRESS.format("ru") + "/done").status_code == 303
    page = client.get(ADDRESS.format("en")).get_data(as_text=True)
    assert "Read, continue" not in page
    assert "Continue" in page


def test_after_the_last_lesson_comes_the_course(client, learner):
    client.as_(learner(with_quiz=False))
    answer = client.post("/en/courses/checking-documents/in-short/done")
    assert answer.headers["Location"] == "/en/courses/checking-documents"


def test_going_on_is_for_those_who_are_enrolled(client, learner, database):
    learner()
    with database.write():
        other = accounts.make_user().email
    assert client.post(ADDRESS.format("en") + "/done").status_code in (303, 401, 403)
    client.as_(other)
    assert client.post(ADDRESS.format("en") + "/done").status_code == 403
    assert client.post("/en/courses/checking-documents/nothing/done").status_code == 404
    assert client.post("/en/courses/nothing/look-first/done").status_code == 404
    with database.read():
        assert db.session.scalars(select(Completion)).all() == []


def test_a_quiz_is_not_done_by_reading(client, learner):
    client.as_(learner())
    assert client.post("/en/courses/checking-documents/check-1/done").status_code == 404


def test_a_mistake_is_reported_to_those_who_look_after_the_course(client, learner, database):
    email = learner()
    with database.write():
        own = accounts.make_user()
        accounts.make_grant(own, "reviser", scope="course", scope_id="TST")
        everywhere = accounts.make_user()
        accounts.make_grant(everywhere, "trainer")
        own_email = own.email
    client.as_(email)
    form = client.get(ADDRESS.format("en") + "/mistake")
    assert (form.status_code, "Send report" in form.get_data(as_text=True)) == (200, True)
    assert client.post(ADDRESS.format("en") + "/mistake", data={"text": "no"}).status_code == 422
    kept = client.post(ADDRESS.format("en") + "/mistake", data={"text": "  "}).get_data(as_text=True)
    assert "errors" in kept
    sent = client.post(ADDRESS.format("ru") + "/mistake", data={"text": "Здесь опечатка <b>."})
    assert (sent.status_code, sent.headers["Location"]) == (303, ADDRESS.format("ru"))
    with database.read():
        report = db.session.scalars(select(MistakeReport)).one()
        assert (report.activity_key, report.language, report.text) == ("look-first", "ru", "Здесь опечатка <b>.")
        mails = db.session.scalars(select(Mail).where(Mail.template == "lessons/mail/mistake")).all()
        assert [mail.to_address for mail in mails] == [own_email]
        assert "Здесь опечатка <b>." in mails[0].body
        assert "http://localhost/ru/courses/checking-documents/look-first" in mails[0].body
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "lessons.mistake_reported")).one()
        assert "опечатка" not in str(entry.details)


def test_without_caretakers_of_its_own_all_trainers_hear_of_it(client, learner, database):
    client.as_(learner())
    with database.write():
        user = accounts.make_user()
        accounts.make_grant(user, "trainer")
        email = user.email
    client.post(ADDRESS.format("en") + "/mistake", data={"text": "Something is wrong."})
    with database.read():
        assert db.session.scalars(select(Mail.to_address).where(Mail.template == "lessons/mail/mistake")).all() == [
            email
        ]


def test_nobody_floods_the_caretakers(client, learner, database, monkeypatch):
    monkeypatch.setattr(actions, "MOST_REPORTS", 1)
    client.as_(learner())
    assert client.post(ADDRESS.format("en") + "/mistake", data={"text": "First mistake"}).status_code == 303
    assert client.post(ADDRESS.format("en") + "/mistake", data={"text": "Second mistake"}).status_code == 429
    with database.read():
        assert db.session.scalars(select(MistakeReport.text)).all() == ["First mistake"]


def test_figures_of_editions_are_served_harmlessly_for_ever(client, learner, database):
    learner()
    with database.read():
        edition = queries.get_edition(queries.newest_edition_id(queries.find_course_id("TST")))
        html = queries.get_part(edition.activity("look-first").parts["en"])["blocks"][2][1]
    address = re.search(r'src="([^"]+)"', html)[1]
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (200, "image/svg+xml")
    assert answer.get_data() == courses.package_files()["media/tilt.en.svg"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert "public" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_figures_of_drafts_are_not_served(client, app, database):
    courses.imported_course()
    with database.read():
        sha = queries.load_draft(queries.find_course_id("TST")).media[0].sha
    assert client.get(f"/files/{sha}/tilt.en.svg").status_code == 404
    assert client.get("/files/../../etc/passwd").status_code == 404
