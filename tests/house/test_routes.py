"""The permission matrix: every route × method × identity against one table, and every guard proved by taking it away.

The table below is written by hand and knows nothing of what the views declare. A route that is not in it fails.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from sqlalchemy import true, update
from werkzeug.exceptions import MethodNotAllowed, NotFound

from academy.accounts.models import User
from academy.foundation import db
from academy.foundation.web import PUBLIC, entrance, holds
from academy.foundation.web.form_token import HEADER
from tests.sample import NOWHERE, World, written

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# Whom the door takes for nobody: the first has no cookie, the others a cookie that no longer counts.
NOBODY = ("anonymous", "suspended", "unconfirmed")
PEOPLE = ("learner", "learner2", "owner", "trainer", "translator", "reviser", "coordinator", "admin", "auditor")
STAFF = ("admin", "auditor")

PUBLIC_ROUTES = [
    "entrance",
    "healthz",
    "static",
    "fresh_form_token",
    "choose_theme",
    "files.media",
    "learn.home",
    "learn.courses",
    "learn.course",
    "learn.find",
    "learn.help_index",
    "learn.help_page",
    "accounts.sign_in",
    "accounts.sign_in_code",
    "accounts.sign_out",
    "accounts.register",
    "accounts.confirm",
    "accounts.confirm_link",
    "accounts.confirm_again",
    "accounts.forgotten",
    "accounts.reset",
    "accounts.reset_link",
    "accounts.invitation",
    "accounts.email_link",
    "accounts.privacy",
    "certificates.verify",
    "certificates.verify_code",
    "certificates_anywhere.verify_anywhere",
    "certificates_anywhere.verify_code_anywhere",
]
SIGNED_IN_ROUTES = [
    "accounts.profile",
    "accounts.data",
    "accounts.email",
    "accounts.email_code",
    "accounts.name",
    "accounts.password",
    "accounts.edit",
    "accounts.sessions",
    "accounts.end_session",
    "accounts.sign_out_everywhere",
    "accounts.end_other_sessions",
    "accounts.accept_privacy",
    "learn.my",
    "learn.transcript",
    "learn.letter",
    "learn.activity",
    "learn.enrol",
    "learn.withdraw",
    "learn.print_module",
    "learn.download_module",
    "lessons.done",
    "lessons.mistake",
    "quizzes.start",
    "quizzes.attempt",
    "quizzes.review",
    "quizzes.save",
    "quizzes.save_answer",
    "quizzes.submit",
    "certificates.mine",
    "certificates.show",
    "certificates.pdf",
    "certificates.correction",
    "certificates.name",
]
STAFF_ROUTES = [
    "admin.desk",
    "admin.audit",
    "admin.certificate_queue",
    "admin.certificate",
    "admin.corrections",
    "admin.register",
    "admin.courses",
    "admin.course",
    "admin.mistakes",
    "admin.people",
    "admin.person",
]
ADMIN_ROUTES = [
    "admin.replace",
    "admin.revoke",
    "admin.decline_correction",
    "admin.issue",
    "admin.change_enrolments",
    "admin.enrol",
    "admin.invite_again",
    "admin.reactivate",
    "admin.grant_role",
    "admin.revoke_role",
    "admin.sign_in_code",
    "admin.suspend",
    "admin.invite",
    "admin.close_report",
]
POLICY: dict[str, tuple[str, ...]] = (
    dict.fromkeys(PUBLIC_ROUTES, (*NOBODY, *PEOPLE))
    | dict.fromkeys(SIGNED_IN_ROUTES, PEOPLE)
    | dict.fromkeys(STAFF_ROUTES, STAFF)
    | dict.fromkeys(ADMIN_ROUTES, ("admin",))
)
# Whose things these are: for anybody else they are not there.
OWNED = {
    "quizzes.attempt": ("owner",),
    "quizzes.review": ("owner",),
    "quizzes.save": ("owner",),
    "quizzes.save_answer": ("owner",),
    "quizzes.submit": ("owner",),
    "certificates.show": ("owner", *STAFF),
    "certificates.pdf": ("owner", *STAFF),
    "certificates.correction": ("owner",),
}
# Staff may know of these, without it being theirs to act.
KNOWN = {
    "quizzes.attempt": ("trainer", *STAFF),
    "quizzes.review": ("trainer", *STAFF),
    "quizzes.save": ("trainer", *STAFF),
    "quizzes.save_answer": ("trainer", *STAFF),
    "quizzes.submit": ("trainer", *STAFF),
    "certificates.correction": STAFF,
}
# What ends the sign-in of whoever sends it.
ENDING = ("accounts.sign_out", "accounts.sign_out_everywhere")
FLOOR = 90


def endpoints(world: World) -> list[str]:
    return sorted({rule.endpoint for rule in world.app.url_map.iter_rules()})


def methods_of(world: World, endpoint: str) -> set[str]:
    return {method for rule in world.app.url_map.iter_rules(endpoint) for method in rule.methods or ()}


class Visitor:
    """A browser that fetches its form token once."""

    def __init__(self, world: World, who: str) -> None:
        self.client = world.client(None if who == "anonymous" else who)
        self.token = self.client.get("/form-token").get_json()["token"]

    def open(self, address: str, method: str):
        return self.client.open(address, method=method, headers={HEADER: self.token}, without_token=True)


def reached(world: World, address: str, method: str) -> str | int:
    """The endpoint that answers, or the status when there is none."""
    try:
        return world.app.url_map.bind("localhost").match(address, method)[0]
    except MethodNotAllowed:
        return 405
    except NotFound:
        return 404


def door_faults(world: World, chosen: Iterable[str], people: Iterable[str] = (*NOBODY, *PEOPLE)) -> list[str]:
    """Each cell of the matrix that is not as the table says, in words."""
    faults = []
    for who in people:
        visitor = Visitor(world, who)
        for endpoint in chosen:
            address = world.address(endpoint, parts="none")
            for method in METHODS:
                status = visitor.open(address, method).status_code
                expected = _expected(reached(world, address, method), method, who)
                if endpoint in ENDING and method == "POST":
                    visitor = Visitor(world, who)
                if status not in expected:
                    faults.append(f"{method} {endpoint} as {who}: {status}, expected one of {sorted(expected)}")
    return faults


def _expected(endpoint: str | int, method: str, who: str) -> set[int]:
    if isinstance(endpoint, int):
        return {endpoint}
    if who in POLICY[endpoint]:
        return {200, 302, 303, 304, 400, 404, 409, 410, 415, 422, 429, 503}
    if who in NOBODY:
        return {303} if method in ("GET", "HEAD") else {401}
    return {403}


def owner_faults(world: World, chosen: Iterable[str] = OWNED) -> list[str]:
    """Each way in which somebody else's thing differs from one that is not there."""
    faults = []
    for who in PEOPLE:
        visitor = Visitor(world, who)
        for endpoint in chosen:
            if who in OWNED[endpoint] or who in KNOWN.get(endpoint, ()):
                continue
            there, nowhere = world.address(endpoint), world.address(endpoint, parts="none")
            for method in sorted(methods_of(world, endpoint) - {"OPTIONS"}):
                foreign, missing = visitor.open(there, method), visitor.open(nowhere, method)
                if foreign.status_code != 404 or missing.status_code != 404:
                    faults.append(f"{method} {endpoint} as {who}: {foreign.status_code}, missing {missing.status_code}")
                elif abs(len(foreign.data) - len(missing.data)) > 60:
                    faults.append(f"{method} {endpoint} as {who}: {len(foreign.data)} and {len(missing.data)} bytes")
    return faults


