"""Who may take a quiz and see an attempt at it."""

from __future__ import annotations

from academy.foundation.security import Identity


def may_take(user: Identity, *, user_id: int) -> bool:
    """People take quizzes for themselves; the system ends what they left open."""
    return user.may_everything or may_see(user, user_id=user_id)


def may_see(user: Identity, *, user_id: int) -> bool:
    """An attempt is seen by the person who takes it."""
    return user.kind == "user" and user.id == user_id
