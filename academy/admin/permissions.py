"""Who may use which part of the desk. What is changed is decided again by the room that changes it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from academy.courses.models import Course
from academy.foundation.errors import NotAllowed
from academy.foundation.security import Identity

ADMIN = "admin"
READERS = ("admin", "auditor")


def may_read_all(seen_by: Identity) -> bool:
    """Whether the reader sees people and the audit log: administrators and auditors of the whole academy."""
    return any(seen_by.holds(role) for role in READERS)


def may_change_people(actor: Identity) -> bool:
    """Whether the actor invites, suspends and grants: administrators of the whole academy."""
    return actor.holds(ADMIN)


def may_read_course(seen_by: Identity, *, course_code: str) -> bool:
    """Whether the reader sees who is in the course: administrators and auditors, of everything or of the course."""
    return any(seen_by.holds(role, scope="course", scope_id=course_code) for role in READERS)


def may_change_course(actor: Identity, *, course_code: str) -> bool:
    """Whether the actor enrols, withdraws and extends: administrators, of everything or of the course."""
    return actor.holds(ADMIN, scope="course", scope_id=course_code)


def courses_seen_by(seen_by: Identity) -> ColumnElement[bool]:
    """The courses for which `may_read_course` is true."""
    if may_read_all(seen_by):
        return true()
    codes = {code for role in READERS for code in seen_by.scopes(role, "course") or ()}
    return Course.code.in_(sorted(codes))


def demand_read_all(seen_by: Identity) -> None:
    """Raises NotAllowed unless the reader may see people and the audit log."""
    if not may_read_all(seen_by):
        raise NotAllowed


def demand_change_people(actor: Identity) -> None:
    """Raises NotAllowed unless the actor may change people."""
    if not may_change_people(actor):
        raise NotAllowed


def demand_change_course(actor: Identity, *, course_code: str) -> None:
    """Raises NotAllowed unless the actor may change who is in the course."""
    if not may_change_course(actor, course_code=course_code):
        raise NotAllowed
