"""Forms carry a token of this browser and this person, masked anew each time."""

from __future__ import annotations

import re

from academy.foundation.web.form_token import FIELD, HEADER
from tests.foundation.conftest import sign_in


def _token(browser):
    return browser.get("/form-token").json["token"]


def test_without_a_token_nothing_is_written_and_what_was_typed_is_kept(browser, entries):
    sent = {"name": "Нино", "password": "hush", "password_again": "hush"}
    answer = browser.post("/ru/write?x=1", data=sent, without_token=True)
    assert answer.status_code == 400
    assert 'name="name" value="Нино"' in answer.text
    assert 'action="/ru/write?x=1"' in answer.text
    assert "hush" not in answer.text
    assert entries() == []


def test_the_page_that_asks_again_can_be_sent(browser, entries):
    asked = browser.post("/en/write", data={"name": "Nino"}, without_token=True)
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text.split("<main")[1]))
    answer = browser.post("/en/write", data=fields, without_token=True)
    assert answer.status_code == 303
    assert entries() == ["test.write"]


def test_the_token_goes_in_a_field_or_a_header(browser, entries):
    assert browser.post("/en/write", data={FIELD: _token(browser)}, without_token=True).status_code == 303
    assert browser.post("/en/write", headers={HEADER: _token(browser)}, without_token=True).status_code == 303
    assert entries() == ["test.write", "test.write"]


def test_each_form_has_another_mask_over_the_same_token(browser):
    first, second = _token(browser), _token(browser)
    assert first != second
    for token in (first, second):
        assert browser.post("/en/write", data={FIELD: token}, without_token=True).status_code == 303


def test_another_browsers_token_does_not_fit(small, browser):
    _token(browser)
    other = _token(small.test_client())
    assert browser.post("/en/write", data={FIELD: other}, without_token=True).status_code == 400


def test_another_persons_token_does_not_fit(browser):
    token = _token(browser)
    answer = sign_in(browser, "learner").post("/en/write", data={FIELD: token}, without_token=True)
    assert answer.status_code == 400


def test_garbage_is_no_token(browser):
    good = _token(browser)
    for bad in ("", "x", "ж", good[:-8], good[4:], good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB")):
        assert browser.post("/en/write", data={FIELD: bad}, without_token=True).status_code == 400


def test_scripts_get_one_json_shape(browser):
    answer = browser.post("/en/write", headers={"Accept": "application/json"}, without_token=True)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "form_token")


def test_a_get_makes_no_session_and_a_page_without_a_form_no_cookie(browser):
    assert browser.get("/en/tiny").headers.getlist("Set-Cookie") == []
    cookies = browser.get("/en/").headers.getlist("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["academy-form"]
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]


def test_with_https_cookies_are_bound_to_the_host(make_small):
    client = make_small(base_url="https://academy.example").test_client()
    cookie = client.get("/en/", headers={"Host": "academy.example"}).headers["Set-Cookie"]
    assert cookie.startswith("__Host-academy-form=")
    assert "Secure" in cookie
