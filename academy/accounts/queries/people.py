"""People, their sessions and grants, each as far as the reader may know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from academy.accounts import permissions, rules
from academy.accounts.models import Consent, Role, Scope, User, UserGrant, UserSession, UserStatus
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.i18n import search_key
from academy.foundation.security import Identity


@dataclass(frozen=True, slots=True)
class UserCard:
    """A person as other rooms need one."""

    id: int
    uuid: str
    name: str
    name_latin: str
    name_cyrillic: str | None
    email: str
    language: str
    time_zone: str
    state_code: str | None
    institution: str
    institution_type: str | None
    status: str
    name_confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionView:
    """A running sign-in in the person's own list."""

    id: int
    device: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class GrantView:
    """A grant in the list of a person's roles; ``is_over`` when its time has passed."""

    id: int
    role: str
    scope: str
    scope_id: str
    granted_at: datetime
    granted_by: int | None
    expires_at: datetime | None
    is_over: bool


_CARD = (
    User.id,
    User.uuid,
    User.name_latin,
    User.name_cyrillic,
    User.email,
    User.language,
    User.time_zone,
    User.state_code,
    User.institution,
    User.institution_type,
    User.status,
    User.name_confirmed_at,
)


def get_user(uuid: str, seen_by: Identity) -> User:
    """The person; raises NotFound when there is none that the reader may know of."""
    user = db.session.scalar(select(User).where(User.uuid == uuid, permissions.people_seen_by(seen_by)))
    if user is None:
        raise NotFound
    return user


def get_own(seen_by: Identity) -> User:
    """The reader's own account."""
    user = db.session.get(User, seen_by.id) if seen_by.id is not None else None
    if user is None:
        raise NotFound
    return user


def invited_person(user_id: int) -> User:
    """The person of an invitation's link; raises NotFound."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def sets_password_without_the_old(seen_by: Identity, *, now: datetime) -> bool:
    """Whether the reader has just signed in with a spoken code."""
    row = db.session.get(UserSession, seen_by.session_id) if seen_by.session_id is not None else None
    return row is not None and rules.sets_password_without_the_old(row.opened_by, row.created_at, now=now)


def find_user_by_email(email: str) -> User | None:
    """The person with that address. For actions and commands, which know whom they ask for."""
    return db.session.scalar(select(User).where(User.email_key == rules.email_key(email)))


_CARDS = select(*_CARD).where(User.id.in_(bindparam("ids", expanding=True)))


def user_card(user_id: int) -> UserCard:
    """The person of that id; raises NotFound. Whoever asks has already been allowed to know them."""
    card = user_cards([user_id]).get(user_id)
    if card is None:
        raise NotFound
    return card


def user_cards(user_ids: Iterable[int]) -> dict[int, UserCard]:
    """The people of these ids, by id, in one query."""
    rows = db.fetch(_CARDS, ids=list(set(user_ids)))
    return {
        row.id: UserCard(name=rules.shown_name(row.name_latin, row.name_cyrillic, row.email), **row._asdict())
        for row in rows
    }


def search_people(
    text: str = "",
    *,
    seen_by: Identity,
    now: datetime,
    role: str | None = None,
    status: str | None = None,
    state_code: str | None = None,
) -> Select[User]:
    """The people whose names or address hold all words of *text*, sorted by name, as a statement for `paginate`.

    *role* keeps those who hold it now, in any scope.
    """
    found = select(User).where(permissions.people_seen_by(seen_by)).order_by(User.name_sort, User.id)
    for word in search_key(text).split():
        found = found.where(User.search_key.contains(word, autoescape=True))
    if role:
        found = found.where(User.id.in_(_holders(role, now)))
    if status:
        found = found.where(User.status == status)
    if state_code:
        found = found.where(User.state_code == state_code)
    return found


def _holders(role: str, now: datetime) -> Select[int]:
    lasting = or_(UserGrant.expires_at.is_(None), UserGrant.expires_at > now)
    return select(UserGrant.user_id).where(UserGrant.role == role, lasting)


def list_grants(user: User, *, seen_by: Identity, now: datetime) -> list[GrantView]:
    """The person's grants, also those that are over; raises NotFound when the reader may not know the person."""
    if not permissions.may_see_person(seen_by, user):
        raise NotFound
    rows = db.session.scalars(
        select(UserGrant)
        .where(UserGrant.user_id == user.id)
        .order_by(UserGrant.role, UserGrant.scope, UserGrant.scope_id)
    )
    return [
        GrantView(
            g.id,
            g.role,
            g.scope,
            g.scope_id,
            g.granted_at,
            g.granted_by,
            g.expires_at,
            g.expires_at is not None and g.expires_at <= now,
        )
        for g in rows
    ]


def lasting_admins() -> list[int]:
    """The ids of active people who administer the academy without an end.

    Their grants are locked for the unit of work.
    """
    rows = db.session.scalars(
        select(UserGrant.user_id)
        .join(User, User.id == UserGrant.user_id)
        .where(
            UserGrant.role == Role.ADMIN,
            UserGrant.scope == Scope.ALL,
            UserGrant.expires_at.is_(None),
            User.status == UserStatus.ACTIVE,
        )
        .with_for_update()
    )
    return list(rows)


def list_sessions(seen_by: Identity, *, now: datetime) -> list[SessionView]:
    """The reader's running sign-ins, the one in use first, then by last use."""
    rows = db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == seen_by.id, UserSession.expires_at > now)
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    )
    views = [SessionView(s.id, s.device, s.created_at, s.last_seen_at, s.id == seen_by.session_id) for s in rows]
    return sorted(views, key=lambda view: not view.is_this)


def own_data(seen_by: Identity) -> dict[str, Any]:
    """All that the room holds about the reader, as plain values: the answer to “which data do you have about me?”."""
    user = get_own(seen_by)
    grants = db.session.scalars(select(UserGrant).where(UserGrant.user_id == user.id).order_by(UserGrant.id))
    consents = db.session.scalars(select(Consent).where(Consent.user_id == user.id).order_by(Consent.id))
    sessions = db.session.scalars(select(UserSession).where(UserSession.user_id == user.id).order_by(UserSession.id))
    return {
        "account": {name: _plain(getattr(user, name)) for name in _OWN},
        "roles": [
            {name: _plain(getattr(g, name)) for name in ("role", "scope", "scope_id", "granted_at", "expires_at")}
            for g in grants
        ],
        "privacy_notices": [
            {name: _plain(getattr(c, name)) for name in ("version", "language", "accepted_at")} for c in consents
        ],
        "sign_ins": [
            {name: _plain(getattr(s, name)) for name in ("device", "created_at", "last_seen_at")} for s in sessions
        ],
    }


_OWN = (
    "uuid",
    "email",
    "status",
    "name_latin",
    "name_cyrillic",
    "language",
    "time_zone",
    "state_code",
    "institution",
    "institution_type",
    "function",
    "gender",
    "created_at",
    "confirmed_at",
    "name_confirmed_at",
    "last_sign_in_at",
)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
