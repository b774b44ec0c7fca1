"""L13, G02, L03, C14, D02: nobody is sent elsewhere, and addresses are made of what the academy knows."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import update

from academy.accounts.actions.codes import issue_code
from academy.accounts.models import EmailToken, Purpose, User
from academy.foundation import clock
from academy.foundation.mail import Mail
from academy.foundation.web.paging import page_address
from tests.accounts.test_addresses import ELSEWHERE
from tests.factories.accounts import PASSWORD, make_user

PLACES = [
    *ELSEWHERE,
    "/\t/evil.example",
    "/\r/evil.example",
    "/\n/evil.example",
    "/ /evil.example",
    "/\x00/evil.example",
]


def leads_elsewhere(location: str | None) -> bool:
    """Whether a browser would leave the academy: it drops tabs and line ends, and takes backslashes for slashes."""
    if location is None:
        return False
    seen = re.sub(r"[\t\r\n]", "", location).replace("\\", "/").strip()
    return bool(urlsplit(seen).netloc or urlsplit(seen).scheme) or seen.startswith("//")


@pytest.fixture
def person(app, database):
    with database.write():
        make_user("learner@ministry.example")
    return "learner@ministry.example"


@pytest.mark.parametrize("place", PLACES)
def test_L13_no_flow_leads_elsewhere(client, person, place):
    asked = {"next": place}
    answers = [client.post("/en/login", data={"email": person, "password": PASSWORD, **asked})]
    client.as_(person)
    answers.append(client.get("/en/login", query_string=asked))
    answers.append(client.get("/ru/login", query_string={"next": [place, "/en/my"]}))
    answers.append(client.post("/en/account/name", data={"name_latin": "Nino Beridze", **asked}))
    answers.append(client.post("/en/theme", data={"theme": "dark", "back": place}))
    for answer in answers:
        assert answer.status_code in ((303, 400) if "\0" in place else (303,))
        assert not leads_elsewhere(answer.location), (place, answer.location)


def test_control_L13_an_address_that_is_believed_leads_elsewhere(client, person, monkeypatch):
    monkeypatch.setattr("academy.foundation.security.local_path", lambda text: text)
    answer = client.post("/en/theme", data={"theme": "dark", "back": "/\t/evil.example"})
    assert leads_elsewhere(answer.location)


@pytest.mark.parametrize("place", PLACES)
def test_L13_pages_offer_no_way_elsewhere(client, place):
    page = client.get("/en/login", query_string={"next": place}).text
    assert "evil" not in re.sub(r'<a href="/ru/[^"]*"', "", page)


@pytest.mark.parametrize(
    "path",
    ["/%09/evil.example", "//evil.example/", "/en//evil.example", "/en/%5cevil.example", "///evil.example/%2e%2e"],
)
def test_G02_the_switch_of_languages_stays_here(client, path):
    answer = client.get(path)
    assert not leads_elsewhere(answer.location) or urlsplit(answer.location).netloc == "localhost"
    for href in re.findall(r'(?:href|action)="([^"]*)"', answer.text):
        assert not leads_elsewhere(href), href


OPTIONS = ("_scheme", "_external", "_anchor", "_method", "endpoint", "lang", "self", "values", "page")


@pytest.mark.parametrize("option", OPTIONS)
def test_G09_the_pager_takes_nothing_from_the_address_for_an_option(fresh_world, option):
    client = fresh_world.client("admin")
    answer = client.get("/en/admin/audit", query_string={option: "javascript", "_external": "1", "about": "2 & 3"})
    assert answer.status_code == 200
    hrefs = re.findall(r'rel="(?:next|prev)" href="([^"]*)"', answer.text)
    for href in hrefs:
        assert href.startswith("/en/admin/audit?"), href


def test_G09_the_pager_keeps_what_was_asked_for(app):
    with app.test_request_context("/en/admin/people?q=%D1%8F+%26&role=admin&role=x&page=3"):
        assert page_address(4) == "/en/admin/people?" + urlencode(
            [("q", "я &"), ("role", "admin"), ("role", "x"), ("page", 4)]
        )


def test_D02_what_readers_type_does_not_fill_the_memory(fresh_world):
    kept = fresh_world.app.extensions["academy-addresses"]
    client = fresh_world.client(None)
    for number in range(20):
        assert client.get(f"/en/?theme={number}{'x' * 5000}").status_code == 200
    assert max(len(address) for address in kept.values()) < 1000


HOSTS = (
    {"Host": "evil.example"}, {"Host": "localhost.evil.example"}, {"Host": "localhost@evil.example"},
    {"Host": "localhost:80@evil.example"}, {"Host": "evil.example:80"}, {"Host": "[::1]"}, {"Host": "localhost\tevil"},
    {"Host": "127.0.0.1.evil.example"}, {"Host": ""},
)  # fmt: skip
FORWARDED = (
    "X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-HTTP-Host-Override", "X-Original-Host", "X-Original-URL",
    "X-Rewrite-URL", "X-Forwarded-Prefix", "X-Forwarded-Port",
)  # fmt: skip


@pytest.mark.parametrize("headers", HOSTS)
def test_L03_a_foreign_host_is_refused_and_echoed_nowhere(client, headers):
    for path in ("/", "/en/login", "/verify", "/en/nothing"):
        answer = client.get(path, headers=headers)
        if headers["Host"]:
            assert answer.status_code == 400, path
        assert b"evil" not in answer.data
        assert "evil" not in repr(answer.headers)


@pytest.mark.parametrize("header", [*FORWARDED, "Forwarded"])
def test_L03_C14_mails_and_codes_have_the_configured_address(client, person, database, header):
    from academy.accounts.jobs import answer_requests

    value = "host=evil.example" if header == "Forwarded" else "evil.example"
    answer = client.post("/en/forgotten", data={"email": person}, headers={header: value})
    assert answer.status_code == 303
    assert "evil" not in answer.location
    answer_requests(clock.now())
    with database.read() as session:
        bodies = [mail.body for mail in session.query(Mail)]
    assert bodies
    assert all("http://localhost/" in body and "evil" not in body for body in bodies)


def test_L02_a_link_dies_with_a_newer_one_with_the_password_and_with_its_time(client, database):
    with database.write() as session:
        user = make_user("learner@ministry.example")
        old, new = (issue_code(user, Purpose.RESET, now=clock.now()).token for _ in range(2))
    fresh = {"password": "five quiet rivers here"}
    assert client.get(f"/en/reset/{old}").status_code == 410
    assert client.get(f"/en/invitation/{new}").status_code == 410
    assert client.get(f"/en/confirm/{new}").status_code == 410
    assert client.get(f"/en/account/email/{new}").status_code == 410
    assert client.post(f"/en/reset/{new}", data=fresh).status_code == 303
    assert client.as_(None).post(f"/en/reset/{new}", data=fresh).status_code == 410
    with database.write() as session:
        user = session.get(User, user.id)
        late = issue_code(user, Purpose.RESET, now=clock.now()).token
        session.flush()
        session.execute(update(EmailToken).values(expires_at=clock.now()))
    assert client.post(f"/en/reset/{late}", data=fresh).status_code == 410
