"""What can be granted for what; permissions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from academy.accounts import permissions, rules
from academy.accounts.models import Role, User
from academy.foundation import db
from academy.foundation.security import ANONYMOUS, OPERATOR, SYSTEM, Grant, Identity
from tests.factories.accounts import identity_of, make_state, make_user

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
STATES = frozenset({"GE", "TJ"})


def faults(grant: Grant, expires_at: datetime | None = None) -> dict[str, list[str]]:
    found = rules.grant_faults(grant, states=STATES, expires_at=expires_at, now=NOW)
    return {name: [str(words) for words in messages] for name, messages in found.items()}


@pytest.mark.parametrize(
    "grant",
    [
        Grant("admin"),
        Grant("auditor"),
        Grant("trainer"),
        Grant("trainer", "course", "DOC"),
        Grant("translator", "course", "DOC-2"),
        Grant("reviser"),
        Grant("coordinator", "state", "GE"),
    ],
)
def test_these_can_be_granted(grant):
    assert faults(grant) == {}
    assert faults(grant, NOW + timedelta(seconds=1)) == {}


@pytest.mark.parametrize(
    ("grant", "field"),
    [
        (Grant("learner"), "role"),
        (Grant("minister"), "role"),
        (Grant("admin", "course", "DOC"), "scope"),
        (Grant("coordinator"), "scope"),
        (Grant("trainer", "state", "GE"), "scope"),
        (Grant("coordinator", "state", "XX"), "scope_id"),
        (Grant("trainer", "course", "doc"), "scope_id"),
        (Grant("trainer", "course", ""), "scope_id"),
        (Grant("trainer", "all", "DOC"), "scope_id"),
    ],
)
def test_these_cannot(grant, field):
    assert set(faults(grant)) == {field}


def test_a_grant_that_is_over_cannot_be_made():
    assert set(faults(Grant("admin"), NOW)) == {"expires_at"}


def test_every_role_says_for_what_it_is_granted():
    assert all(isinstance(rules.allowed_scopes(role), tuple) for role in Role)
    assert rules.allowed_scopes("learner") == () == rules.allowed_scopes("nobody")


def test_somebody_else_must_administer():
    assert not rules.keeps_an_admin([1], without=1)
    assert rules.keeps_an_admin([1, 2], without=1)


def person(*grants: Grant, **given: object) -> Identity:
    return Identity("user", id=1, grants=grants, **given)


def test_who_manages_people():
    assert permissions.may_manage_people(OPERATOR)
    assert permissions.may_manage_people(SYSTEM)
    assert permissions.may_manage_people(person(Grant("admin")))
    for other in (ANONYMOUS, person(), person(Grant("auditor")), person(Grant("coordinator", "state", "GE"))):
        assert not permissions.may_manage_people(other)


VIEWERS = {
    "admin": (Grant("admin"),),
    "auditor": (Grant("auditor"),),
    "coordinator of GE": (Grant("coordinator", "state", "GE"),),
    "trainer": (Grant("trainer"),),
    "learner": (),
}


def test_the_permission_and_its_filter_agree(writing):
    make_state("GE")
    make_state("TJ", en="Tajikistan", ru="Таджикистан")
    people = [make_user(state_code="GE"), make_user(state_code="TJ"), make_user(state_code=None)]
    identities = [identity_of(people[2], *grants) for grants in VIEWERS.values()] + [ANONYMOUS, OPERATOR]
    for seen_by in identities:
        shown = set(db.session.scalars(select(User.id).where(permissions.people_seen_by(seen_by))))
        assert shown == {user.id for user in people if permissions.may_see_person(seen_by, user)}
    seen = {name: identity_of(people[2], *grants) for name, grants in VIEWERS.items()}
    assert permissions.may_see_person(seen["coordinator of GE"], people[0])
    assert not permissions.may_see_person(seen["coordinator of GE"], people[1])
    assert not permissions.may_see_person(seen["learner"], people[0])
    assert permissions.may_see_person(seen["learner"], people[2])
    assert permissions.may_see_person(seen["auditor"], people[1])


def test_a_coordinator_of_everything_sees_people_of_states(writing):
    make_state("GE")
    people = [make_user(state_code="GE"), make_user(state_code=None)]
    seen_by = Identity("user", id=-1, grants=(Grant("coordinator"),))
    shown = set(db.session.scalars(select(User.id).where(permissions.people_seen_by(seen_by))))
    assert shown == {people[0].id}
    assert not permissions.may_see_person(seen_by, people[1])