def test_every_route_is_in_the_table_and_the_table_has_no_other(world):
    assert sorted(POLICY) == endpoints(world)
    assert len(POLICY) == len(PUBLIC_ROUTES) + len(SIGNED_IN_ROUTES) + len(STAFF_ROUTES) + len(ADMIN_ROUTES)
    rules = sum(len((rule.methods or set()) - {"HEAD", "OPTIONS"}) for rule in world.app.url_map.iter_rules())
    assert rules >= FLOOR, "the academy has lost routes, or the count is wrong"


def test_every_route_declares_access(world):
    undeclared = [name for name in endpoints(world) if not hasattr(world.app.view_functions[name], "__access__")]
    assert undeclared == []


def test_every_cell_of_the_matrix_is_as_the_table_says(world):
    faults = door_faults(world, endpoints(world))
    assert not faults, "\n".join(faults)


def test_what_is_somebody_elses_is_as_if_it_were_not_there(world):
    faults = owner_faults(world)
    assert not faults, "\n".join(faults)


def test_the_owner_sees_what_is_theirs(world):
    client = world.client("owner")
    for endpoint in ("quizzes.attempt", "certificates.show", "certificates.pdf"):
        assert client.get(world.address(endpoint)).status_code == 200, endpoint


def test_nobody_writes_where_they_may_not(world, statements):
    refused = []
    for who in ("anonymous", "learner2", "trainer", "auditor", "suspended"):
        visitor = Visitor(world, who)
        for endpoint in endpoints(world):
            if who in POLICY[endpoint]:
                continue
            for method in sorted(methods_of(world, endpoint) & {"POST", "PUT", "PATCH", "DELETE"}):
                statements.clear()
                visitor.open(world.address(endpoint), method)
                changed = [
                    line for line in written(statements) if "audit_entries" not in line and "user_sessions" not in line
                ]
                refused += [f"{method} {endpoint} as {who}: {line[:60]}" for line in changed]
    assert refused == []


