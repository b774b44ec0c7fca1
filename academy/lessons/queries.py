"""What lessons need to know of people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from academy.accounts.models import Role, UserGrant
from academy.foundation import db


def list_caretakers(course_code: str, *, now: datetime) -> list[int]:
    """The ids of the trainers and revisers of that course; of all courses only where it has none of its own."""
    grants = db.session.execute(
        select(UserGrant.user_id, UserGrant.scope).where(
            UserGrant.role.in_((Role.TRAINER, Role.REVISER)),
            or_(UserGrant.scope == "all", and_(UserGrant.scope == "course", UserGrant.scope_id == course_code)),
            or_(UserGrant.expires_at.is_(None), UserGrant.expires_at > now),
        )
    ).all()
    own = {user_id for user_id, scope in grants if scope == "course"}
    return sorted(own or {user_id for user_id, _ in grants})
