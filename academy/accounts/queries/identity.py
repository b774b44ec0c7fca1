"""Who is signed in: on the path of every request."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select

from academy.accounts.models import User, UserGrant, UserSession, UserStatus
from academy.accounts.rules import email_key, shown_name
from academy.foundation import clock, db
from academy.foundation.security import Grant, Identity

_now = bindparam("now", type_=UserSession.expires_at.type)
_STATEMENT = (
    select(
        User.id,
        User.uuid,
        User.name_latin,
        User.name_cyrillic,
        User.email,
        User.language,
        User.time_zone,
        UserSession.id.label("session_id"),
        UserSession.last_seen_at,
        UserGrant.role,
        UserGrant.scope,
        UserGrant.scope_id,
    )
    .join(UserSession, UserSession.user_id == User.id)
    .outerjoin(
        UserGrant, and_(UserGrant.user_id == User.id, or_(UserGrant.expires_at.is_(None), UserGrant.expires_at > _now))
    )
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        UserSession.expires_at > _now,
        User.status == UserStatus.ACTIVE.value,
    )
    .order_by(UserGrant.id)
)


def load_identity(token_hash: str, now: datetime) -> Identity | None:
    """The active person whose session this is, with the grants that hold now.

    None when it ended. One query, columns only.
    """
    rows = db.fetch(_STATEMENT, token_hash=token_hash, now=now).all()
    if not rows:
        return None
    first = rows[0]
    return Identity(
        "user",
        id=first.id,
        uuid=first.uuid,
        name=shown_name(first.name_latin, first.name_cyrillic, first.email),
        email=first.email,
        language=first.language,
        time_zone=first.time_zone,
        grants=tuple(Grant(row.role, row.scope, row.scope_id) for row in rows if row.role is not None),
        session_id=first.session_id,
        seen_at=first.last_seen_at,
    )


def find_identity_by_email(email: str) -> Identity | None:
    """The active person with that address and their grants, without a session: for commands that act as somebody."""
    user = db.session.scalar(select(User).where(User.email_key == email_key(email), User.status == UserStatus.ACTIVE))
    if user is None:
        return None
    now = clock.now()
    lasting = or_(UserGrant.expires_at.is_(None), UserGrant.expires_at > now)
    grants = db.session.scalars(select(UserGrant).where(UserGrant.user_id == user.id, lasting).order_by(UserGrant.id))
    return Identity(
        "user",
        id=user.id,
        uuid=user.uuid,
        name=shown_name(user.name_latin, user.name_cyrillic, user.email),
        email=user.email,
        language=user.language,
        time_zone=user.time_zone,
        grants=tuple(Grant(g.role, g.scope, g.scope_id) for g in grants),
    )