# The controls: a guard that is taken away must be missed.


@pytest.mark.parametrize("endpoint", SIGNED_IN_ROUTES + STAFF_ROUTES + ADMIN_ROUTES)
def test_control_a_view_that_forgets_its_access_is_noticed(world, monkeypatch, endpoint):
    monkeypatch.setattr(world.app.view_functions[endpoint], "__access__", PUBLIC)
    assert door_faults(world, [endpoint], ["anonymous", "learner2"]) != []


def test_control_routes_for_admins_that_take_auditors_are_noticed(world, monkeypatch):
    for endpoint in ADMIN_ROUTES:
        monkeypatch.setattr(world.app.view_functions[endpoint], "__access__", holds(*STAFF))
    found = {fault.split()[1] for fault in door_faults(world, ADMIN_ROUTES, ["auditor"])}
    # Behind the others a second guard holds: the permission of what is changed.
    assert len(found) >= 5


def test_control_a_door_without_a_guard_is_noticed(world, monkeypatch):
    monkeypatch.setattr(entrance.Access, "admits", lambda *_: True)
    closed = SIGNED_IN_ROUTES + STAFF_ROUTES + ADMIN_ROUTES
    found = {fault.split()[1] for fault in door_faults(world, closed, ["anonymous", "learner2"])}
    assert found == set(closed)


def test_control_a_route_that_is_in_no_table_is_noticed(world, monkeypatch):
    monkeypatch.delitem(POLICY, "admin.audit")
    assert sorted(POLICY) != endpoints(world)


def test_control_somebody_suspended_who_still_enters_is_noticed(fresh_world):
    with db.current().write() as session:
        session.execute(update(User).where(User.email == "suspended@demo.example").values(status="active"))
    assert door_faults(fresh_world, ["admin.desk", "accounts.profile"], ["suspended"]) != []


@pytest.mark.parametrize(
    ("permission", "answer", "chosen"),
    [
        ("academy.certificates.permissions.seen_by", true(), ["certificates.show", "certificates.pdf"]),
        ("academy.quizzes.permissions.taken_by", true(), ["quizzes.attempt"]),
    ],
)
def test_control_a_permission_that_lets_everybody_through_is_noticed(world, monkeypatch, permission, answer, chosen):
    monkeypatch.setattr(permission, lambda *_args, **_options: answer)
    found = {fault.split()[1] for fault in owner_faults(world, chosen)}
    assert found == set(chosen)


def test_control_the_thing_that_is_nowhere_is_nowhere():
    assert NOWHERE.count("0") > 20
