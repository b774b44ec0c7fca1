"""Headers of every answer, static files, and compression."""

from __future__ import annotations

import gzip
import re

import pytest

from academy.foundation import web
from academy.foundation.web.assets import load

PACKED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("address", ["/en/", "/en/nowhere", "/form-token", "/en/refuse/fault"])
def test_every_answer_is_safe(browser, address):
    headers = browser.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    for part in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_with_https_browsers_stay_with_https(make_small):
    client = make_small(base_url="https://academy.example").test_client()
    answer = client.get("/en/tiny", headers={"Host": "academy.example"})
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_no_page_has_inline_code_or_a_foreign_address(browser):
    page = browser.get("/en/").text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\s(on\w+|style)=", page)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", page)


def test_pages_are_packed_unless_they_echo_what_was_sent(browser):
    page = browser.get("/en/echo", headers=PACKED)
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["Vary"]
    assert b"<html" in gzip.decompress(page.data)
    for echoing in (browser.get("/en/echo?text=a", headers=PACKED), browser.post("/en/echo", headers=PACKED)):
        assert "Content-Encoding" not in echoing.headers


def test_small_answers_and_old_browsers_get_plain_text(browser):
    assert "Content-Encoding" not in browser.get("/en/tiny", headers=PACKED).headers
    assert "Content-Encoding" not in browser.get("/en/echo").headers


def test_static_files_are_kept_for_ever_under_their_hash(small, browser):
    with small.test_request_context():
        address = web.asset("web/app.css")
    answer = browser.get(address, headers=PACKED)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert gzip.decompress(answer.data) == browser.get(address).data


def test_an_older_release_of_a_static_file_is_not_kept(browser):
    answer = browser.get("/static/0123456789ab/web/app.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("name", ["web/none.css", "../settings.py", "web/../../settings.py", "foundation/web/app.css"])
def test_nothing_else_is_served(browser, name):
    assert browser.get(f"/static/0123456789ab/{name}").status_code == 404


def test_naming_a_static_file_that_is_not_there_is_a_fault(small):
    with small.test_request_context(), pytest.raises(LookupError, match=r"web/none\.css"):
        web.asset("web/none.css")


def test_the_hash_follows_the_files(tmp_path):
    room = tmp_path / "room" / "static"
    room.mkdir(parents=True)
    (room / "a.js").write_text("one")
    first = load.__wrapped__(tmp_path)
    (room / "a.js").write_text("two")
    second = load.__wrapped__(tmp_path)
    assert list(first.files) == ["room/a.js"]
    assert first.version != second.version
