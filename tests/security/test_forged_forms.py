"""G01, L14, A06: a form counts only from this academy's pages, in this browser, as this person."""

from __future__ import annotations

import re
import sys

import pytest
from sqlalchemy import func, select

from academy.accounts.models import UserSession
from academy.foundation import audit, db
from academy.foundation.web.form_token import FIELD, HEADER
from tests.factories.accounts import PASSWORD, make_user
from tests.sample import World, written

LEARNER = "learner@ministry.example"
ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
)
HERE = ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"})


@pytest.fixture
def person(app, database):
    with database.write():
        make_user(LEARNER)


def token_of(client) -> str:
    return str(client.get("/form-token").get_json()["token"])


def writing(world: World) -> list[tuple[str, str]]:
    found = set()
    for rule in world.app.url_map.iter_rules():
        found |= {(rule.endpoint, method) for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}}
    return sorted(found)


def forged(world: World, statements: list[str]) -> list[str]:
    """Each writing route that takes a form which is not from here, in one of its shapes."""
    client = world.client("admin")
    foreign = token_of(world.client(None))
    of_another = token_of(world.client("owner"))
    token_of(client)
    shapes = (
        {"data": {}},
        {"data": {FIELD: foreign}},
        {"data": {FIELD: of_another}},
        {"headers": {HEADER: foreign}},
        {"data": f"{FIELD}={foreign}", "content_type": "text/plain"},
        {"json": {FIELD: foreign}},
        {"query_string": {FIELD: foreign}, "data": {}},
    )
    faults = []
    for endpoint, method in writing(world):
        for shape in shapes:
            statements.clear()
            answer = client.open(world.address(endpoint), method=method, without_token=True, **shape)
            changed = [line for line in written(statements) if "last_seen_at" not in line]
            if answer.status_code != 400 or changed:
                faults.append(f"{method} {endpoint}: {answer.status_code} {changed}")
    return faults


def test_G01_no_writing_route_takes_a_forged_form(fresh_world, statements):
    faults = forged(fresh_world, statements)
    assert not faults, "\n".join(faults)


def test_control_G01_doors_that_do_not_check_are_noticed(fresh_world, statements, monkeypatch):
    monkeypatch.setattr(sys.modules["academy.foundation.web.form_token"], "_fits", lambda *_: True)
    found = {fault.split()[1] for fault in forged(fresh_world, statements)}
    assert len(found) > 20


def test_G01_a_token_dies_with_the_person_and_not_with_time(client, person):
    before = token_of(client)
    client.as_(LEARNER)
    own = token_of(client)
    name = {"name_latin": "Nino Beridze"}
    for sent in (before, own[:-4] + "AAAA"):
        assert client.post("/en/account/name", data={FIELD: sent, **name}, without_token=True).status_code == 400
    assert client.post("/en/account/name", data={FIELD: own, **name}, without_token=True).status_code == 303


def test_L14_nobody_is_signed_in_or_out_by_another_site(client, person, database):
    given = {"email": LEARNER, "password": PASSWORD}
    assert client.post("/en/login", data=given, without_token=True).status_code == 400
    stolen = token_of(client.application.test_client())
    assert client.post("/en/login", data={FIELD: stolen, **given}, without_token=True).status_code == 400
    client.as_(LEARNER)
    for method in ("GET", "HEAD"):
        client.open("/en/logout", method=method)
    client.post("/en/logout", without_token=True)
    assert client.get("/en/account").status_code == 200
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(UserSession)) == 1


@pytest.mark.parametrize("headers", ELSEWHERE)
@pytest.mark.parametrize("who", [None, LEARNER])
def test_G01_what_another_site_filled_in_is_not_offered_for_sending(client, person, headers, who):
    client.as_(who)
    answer = client.post("/en/account/name", data={"name_latin": "Canary"}, headers=headers, without_token=True)
    assert answer.status_code in (400, 401)
    assert "Canary" not in answer.text
    assert 'name="resend"' not in answer.text


@pytest.mark.parametrize("headers", HERE)
@pytest.mark.parametrize("who", [None, LEARNER])
def test_control_G01_what_one_typed_here_is_kept(client, person, headers, who):
    client.as_(who)
    answer = client.post("/en/account/name", data={"name_latin": "Canary"}, headers=headers, without_token=True)
    assert answer.status_code == (400 if who else 401)
    assert "Canary" in answer.text


def test_P03_a_refusal_leaves_neither_link_nor_typed_text_in_the_audit_log(fresh_world):
    seen: list[str] = []

    def note(_action, **details):
        seen.extend(details["arguments"])

    client = fresh_world.client("owner")
    whole, audit.record = audit.record, note
    try:
        client.get("/en/admin/people/nino.beridze@ministry.example")
        client.get("/en/admin/people/Нино")
        client.get("/en/admin/courses/DOC")
    finally:
        audit.record = whole
    assert seen == ["code=DOC"]


def test_G01_another_persons_sent_page_carries_no_password(client, person):
    sent = {"email": LEARNER, "password": PASSWORD, "present_password": PASSWORD, FIELD: "x"}
    answer = client.post("/en/login", data=sent, without_token=True)
    assert answer.status_code == 400
    assert PASSWORD not in answer.text
    assert re.search(r'name="email" value="learner@ministry.example"', answer.text)


def test_G09_the_database_is_not_reached_by_a_form_that_is_refused(fresh_world):
    with db.current().read() as session:
        before = session.scalar(select(func.count()).select_from(audit.AuditEntry))
    fresh_world.client("admin").post("/en/admin/people/invite", data={"email": "x@y.example"}, without_token=True)
    with db.current().read() as session:
        assert session.scalar(select(func.count()).select_from(audit.AuditEntry)) == before
