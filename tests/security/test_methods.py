"""A06, A07, finding 1: what reads never writes, whatever the method is called."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from academy.accounts.actions.codes import issue_code
from academy.accounts.models import Purpose, User
from academy.foundation import clock, db
from academy.foundation.web.intake import HeadAsGet
from tests.sample import World, written

TRACES = ("user_sessions SET last_seen_at", "INSERT INTO user_sessions", "audit_entries")


def reading(world: World) -> list[str]:
    return sorted({rule.endpoint for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or ())})


def head_faults(world: World, statements: list[str]) -> list[str]:
    """Each route that answers HEAD otherwise than GET, or writes."""
    faults = []
    for who in (None, "owner", "admin"):
        client = world.client(who)
        for endpoint in reading(world):
            address = world.address(endpoint)
            got = client.get(address)
            statements.clear()
            head = client.head(address)
            lines = [line for line in written(statements) if not any(trace in line for trace in TRACES)]
            if (head.status_code, head.data) != (got.status_code, b"") or lines:
                faults.append(f"{endpoint} as {who}: {head.status_code} for {got.status_code} {lines}")
    return faults


def test_A07_head_answers_as_get_without_a_body_and_writes_nothing(world, statements):
    faults = head_faults(world, statements)
    assert not faults, "\n".join(faults)


def test_control_A07_head_that_reaches_the_views_is_noticed(fresh_world, statements, monkeypatch):
    monkeypatch.setattr(HeadAsGet, "__call__", lambda self, *arguments: self._app(*arguments))
    assert len(head_faults(fresh_world, statements)) > 5


def test_A07_a_mail_scanner_that_asks_with_head_does_not_use_a_link_up(fresh_world):
    with db.current().write() as session:
        user = session.scalars(select(User).where(User.email == fresh_world.people["owner"])).one()
        token = issue_code(user, Purpose.EMAIL, email="new@ministry.example", now=clock.now()).token
    client = fresh_world.client(None)
    assert client.head(f"/en/account/email/{token}").status_code == 200
    assert client.get(f"/en/account/email/{token}").status_code == 200
    with db.current().read() as session:
        assert session.scalar(select(User.id).where(User.email == "new@ministry.example")) is None


@pytest.mark.parametrize("who", [None, "owner", "admin"])
def test_A07_other_methods_reach_no_view(world, who):
    client = world.client(who)
    for endpoint in sorted(world.app.view_functions):
        address = world.address(endpoint)
        allowed = {method for rule in world.app.url_map.iter_rules(endpoint) for method in rule.methods or ()}
        for method in sorted({"TRACE", "DELETE", "PATCH", "CONNECT", "PROPFIND", "PUT"} - allowed):
            answer = client.open(address, method=method, without_token=True)
            assert answer.status_code in (400, 404, 405), (method, address, answer.status_code)
        options = client.options(address)
        assert options.data == b"" or options.status_code in (401, 403, 404), address


def test_A07_no_header_changes_the_method(world):
    override = dict.fromkeys(("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"), "POST")
    client = world.client("owner")
    for endpoint in reading(world):
        plain, overridden = (client.get(world.address(endpoint), headers=sent).status_code for sent in ({}, override))
        assert plain == overridden, endpoint
