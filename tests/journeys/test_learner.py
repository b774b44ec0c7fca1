"""Whole stories of a learner, in both languages, without script: everything by links and forms."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.certificates.models import Certificate
from academy.courses.models import Edition
from academy.enrolments.models import Enrolment
from academy.foundation import clock, db, jobs
from academy.foundation.mail import Mail
from tests.conftest import NOW
from tests.factories.accounts import PASSWORD, make_state, make_user
from tests.factories.courses import Published, make_course_package, published_course
from tests.journeys.browser import Browser

EMAIL = "anvar@border.example"
COURSE = "/courses/checking-documents"
TWO_LESSONS = ("look-first", "look-twice")
WORDS = {
    "en": {"right": "Look", "wrong": "Cut", "lesson": "before you touch it", "title": "Checking documents"},
    "ru": {"right": "Посмотреть", "wrong": "Разрезать", "lesson": "взять её в руки", "title": "Проверка документов"},
}


@pytest.fixture
def course(app: Flask, database: db.Database) -> Published:
    with database.write():
        make_state()
        return published_course(make_course_package(lessons=TWO_LESSONS))


@pytest.fixture
def browser(app: Flask, lang: str) -> Browser:
    return Browser(app, accept=lang)


def other(lang: str) -> str:
    return "en" if lang == "ru" else "ru"


def mails(database: db.Database, to: str = EMAIL) -> list[Mail]:
    jobs.sweep_all(clock.now())
    with database.read():
        return list(db.session.scalars(select(Mail).where(Mail.to_address == to).order_by(Mail.id)))


def address_in(mail: Mail, part: str) -> str:
    found = re.search(rf"http://localhost(/\S*{part}\S*)", mail.body)
    assert found, mail.body
    return found[1]


def register(browser: Browser, lang: str) -> None:
    browser.follow(to="/register")
    browser.send(
        "/register",
        name_latin="Anvar Qosimov",
        email=EMAIL,
        state_code="GE",
        institution_type="border",
        password=PASSWORD,
        consent="y",
    )
    assert (browser.status, browser.path) == (200, f"/{lang}/confirm")


def sign_in(browser: Browser, lang: str, email: str = EMAIL) -> None:
    browser.visit(f"/{lang}/login").send("/login", email=email, password=PASSWORD)
    assert browser.status == 200


def take_test(browser: Browser, lang: str, answer: str, *, switch: bool = False) -> None:
    """Starts the test that is shown, answers, looks at the review and hands in."""
    browser.send("/start")
    assert "/attempts/" in browser.path
    browser.send("/save", choose=(WORDS[lang][answer],), press=f"then={other(lang)}" if switch else "")
    if switch:
        assert browser.lang == other(lang)
        assert WORDS[other(lang)][answer] in browser.text
        browser.switch()
    browser.send("/save", press="then=review")
    browser.send("/submit")


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_from_the_first_visit_to_a_certificate_that_anyone_can_verify(
    browser: Browser, course: Published, database: db.Database, app: Flask, lang: str
) -> None:
    # A first visit opens in the browser's language; the course says what it asks.
    browser.visit("/")
    assert (browser.path, browser.lang) == (f"/{lang}/", lang)
    browser.follow(to=COURSE)
    assert WORDS[lang]["title"] in browser.text
    assert "/look-first" not in browser.text

    # Register, confirm by the link in the mail.
    register(browser, lang)
    [mail] = mails(database)
    assert mail.language == lang
    browser.visit(address_in(mail, "/confirm/")).send("/confirm", password=PASSWORD)
    assert browser.status == 200
    assert browser.lang == lang

    # Enrol and read; the language is changed in between and the place stays.
    browser.visit(f"/{lang}{COURSE}").send("/enrol")
    browser.follow(to="/look-first")
    assert WORDS[lang]["lesson"] in browser.text
    browser.switch()
    assert WORDS[other(lang)]["lesson"] in browser.text
    browser.switch().send("/look-first/done")
    assert browser.path == f"/{lang}{COURSE}/look-twice"

    # A break: the next sign-in offers to go on there.
    browser.send("/logout")
    browser.visit(f"/{lang}/my")
    assert browser.path == f"/{lang}/login"
    sign_in(browser, lang)
    browser.visit(f"/{lang}/")
    browser.follow(to=f"{COURSE}/look-twice").send("/look-twice/done")
    assert browser.path == f"/{lang}{COURSE}/check-1"

    # The final test: failed once, then passed, with the language changed on the way.
    take_test(browser, lang, "wrong")
    browser.visit(f"/{lang}{COURSE}/check-1")
    take_test(browser, lang, "right", switch=True)

    # The name is confirmed, the certificate is there at once.
    browser.visit(f"/{lang}{COURSE}")
    with database.read():
        [enrolment] = db.session.scalars(select(Enrolment)).all()
        assert enrolment.status == "completed"
    browser.follow(to="/certificates/name").send("/certificates/name", press="confirm=1")
    assert browser.path == f"/{lang}/certificates"
    with database.read():
        [certificate] = db.session.scalars(select(Certificate)).all()
    browser.visit(f"/{lang}{COURSE}").follow(to=f"/certificates/{certificate.uuid}")
    assert certificate.number in browser.text

    # Anyone verifies it, in either language.
    anyone = Browser(app, accept=other(lang)).visit(f"/verify/{certificate.code}")
    assert anyone.status == 200
    assert "Anvar Qosimov" in anyone.text
    for shown in ("en", "ru"):
        anyone.visit(f"/{shown}/verify/{certificate.code}")
        assert (anyone.status, anyone.lang) == (200, shown)
        assert WORDS[shown]["title"] in anyone.text

    # The transcript has it all; each mail was in the person's language.
    browser.visit(f"/{lang}/my/transcript")
    assert certificate.number in browser.text
    assert {mail.language for mail in mails(database)} == {lang}


@pytest.mark.parametrize("lang", ["ru"])
def test_from_a_russian_link_everything_is_russian(browser: Browser, course: Published, lang: str) -> None:
    browser.visit(f"/ru{COURSE}/look-first")
    assert (browser.path, browser.lang) == ("/ru/login", "ru")
    browser.follow(to="/register")
    assert browser.lang == "ru"


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_way_back_after_signing_in(browser: Browser, course: Published, database: db.Database, lang: str) -> None:
    with database.write():
        make_user(EMAIL, language=lang)
    browser.visit(f"/{lang}{COURSE}/look-first")
    assert browser.path == f"/{lang}/login"
    browser.send("/login", email=EMAIL, password=PASSWORD)
    assert browser.path == f"/{lang}{COURSE}/look-first"
    browser.send("/enrol")
    assert browser.path == f"/{lang}{COURSE}"


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_an_answer_is_kept_when_the_line_breaks(
    browser: Browser, course: Published, database: db.Database, app: Flask, lang: str
) -> None:
    with database.write():
        make_user(EMAIL, language=lang)
    sign_in(browser, lang)
    browser.visit(f"/{lang}{COURSE}").send("/enrol").visit(f"/{lang}{COURSE}/check-1").send("/start")
    attempt = browser.path
    browser.send("/save", choose=(WORDS[lang]["right"],))
    phone = Browser(app, accept=lang)
    sign_in(phone, lang)
    phone.visit(f"/{lang}{COURSE}/check-1").follow(to="/attempts/")
    assert phone.path == attempt
    chosen = [item.label for item in phone.form("/save").fields if item.kind == "radio" and item.chosen]
    assert chosen == [WORDS[lang]["right"]]


@pytest.mark.parametrize("lang", ["en"])
def test_leaving_and_coming_back_keeps_the_progress(
    browser: Browser, course: Published, database: db.Database, lang: str
) -> None:
    with database.write():
        make_user(EMAIL)
    sign_in(browser, lang)
    browser.visit(f"/en{COURSE}").send("/enrol").follow(to="/look-first").send("/look-first/done")
    browser.visit(f"/en{COURSE}").send("/withdraw")
    assert browser.visit(f"/en{COURSE}/look-twice").status == 403
    browser.send("/enrol")
    assert "1 of 3 done" in browser.text
    browser.follow(to="/look-twice", says="Continue")


@pytest.mark.parametrize("lang", ["en"])
def test_a_new_edition_moves_those_who_are_in_it(
    browser: Browser, course: Published, database: db.Database, lang: str
) -> None:
    with database.write():
        make_user(EMAIL)
    sign_in(browser, lang)
    browser.visit(f"/en{COURSE}").send("/enrol").follow(to="/look-first").send("/look-first/done")
    with database.write():
        published_course(make_course_package(lessons=(*TWO_LESSONS, "look-thrice")), now=NOW)
    jobs.sweep_all(NOW)
    browser.visit(f"/en{COURSE}")
    assert "1 of 4 done" in browser.text
    with database.read():
        assert len(db.session.scalars(select(Edition)).all()) == 2


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_pressing_twice_makes_one_result(
    browser: Browser, course: Published, database: db.Database, lang: str, monkeypatch: Any
) -> None:
    with database.write():
        make_user(EMAIL, language=lang)
    sign_in(browser, lang)
    browser.visit(f"/{lang}{COURSE}").send("/enrol").send("/logout")
    sign_in(browser, lang)
    browser.visit(f"/{lang}{COURSE}/check-1").send("/start")
    browser.send("/save", choose=(WORDS[lang]["right"],), press="then=review")
    review = (browser.path, browser.forms)
    browser.send("/submit")
    first = browser.path
    browser.path, browser.forms = review
    assert browser.send("/submit").path == first
    assert browser.status == 200
