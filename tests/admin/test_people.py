"""People over HTTP: found, shown, invited, granted roles, suspended, helped to sign in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.accounts.models import EmailToken, User, UserGrant, UserSession
from academy.foundation import clock
from academy.foundation.audit import AuditEntry
from academy.foundation.mail import Mail
from tests.factories import accounts

KOSOVO = "UNSCR 1244"


@pytest.fixture
def admin(client, academy):
    return client.as_(academy.emails["admin"])


def names(answer):
    return re.findall(r'/admin/people/[0-9a-f-]{36}">([^<]+)</a>', answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=berid", ["Nino Beridze"]),
        ("q=берез", ["Nino Beridze"]),
        ("q=BORDER.example+aibek", ["Aibek Toktogulov"]),
        ("q=%25", []),
        ("role=auditor", ["Astrid Lind"]),
        ("role=coordinator", ["Keti Lomidze"]),
        ("state=XK", ["Arben Krasniqi"]),
        ("status=suspended", []),
        ("q=border&sort=name", ["Aibek Toktogulov", "Arben Krasniqi", "Gulnara Sadykova"]),
    ],
)
def test_people_are_found(admin, academy, query, found):
    assert names(admin.get(f"/en/admin/people?{query}")) == found


def test_people_are_sorted(admin, academy, database):
    with database.write():
        accounts.make_user("new@x.example", name_latin="Zoya Newest", created_at=clock.now())
        seen = accounts.make_user("seen@x.example", name_latin="Yan Seen")
        seen.last_sign_in_at = clock.now()
    assert names(admin.get("/en/admin/people?sort=newest"))[0] == "Zoya Newest"
    assert names(admin.get("/en/admin/people?sort=seen"))[0] == "Yan Seen"


def test_the_list_pages_and_costs_the_same(admin, academy, database, statements):
    few = statements(lambda: admin.get("/en/admin/people"))
    with database.write():
        for _ in range(60):
            accounts.make_user(role="trainer", password=None)
    assert statements(lambda: admin.get("/en/admin/people")) == few
    page = admin.get("/en/admin/people?page=2")
    assert "Page 2 of 2" in page.get_data(as_text=True)
    assert len(names(page)) == 9 + 60 - 50


@pytest.mark.parametrize("path", ["/admin/people", "/admin/people/invite", "/admin/courses/TST"])
def test_the_footnote_stands_where_the_states_are(admin, academy, path):
    page = admin.get("/en" + path).get_data(as_text=True)
    assert "Kosovo*" in page
    assert page.count(KOSOVO) == 1
    assert "1244 (1999)" in admin.get("/ru" + path).get_data(as_text=True)


def test_looking_at_a_person_is_recorded(admin, academy, entries):
    entries()
    answer = admin.get(f"/en/admin/people/{academy.people['nino']}")
    page = answer.get_data(as_text=True)
    for words in ("nino@police.example", "Нино Берёзкина", "Georgia", "Checking documents"):
        assert words in page
    (entry,) = entries()
    assert (entry.action, entry.object_type, entry.object_id) == ("admin.see_person", "user", academy.people["nino"])
    assert entry.actor_id == academy.ids["admin"]
    admin.get(f"/en/admin/people/{academy.people['admin']}")
    assert entries() == []


def test_the_page_of_a_person_costs_the_same(admin, academy, database, statements):
    address = f"/en/admin/people/{academy.people['nino']}"
    admin.get(address)
    few = statements(lambda: admin.get(address))
    with database.write() as session:
        user = session.get(User, academy.ids["nino"])
        for role in ("trainer", "translator", "reviser", "auditor"):
            accounts.make_grant(user, role, granted_by=academy.ids["admin"])
            accounts.make_session(user, at=clock.now())
    # One more: who granted the roles.
    assert statements(lambda: admin.get(address)) <= few + 1


def test_a_person_is_invited_by_mail(admin, academy, entries, read):
    entries()
    data = {
        "email": "New@Police.example",
        "language": "ru",
        "state_code": "XK",
        "role": "trainer",
        "where": "course:TST",
    }
    answer = admin.post("/en/admin/people/invite", data=data)
    assert answer.status_code == 303
    (user,) = read(select(User).where(User.email_key == "new@police.example"))
    assert (user.status, user.language, user.state_code) == ("invited", "ru", "XK")
    (grant,) = read(select(UserGrant).where(UserGrant.user_id == user.id))
    assert (grant.role, grant.scope, grant.scope_id) == ("trainer", "course", "TST")
    (mail,) = read(select(Mail))
    assert (mail.to_address.casefold(), mail.language) == ("new@police.example", "ru")
    assert [entry.action for entry in entries()] == ["accounts.invite"]
    assert "is on its way" in admin.get(answer.headers["Location"]).get_data(as_text=True)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "NINO@police.example"}, "email"),
        ({"name_latin": "Нино"}, "name_latin"),
        ({"role": "coordinator", "where": "all"}, "where"),
        ({"role": "trainer", "where": "state:GE"}, "where"),
        ({"language": "xx"}, "language-0"),
    ],
)
def test_faults_of_an_invitation_stand_beside_their_fields(admin, academy, entries, data, field):
    entries()
    given = {"email": "new@police.example", "language": "en", "where": "all"} | data
    answer = admin.post("/en/admin/people/invite", data=given)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'id="{field}-error"' in page or 'class="field wrong"' in page
    assert 'id="errors"' in page
    assert [entry.action for entry in entries() if entry.action != "web.refuse"] == []


def test_a_role_is_granted_until_the_end_of_a_day_and_acts_at_once(admin, client, academy, entries, read, app):
    entries()
    tomorrow = (clock.now() + timedelta(days=1)).date()
    path = f"/en/admin/people/{academy.people['free']}/roles"
    assert admin.get(path).status_code == 200
    assert (
        admin.post(path, data={"role": "auditor", "where": "all", "expires_on": tomorrow.isoformat()}).status_code
        == 303
    )
    (grant,) = read(select(UserGrant).where(UserGrant.user_id == academy.ids["free"]))
    # Midnight in Vienna, where the administrator is.
    assert grant.expires_at.date() == tomorrow
    assert [entry.action for entry in entries()] == ["accounts.grant_role"]
    other = app.test_client().as_(academy.emails["free"])
    assert other.get("/en/admin").status_code == 200
    assert admin.post(f"{path}/{grant.id}/revoke").status_code == 303
    assert [entry.action for entry in entries()] == ["accounts.revoke_role"]
    assert other.get("/en/admin").status_code == 403


@pytest.mark.parametrize(
    "data",
    [
        {"role": "admin", "where": "course:TST"},
        {"role": "auditor", "where": "all", "expires_on": "2020-01-01"},
        {"role": "auditor", "where": "all", "expires_on": "soon"},
        {"role": "king", "where": "all"},
        {"role": "trainer", "where": "course:NONE"},
    ],
)
def test_a_wrong_role_is_not_granted(admin, academy, entries, read, data):
    entries()
    answer = admin.post(f"/en/admin/people/{academy.people['free']}/roles", data=data)
    assert answer.status_code == 422
    assert 'class="field wrong"' in answer.get_data(as_text=True)
    assert read(select(UserGrant).where(UserGrant.user_id == academy.ids["free"])) == []
    assert entries() == []


def test_the_role_of_another_person_is_not_taken_away_by_its_number(admin, academy, read):
    (grant,) = read(select(UserGrant).where(UserGrant.user_id == academy.ids["trainer"]))
    path = f"/en/admin/people/{academy.people['auditor']}/roles/{grant.id}/revoke"
    assert admin.post(path).status_code == 404
    assert read(select(UserGrant).where(UserGrant.id == grant.id))


def test_the_last_admin_stays(admin, academy, read, entries):
    grants = {grant.user_id: grant.id for grant in read(select(UserGrant).where(UserGrant.role == "admin"))}
    second, own = academy.people["second"], academy.people["admin"]
    assert admin.post(f"/en/admin/people/{second}/roles/{grants[academy.ids['second']]}/revoke").status_code == 303
    entries()
    answer = admin.post(f"/en/admin/people/{own}/roles/{grants[academy.ids['admin']]}/revoke")
    assert "last administrator" in admin.get(answer.headers["Location"]).get_data(as_text=True)
    admin.post(f"/en/admin/people/{own}/suspend", data={"reason": "other"})
    admin.post(f"/en/admin/people/{own}/roles", data={"role": "admin", "where": "all", "expires_on": "2099-01-01"})
    (kept,) = read(select(UserGrant).where(UserGrant.role == "admin"))
    assert (kept.user_id, kept.expires_at) == (academy.ids["admin"], None)
    assert [entry.action for entry in entries()] == []
    assert admin.get("/en/admin").status_code == 200


def test_suspending_ends_the_sign_ins_at_once_and_can_be_taken_back(admin, academy, app, entries, read):
    path = f"/en/admin/people/{academy.people['nino']}"
    theirs = app.test_client().as_(academy.emails["nino"])
    assert theirs.get("/en/account").status_code == 200
    assert "signed out everywhere" in admin.get(f"{path}/suspend").get_data(as_text=True)
    entries()
    assert admin.post(f"{path}/suspend").status_code == 422
    assert entries() == []
    assert admin.post(f"{path}/suspend", data={"reason": "left"}).status_code == 303
    (entry,) = entries()
    assert (entry.action, entry.details) == ("accounts.suspend", {"reason": "left"})
    assert theirs.get("/en/account").status_code == 303
    assert read(select(UserSession).where(UserSession.user_id == academy.ids["nino"])) == []
    assert "suspended already" in admin.get(
        admin.post(f"{path}/suspend", data={"reason": "left"}).headers["Location"]
    ).get_data(as_text=True)
    entries()
    assert admin.get(f"{path}/reactivate").status_code == 200
    assert admin.post(f"{path}/reactivate").status_code == 422
    assert admin.post(f"{path}/reactivate", data={"reason": "returned"}).status_code == 303
    (entry,) = entries()
    assert (entry.action, entry.details) == ("accounts.reactivate", {"reason": "returned"})
    assert read(select(User.status).where(User.id == academy.ids["nino"])) == ["active"]


def test_a_code_is_shown_once(admin, academy, entries, read, app):
    path = f"/en/admin/people/{academy.people['nino']}/sign-in-code"
    assert admin.get(path).status_code == 200
    assert read(select(EmailToken)) == []
    entries()
    answer = admin.post(path)
    code = re.search(r"<output>([0-9A-Z]{4}-[0-9A-Z]{4})</output>", answer.get_data(as_text=True))[1]
    assert answer.headers["Cache-Control"] == "no-store"
    (entry,) = entries()
    assert entry.action == "accounts.make_sign_in_code"
    assert code not in str(entry.details)
    (token,) = read(select(EmailToken))
    assert timedelta(minutes=14) < token.expires_at - clock.now() <= timedelta(minutes=15)
    assert code not in admin.get(path).get_data(as_text=True)


def test_only_an_active_account_gets_a_code(admin, academy, read):
    path = f"/en/admin/people/{academy.people['nino']}"
    admin.post(f"{path}/suspend", data={"reason": "left"})
    answer = admin.post(f"{path}/sign-in-code")
    assert answer.status_code == 303
    assert read(select(EmailToken)) == []


def test_an_invitation_is_sent_again(admin, academy, entries, read):
    admin.post("/en/admin/people/invite", data={"email": "new@x.example", "language": "en", "where": "all"})
    (uuid,) = read(select(User.uuid).where(User.email_key == "new@x.example"))
    entries()
    assert admin.post(f"/en/admin/people/{uuid}/invite-again").status_code == 303
    assert [entry.action for entry in entries()] == ["accounts.invite_again"]
    assert len(read(select(Mail))) == 2
    admin.post(f"/en/admin/people/{academy.people['nino']}/invite-again")
    assert len(read(select(Mail))) == 2
    assert "Send the invitation again" in admin.get(f"/en/admin/people/{uuid}").get_data(as_text=True)


def test_extra_fields_are_ignored(admin, academy, read):
    data = {
        "email": "new@x.example",
        "language": "en",
        "where": "all",
        "status": "active",
        "id": "1",
        "confirmed_at": "2026-01-01",
    }
    admin.post("/en/admin/people/invite", data=data)
    assert read(select(User.status).where(User.email_key == "new@x.example")) == ["invited"]
    assert read(select(AuditEntry.details).where(AuditEntry.action == "accounts.invite")) == [{"roles": []}]
