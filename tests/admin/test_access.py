"""Every door of the desk by role: what one may not use is refused, and nothing changes."""

from __future__ import annotations

import pytest

from academy.foundation.audit import AuditEntry

READING = [
    "/admin",
    "/admin/people",
    "/admin/people/{person}",
    "/admin/courses",
    "/admin/courses/TST",
    "/admin/certificates",
    "/admin/certificates/corrections",
    "/admin/certificates/register",
    "/admin/audit",
    "/admin/mistakes",
]
CHANGING = [
    "/admin/people/invite",
    "/admin/people/{person}/roles",
    "/admin/people/{person}/roles/1/revoke",
    "/admin/people/{person}/suspend",
    "/admin/people/{person}/reactivate",
    "/admin/people/{person}/invite-again",
    "/admin/people/{person}/sign-in-code",
    "/admin/mistakes/00000000-0000-0000-0000-000000000000/close",
    "/admin/courses/TST/enrol",
    "/admin/courses/TST/change",
    "/admin/certificates/issue",
    "/admin/certificates/00000000-0000-0000-0000-000000000000/replace",
    "/admin/certificates/00000000-0000-0000-0000-000000000000/revoke",
    "/admin/certificates/corrections/00000000-0000-0000-0000-000000000000/decline",
]


def address(path, academy, lang="en"):
    return f"/{lang}" + path.format(person=academy.people["nino"])


@pytest.mark.parametrize("role", ["admin", "auditor"])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_admins_and_auditors_read_everything(client, academy, role, lang):
    client.as_(academy.emails[role])
    for path in READING:
        assert client.get(address(path, academy, lang)).status_code == 200, path


@pytest.mark.parametrize("role", ["trainer", "coordinator", "nino"])
def test_others_do_not_enter(client, academy, role, count):
    client.as_(academy.emails[role])
    for path in READING:
        assert client.get(address(path, academy)).status_code == 403, path
    for path in CHANGING:
        assert client.post(address(path, academy)).status_code == 403, path
    assert count(AuditEntry, AuditEntry.action == "web.refuse") == len(READING) + len(CHANGING)


def test_auditors_change_nothing(client, academy, entries):
    client.as_(academy.emails["auditor"])
    entries()
    for path in CHANGING:
        assert client.post(address(path, academy)).status_code == 403, path
    assert {entry.action for entry in entries()} == {"web.refuse"}
    page = client.get(address("/admin/people/{person}", academy)).get_data(as_text=True)
    assert "/suspend" not in page
    assert "/roles" not in page


def test_strangers_are_asked_to_sign_in(client, academy):
    for path in READING:
        answer = client.get(address(path, academy))
        assert answer.status_code == 303, path
        assert "/login" in answer.headers["Location"]


def test_what_is_not_there_is_not_found(client, academy):
    client.as_(academy.emails["admin"])
    nowhere = "00000000-0000-0000-0000-000000000000"
    for path in (f"/people/{nowhere}", "/courses/NONE", f"/certificates/{nowhere}", f"/people/{nowhere}/suspend"):
        assert client.get(f"/en/admin{path}").status_code == 404, path


@pytest.mark.parametrize(
    "query", ["/people?sort=password_hash", "/people?role=king", "/courses/TST?standing=x", "/audit?outcome=x"]
)
def test_only_listed_filters_are_taken(client, academy, query):
    client.as_(academy.emails["admin"])
    assert client.get(f"/en/admin{query}").status_code == 400
