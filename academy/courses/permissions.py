"""Who may see and change drafts."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from academy.courses.models import Course
from academy.foundation.security import Identity

_AUTHORS = ("trainer", "admin")
_READERS = ("trainer", "translator", "reviser", "admin", "auditor")


def may_edit(identity: Identity, code: str) -> bool:
    """Whether the person may change the draft of the course with that code, and publish it."""
    return any(identity.holds(role, scope="course", scope_id=code) for role in _AUTHORS)


def may_see_draft(identity: Identity, code: str) -> bool:
    """Whether the person may look at the draft of the course with that code."""
    return any(identity.holds(role, scope="course", scope_id=code) for role in _READERS)


def drafts_seen_by(identity: Identity) -> ColumnElement[bool]:
    """``may_see_draft`` as a filter on courses."""
    codes: set[str] = set()
    for role in _READERS:
        found = identity.scopes(role, "course")
        if found is None:
            return true()
        codes |= found
    return Course.code.in_(sorted(codes))
