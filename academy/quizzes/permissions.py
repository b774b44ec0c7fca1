"""Who may take a quiz and see an attempt at it; each test beside the same as a filter."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false

from academy.enrolments.models import Enrolment
from academy.foundation.security import Identity


def may_take(user: Identity, *, user_id: int) -> bool:
    """People take quizzes for themselves; the system ends what they left open."""
    return user.may_everything or (user.kind == "user" and user.id == user_id)


def taken_by(user: Identity) -> ColumnElement[bool]:
    """The enrolments whose attempts the person may see and work on: their own."""
    return Enrolment.user_id == user.id if user.kind == "user" else false()
