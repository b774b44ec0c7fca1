"""Who is signed in: one query, and every right ends when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from academy.accounts import actions, queries, rules
from academy.accounts.models import UserSession
from academy.foundation import db
from academy.foundation.security import OPERATOR, Grant, token_hash
from tests.conftest import NOW
from tests.factories.accounts import identity_of, make_grant, make_session, make_state, make_user

LIMITS = rules.SessionLimits(timedelta(hours=12), timedelta(days=14))


def load(token: str, now=NOW):
    return queries.load_identity(token_hash(token), now)


def test_a_session_is_its_person_with_the_grants_that_hold(writing):
    make_state("GE")
    user = make_user(language="ru", time_zone="Asia/Tbilisi", name_latin="", name_cyrillic="Нино")
    make_grant(user, "trainer", scope="course", scope_id="DOC")
    make_grant(user, "coordinator", scope="state", scope_id="GE", expires_at=NOW + timedelta(seconds=1))
    make_grant(user, "admin", expires_at=NOW)
    row, token = make_session(user)
    found = load(token)
    assert found is not None
    assert (found.kind, found.id, found.uuid, found.session_id) == ("user", user.id, user.uuid, row.id)
    assert (found.name, found.email, found.language, found.time_zone) == ("Нино", user.email, "ru", "Asia/Tbilisi")
    assert found.grants == (Grant("trainer", "course", "DOC"), Grant("coordinator", "state", "GE"))
    assert found.seen_at == row.last_seen_at


def test_it_takes_one_query(writing, database):
    user = make_user(role="admin")
    make_grant(user, "auditor")
    _, token = make_session(user)
    statements = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    load(token)
    assert len(statements) == 1


def test_an_unknown_token_is_nobody(writing):
    make_session(make_user())
    assert load("no such token") is None


@pytest.mark.parametrize("hours", [3, 11])
def test_a_session_ends_when_its_time_is_over(writing, hours):
    _, token = make_session(make_user(), expires_at=NOW + timedelta(hours=hours), ends_at=NOW + timedelta(hours=hours))
    assert load(token, NOW + timedelta(hours=hours, seconds=-1)) is not None
    assert load(token, NOW + timedelta(hours=hours)) is None


@pytest.mark.parametrize("status", ["unconfirmed", "invited", "suspended"])
def test_only_active_people_are_signed_in(writing, status):
    _, token = make_session(make_user(status=status))
    assert load(token) is None


def opening():
    return actions.Opening("a new token", "Firefox, Linux", LIMITS)


def rights_that_end(user, me, other):
    return {
        "suspended": lambda: actions.suspend(user.id, actor=OPERATOR, now=NOW),
        "signed out": lambda: actions.sign_out(actor=me, now=NOW),
        "signed out everywhere": lambda: actions.sign_out_everywhere(actor=me, now=NOW),
        "ended from another device": lambda: actions.end_session(me.session_id, actor=other, now=NOW),
        "others ended": lambda: actions.end_other_sessions(actor=other, now=NOW),
        "password changed": lambda: actions.change_password(
            opening(), checked_hash=user.password_hash, new_hash="new", actor=other, now=NOW
        ),
    }


@pytest.mark.parametrize(
    "how",
    [
        "suspended",
        "signed out",
        "signed out everywhere",
        "ended from another device",
        "others ended",
        "password changed",
    ],
)
def test_a_session_that_was_ended_is_over_at_once(writing, how):
    user = make_user()
    (mine, token), (theirs, _) = make_session(user), make_session(user)
    me, other = identity_of(user, session_id=mine.id), identity_of(user, session_id=theirs.id)
    stranger, strangers_token = make_session(make_user())
    assert load(token) is not None
    rights_that_end(user, me, other)[how]()
    assert load(token) is None
    assert load(strangers_token) is not None, "another person's session goes on"
    del stranger


def test_nobody_ends_the_session_of_another_person(writing):
    from academy.foundation.errors import NotFound

    row, token = make_session(make_user())
    with pytest.raises(NotFound):
        actions.end_session(row.id, actor=identity_of(make_user()), now=NOW)
    assert load(token) is not None


def test_a_role_that_was_taken_away_is_gone_at_the_next_request(writing):
    user = make_user(role="trainer")
    _, token = make_session(user)
    actions.revoke_role(user.id, Grant("trainer"), actor=OPERATOR, now=NOW)
    found = load(token)
    assert found is not None
    assert not found.holds_any("trainer")


def test_use_is_noted_every_ten_minutes_and_moves_the_end(writing):
    user = make_user()
    row, _ = make_session(user, at=NOW, expires_at=NOW + timedelta(hours=12), ends_at=NOW + timedelta(hours=20))
    me = identity_of(user, session_id=row.id)
    actions.note_seen(me, limits=LIMITS, now=NOW + timedelta(minutes=9))
    assert row.last_seen_at == NOW
    actions.note_seen(me, limits=LIMITS, now=NOW + timedelta(minutes=10))
    assert row.last_seen_at == NOW + timedelta(minutes=10)
    assert row.expires_at == NOW + timedelta(hours=12, minutes=10)
    actions.note_seen(me, limits=LIMITS, now=NOW + timedelta(hours=11))
    assert row.expires_at == NOW + timedelta(hours=20), "never beyond its whole life"
    actions.note_seen(identity_of(user, session_id=0), limits=LIMITS, now=NOW)


def test_the_list_shows_ones_own_running_sessions(writing):
    user = make_user()
    (old, _), (mine, _) = make_session(user, device="Safari, iPhone"), make_session(user, at=NOW - timedelta(hours=9))
    make_session(user, expires_at=NOW - timedelta(hours=1))
    make_session(make_user())
    listed = queries.list_sessions(identity_of(user, session_id=mine.id), now=NOW)
    assert [(view.id, view.is_this) for view in listed] == [(mine.id, True), (old.id, False)]


def test_commands_find_active_people_with_the_grants_that_hold(writing):
    user = make_user("Nino@Ministry.example", role="auditor")
    make_grant(user, "admin", expires_at=NOW - timedelta(days=400))
    make_user("gone@ministry.example", status="suspended")
    found = queries.find_identity_by_email("nino@ministry.EXAMPLE")
    assert found is not None
    assert found.grants == (Grant("auditor"),)
    assert found.session_id is None
    assert queries.find_identity_by_email("gone@ministry.example") is None


def test_what_has_expired_is_forgotten(writing):
    user = make_user()
    gone, _ = make_session(user, expires_at=NOW)
    kept, _ = make_session(user, expires_at=NOW + timedelta(seconds=1))
    actions.note_failure("a", origin_hash="o", now=NOW - timedelta(hours=1))
    actions.note_failure("a", origin_hash="o", now=NOW - timedelta(minutes=59))
    actions.forget_expired(NOW)
    db.session.expire_all()
    assert db.session.get(UserSession, gone.id) is None
    assert db.session.get(UserSession, kept.id) is not None
    from academy.accounts.models import SignInFailure

    assert db.session.query(SignInFailure).count() == 1
