"""People from a list: new ones are invited, those who are there are brought up to date."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import select

from academy.accounts import permissions, queries, rules
from academy.accounts.actions.people import add_grant, invite
from academy.accounts.actions.profile import set_keys
from academy.accounts.models import User, UserGrant, UserStatus
from academy.foundation import audit, db
from academy.foundation.errors import NotAllowed
from academy.foundation.security import Identity

Outcome = Literal["taken", "changed", "same"]
_WORK = ("state_code", "institution", "institution_type", "function", "gender")
_NAMES = ("name_latin", "name_cyrillic")


def take_person(row: rules.PersonRow, *, actor: Identity, now: datetime) -> Outcome:
    """The person of the row is invited, or has what the row says. Names are only changed until the person has come in.

    What the row leaves empty stays. One audit entry, none when nothing changed.
    """
    if not permissions.may_manage_people(actor):
        raise NotAllowed
    user = queries.find_user_by_email(row.email)
    if user is None or user.status == UserStatus.UNCONFIRMED:
        _invite(row, actor, now)
        return "taken"
    fields = (*_WORK, *_NAMES) if user.status == UserStatus.INVITED else _WORK
    changed = [name for name in fields if getattr(row, name) and getattr(user, name) != getattr(row, name)]
    for name in changed:
        setattr(user, name, getattr(row, name))
    set_keys(user)
    held = _held(user)
    missing = [grant for grant in row.grants if (grant.role, grant.scope, grant.scope_id) not in held]
    for grant in missing:
        add_grant(user, grant, expires_at=None, actor=actor, now=now)
    if not changed and not missing:
        return "same"
    roles = [f"{grant.role}:{grant.scope}:{grant.scope_id}" for grant in missing]
    audit.record(
        "accounts.take_person",
        actor=actor,
        now=now,
        object_type="user",
        object_id=user.uuid,
        changed=changed,
        roles=roles,
    )
    return "changed"


def _held(user: User) -> set[tuple[str, str, str]]:
    rows = db.session.scalars(select(UserGrant).where(UserGrant.user_id == user.id))
    return {(grant.role, grant.scope, grant.scope_id) for grant in rows}


def _invite(row: rules.PersonRow, actor: Identity, now: datetime) -> None:
    invite(
        row.email,
        name_latin=row.name_latin,
        name_cyrillic=row.name_cyrillic or None,
        language=row.language,
        state_code=row.state_code or None,
        institution=row.institution,
        institution_type=row.institution_type or None,
        function=row.function,
        gender=row.gender or None,
        grants=row.grants,
        actor=actor,
        now=now,
    )
