"""Who may add to a learner's record."""

from academy.foundation.security import Identity


def may_learn(user: Identity, *, user_id: int) -> bool:
    """People add to their own record; the system closes what they left open."""
    return user.may_everything or (user.kind == "user" and user.id == user_id)
