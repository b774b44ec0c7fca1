"""Units of work, the language of a page, messages, addresses, lists by pages, and logs."""

from __future__ import annotations

import io
import json
import logging
import sys

import pytest
from sqlalchemy import select

from academy.foundation import audit, web
from academy.foundation.web import logs
from tests.foundation.conftest import sign_in, write_entry


def test_a_post_commits_its_unit_of_work(browser, entries):
    assert browser.post("/en/write").location == "/en/"
    assert entries() == ["test.write"]


def test_a_get_cannot_write(browser, entries):
    assert browser.get("/en/get-writes").status_code == 500
    assert entries() == []


def test_a_message_is_shown_once_and_escaped(browser):
    browser.post("/en/write")
    assert "Saved &lt;b&gt;" in browser.get("/en/").text
    assert "Saved" not in browser.get("/en/").text


def test_a_message_that_nobody_signed_is_not_shown(browser):
    browser.set_cookie("academy-said", '[["ok","forged"]]')
    assert "forged" not in browser.get("/en/").text


@pytest.mark.parametrize(("lang", "other"), [("en", "ru"), ("ru", "en")])
def test_the_switch_keeps_the_place(browser, lang, other):
    page = browser.get(f"/{lang}/help/start?page=2").text
    assert f'<html lang="{lang}"' in page
    assert f'href="/{other}/help/start?page=2"' in page


def test_addresses_keep_the_language(browser):
    assert 'href="/ru/privacy"' in browser.get("/ru/").text
    assert 'href="/en/privacy"' in browser.get("/en/").text
    assert browser.get("/de/").status_code == 404


def test_external_addresses_come_from_the_settings_and_not_from_the_request(make_small):
    app = make_small(base_url="https://academy.example/portal/")
    with app.test_request_context("/ru/", headers={"Host": "evil.example"}):
        app.preprocess_request()
        assert web.external_url("learn.help_page", page="start") == "https://academy.example/portal/ru/help/start"
        assert web.external_url("learn.home", lang="en") == "https://academy.example/portal/en/"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"])
def test_the_theme_leads_back_to_this_academy_only(browser, back):
    answer = browser.post("/en/theme", data={"theme": "dark", "back": back})
    assert answer.location == "/en/"


def test_the_theme_is_remembered(browser):
    answer = browser.post("/en/theme", data={"theme": "dark", "back": "/en/help"})
    assert answer.location == "/en/help"
    assert 'data-theme="dark"' in browser.get("/en/").text
    browser.post("/en/theme", data={"theme": "purple", "back": "/en/"})
    assert "data-theme" not in browser.get("/en/").text


def test_signing_out_clears_what_the_browser_keeps(small):
    with small.test_request_context():
        started = web.start_session(small.make_response(""), "token-1")
        cleared = web.clear_session(small.make_response(""))
    assert "academy=token-1; HttpOnly; Path=/; SameSite=Lax" in started.headers["Set-Cookie"]
    assert cleared.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Max-Age=0" in cleared.headers["Set-Cookie"]


def test_lists_come_by_pages(small, database):
    with database.write() as session:
        session.add_all(_entry(number) for number in range(1, 8))
    with small.test_request_context("/en/?page=2"):
        small.preprocess_request()
        page = web.paginate(select(audit.AuditEntry.object_id).order_by(audit.AuditEntry.id), per=3)
    assert (list(page.items), page.page, page.pages, page.total) == (["4", "5", "6"], 2, 3, 7)


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-5, 1), (99, 3), (3, 3)])
def test_a_page_that_there_is_not_is_the_nearest(small, database, asked, given):
    with database.write() as session:
        session.add_all(_entry(number) for number in range(1, 8))
    with small.test_request_context("/en/"):
        small.preprocess_request()
        page = web.paginate(select(audit.AuditEntry.id), page=asked, per=3, scalars=False)
    assert page.page == given


def test_an_empty_list_has_one_page(small):
    with small.test_request_context("/en/"):
        small.preprocess_request()
        assert web.paginate(select(audit.AuditEntry)).pages == 1


def _entry(number):
    from tests.conftest import NOW

    return audit.AuditEntry(
        at=NOW, actor_kind="system", actor_id=None, action="test", object_type="x", object_id=str(number), details={}
    )


def test_a_request_is_logged_by_its_route_and_never_by_its_address(browser, monkeypatch):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonFormatter())
    monkeypatch.setattr(logs.access_log, "handlers", [handler])
    logs.access_log.setLevel(logging.INFO)
    try:
        answer = browser.get("/en/help/secret-word")
        browser.get("/static/0123456789ab/web/app.css")
    finally:
        logs.access_log.setLevel(logging.NOTSET)
    (line,) = written.getvalue().splitlines()
    entry = json.loads(line)
    assert entry["route"] == "/<lang:lang>/help/<page>"
    assert (entry["method"], entry["status"]) == ("GET", 200)
    assert "secret-word" not in line
    assert entry["request"] == answer.headers["X-Request-Id"]


def test_a_fault_is_logged_in_one_line(caplog):
    try:
        raise ValueError("broken")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "failed %s", ("once",), sys.exc_info())
    line = logs.JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "failed once"
    assert "broken" in json.loads(line)["trace"]


def test_logs_go_to_standard_error_at_the_level_that_is_set(capsys):
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.configure("WARNING")
        logging.getLogger("academy.x").info("quiet")
        logging.getLogger("academy.x").warning("loud")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    lines = capsys.readouterr().err.strip().splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["loud"]


def test_who_has_just_signed_in_is_known_at_once(small):
    from tests.foundation.conftest import PEOPLE

    with small.test_request_context("/en/"):
        small.preprocess_request()
        assert not web.current_user.is_authenticated
        web.act_as(PEOPLE["learner"])
        assert web.current_user.uuid == "uuid-learner"


def test_behind_a_proxy_https_is_known(make_small):
    from flask import request

    app = make_small(trusted_proxies=1)
    app.add_url_rule("/<lang:lang>/scheme", "scheme", web.access(web.PUBLIC)(lambda: request.scheme))
    headers = {"X-Forwarded-Proto": "https"}
    assert app.test_client().get("/en/scheme", headers=headers).text == "https"


def test_the_menu_shows_what_is_for_this_person(browser):
    assert "/en/login" in browser.get("/en/").text
    assert "/en/admin" not in sign_in(browser, "learner").get("/en/").text
    assert "/en/admin" in sign_in(browser, "admin").get("/en/").text


def test_writing_outside_a_unit_of_work_is_a_fault(small, database):
    with small.test_request_context("/en/"):
        small.preprocess_request()
        write_entry()
        from academy.foundation import db

        with pytest.raises(RuntimeError, match="outside a unit of work"):
            db.session.flush()
        db.session.expunge_all()
