"""What lessons need to know of people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, or_, select

from academy.accounts.models import Role, UserGrant
from academy.courses.models import MistakeReport
from academy.foundation import db
from academy.foundation.security import Identity


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


def count_reports(reader: Identity, *, since: datetime) -> int:
    """How many mistakes the person has reported since then."""
    mine = select(func.count()).where(MistakeReport.user_id == reader.id, MistakeReport.created_at >= since)
    return db.session.scalar(mine) or 0
