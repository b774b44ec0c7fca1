"""People as the desk lists and shows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from academy.accounts import queries as accounts
from academy.accounts.models import User, UserGrant, UserSession
from academy.accounts.queries import GrantView, SessionView
from academy.admin.queries import enrolments
from academy.admin.queries.enrolments import EnrolmentLine
from academy.certificates import queries as certificates
from academy.certificates.queries import CertificateView
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.security import Identity

_ORDERS: Mapping[str, Any] = {
    "name": (User.name_sort, User.id),
    "newest": (User.created_at.desc(), User.id.desc()),
    "seen": (User.last_sign_in_at.is_(None), User.last_sign_in_at.desc(), User.id),
}


@dataclass(frozen=True)
class PersonPage:
    """All that the page of a person shows. ``granted_by``: id → name of whoever granted a role."""

    user: User
    name: str
    grants: list[GrantView]
    granted_by: Mapping[int, str]
    enrolments: list[EnrolmentLine]
    certificates: list[CertificateView]
    sessions: list[SessionView]


def find_people(
    text: str, *, seen_by: Identity, now: datetime, role: str, status: str, state_code: str, order: str
) -> Select[User]:
    """The people found, as a statement for `paginate`. *order*: name, newest or seen (last signed in)."""
    found = accounts.search_people(text, seen_by=seen_by, now=now, role=role, status=status, state_code=state_code)
    return found.order_by(None).order_by(*_ORDERS[order])


def list_roles(user_ids: Collection[int], *, now: datetime) -> dict[int, list[str]]:
    """Person → the roles they hold now, each once; one query for all."""
    rows = db.session.execute(
        select(UserGrant.user_id, UserGrant.role)
        .where(UserGrant.user_id.in_(user_ids), or_(UserGrant.expires_at.is_(None), UserGrant.expires_at > now))
        .distinct()
        .order_by(UserGrant.role)
    )
    roles: dict[int, list[str]] = {user_id: [] for user_id in user_ids}
    for row in rows:
        roles[row.user_id].append(row.role)
    return roles


def get_person(uuid: str, *, seen_by: Identity, now: datetime) -> PersonPage:
    """The person with roles, enrolments, certificates and sign-ins; raises NotFound. A fixed number of queries."""
    user = accounts.get_user(uuid, seen_by)
    grants = accounts.list_grants(user, seen_by=seen_by, now=now)
    by = accounts.user_cards(grant.granted_by for grant in grants if grant.granted_by is not None)
    return PersonPage(
        user=user,
        name=user.name_latin or user.name_cyrillic or user.email,
        grants=grants,
        granted_by={card.id: card.name for card in by.values()},
        enrolments=enrolments.list_of_person(user.id, seen_by=seen_by, now=now),
        certificates=certificates.list_of_user(user.id),
        sessions=_sessions(user.id, seen_by, now),
    )


def get_grant(user: User, grant_id: int, *, seen_by: Identity, now: datetime) -> GrantView:
    """The person's grant of that id; raises NotFound."""
    for grant in accounts.list_grants(user, seen_by=seen_by, now=now):
        if grant.id == grant_id:
            return grant
    raise NotFound


def _sessions(user_id: int, seen_by: Identity, now: datetime) -> list[SessionView]:
    rows = db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.expires_at > now)
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    )
    return [SessionView(s.id, s.device, s.created_at, s.last_seen_at, s.id == seen_by.session_id) for s in rows]
