"""What is refused is refused in the reader's language, as a page or as JSON of one shape."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from wtforms import StringField
from wtforms.validators import DataRequired

from academy.foundation import audit, web
from academy.foundation.web.form_token import HEADER
from tests.foundation.conftest import sign_in

KINDS = {"not-found": 404, "not-allowed": 403, "conflict": 409, "invalid": 422, "too-many": 429, "fault": 500}
JSON = {"Accept": "application/json"}


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(("kind", "status"), KINDS.items())
def test_every_refusal_has_a_page_in_both_languages(browser, lang, kind, status):
    answer = browser.get(f"/{lang}/refuse/{kind}")
    assert answer.status_code == status
    assert f'<html lang="{lang}"' in answer.text
    assert answer.text.count("<h1>") == 1
    assert answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("kind", "status"), KINDS.items())
def test_every_refusal_has_one_json_shape(browser, kind, status):
    answer = browser.get(f"/en/refuse/{kind}", headers=JSON)
    assert answer.status_code == status
    assert set(answer.json) == {"error"}
    assert set(answer.json["error"]) == {"code", "message", "fields"}


def test_a_refusal_says_its_code_its_words_and_its_fields(browser):
    conflict = browser.get("/en/refuse/conflict", headers=JSON).json["error"]
    assert (conflict["code"], conflict["message"]) == ("lost_race", "Somebody was faster")
    invalid = browser.get("/en/refuse/invalid", headers=JSON).json["error"]
    assert invalid["fields"] == {"name": ["too long"], "": ["as a whole"]}
    assert browser.get("/en/refuse/too-many").headers["Retry-After"] == "30"


def test_a_page_that_says_what_is_wrong_is_json_for_those_who_ask(small, browser, monkeypatch):
    class NameForm(web.Form):
        name = StringField("Name", [DataRequired()])

    def view():
        form = NameForm()
        return ("<p>fine</p>", 200) if form.validate() else ("<p>wrong</p>", 422)

    monkeypatch.setitem(small.view_functions, "echo", web.access(web.PUBLIC)(view))
    error = browser.post("/ru/echo", headers=JSON).json["error"]
    assert (error["code"], error["fields"]) == ("invalid", {"name": ["Обязательное поле."]})
    assert browser.post("/ru/echo").text == "<p>wrong</p>"
    assert browser.post("/ru/echo", data={"name": "x"}, headers=JSON).text == "<p>fine</p>"


def test_a_fault_tells_its_number_and_nothing_else(browser, caplog):
    answer = browser.get("/en/refuse/fault")
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert "secret detail" in caplog.text


def test_an_unknown_address_answers_in_the_readers_language(browser):
    russian = {"Accept-Language": "ru-RU,ru;q=0.9"}
    assert '<html lang="ru"' in browser.get("/nowhere", headers=russian).text
    assert '<html lang="en"' in browser.get("/en/nowhere", headers=russian).text
    assert browser.get("/en/nowhere", headers=JSON).json["error"]["code"] == "not_found"


def test_a_wrong_method_names_the_right_ones(browser):
    answer = browser.delete("/en/tiny")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_too_large_a_request_is_refused_in_words(make_small):
    client = make_small(upload_mb=1).test_client()
    answer = client.post("/ru/write", data={"file": "x" * 1_100_000})
    assert answer.status_code == 413
    assert '<html lang="ru"' in answer.text
    refused = client.post("/ru/write", data={"file": "x" * 1_100_000}, headers={HEADER: "-"}, without_token=True)
    assert refused.status_code == 400


def test_a_foreign_host_name_is_refused(browser):
    assert browser.get("/en/tiny", headers={"Host": "evil.example"}).status_code == 400


def test_a_refused_attempt_is_written_down_with_codes_only(browser, database):
    sign_in(browser, "learner").get("/en/trainers")
    with database.read() as session:
        entry = session.scalars(select(audit.AuditEntry)).one()
    assert (entry.outcome, entry.actor_id, entry.object_id) == ("refused", 1, "trainers")
    assert entry.details == {"method": "GET", "arguments": []}


def test_a_refusal_inside_a_unit_of_work_takes_everything_back(browser, entries):
    assert browser.post("/en/break").status_code == 409
    assert entries() == []


def test_a_message_is_translated_when_it_is_shown(browser):
    english, russian = (browser.post(f"/{lang}/break").text for lang in ("en", "ru"))
    assert "Please sign in again" in english
    assert 'lang="ru"' in russian
