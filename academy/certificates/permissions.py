"""Who may see and change certificates; each test beside the same as a filter."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from academy.certificates.models import Certificate
from academy.courses.models import Course
from academy.enrolments.models import Enrolment
from academy.foundation.security import Identity

_READERS = ("admin", "auditor")


def may_manage(user: Identity, *, course_code: str) -> bool:
    """Admins, of everything or of the course, issue, replace and revoke."""
    return user.holds("admin", scope="course", scope_id=course_code)


def may_issue(user: Identity, *, course_code: str, holder_id: int) -> bool:
    """Who manages certificates, but nobody issues one to themselves."""
    return may_manage(user, course_code=course_code) and not owns(user, holder_id=holder_id)


def owns(user: Identity, *, holder_id: int) -> bool:
    """The certificate is the reader's own."""
    return user.kind == "user" and user.id == holder_id


def may_see(user: Identity, *, holder_id: int, course_code: str) -> bool:
    """One's own, and those of the courses one administers or audits."""
    return owns(user, holder_id=holder_id) or any(
        user.holds(role, scope="course", scope_id=course_code) for role in _READERS
    )


def seen_by(user: Identity) -> ColumnElement[bool]:
    """The certificates for which `may_see` is true."""
    own = Certificate.user_id == user.id if user.kind == "user" else false()
    codes = _codes(user, *_READERS)
    if codes is None:
        return true()
    return or_(own, _in_courses(Certificate.course_id, codes)) if codes else own


def managed_by(user: Identity) -> ColumnElement[bool]:
    """The enrolments in courses for which `may_manage` is true."""
    codes = _codes(user, "admin")
    return true() if codes is None else _in_courses(Enrolment.course_id, codes)


def certificates_managed_by(user: Identity) -> ColumnElement[bool]:
    """The certificates of courses for which `may_manage` is true."""
    codes = _codes(user, "admin")
    return true() if codes is None else _in_courses(Certificate.course_id, codes)


def _codes(user: Identity, *roles: str) -> frozenset[str] | None:
    scopes = [user.scopes(role, "course") for role in roles]
    found: set[str] = set()
    for scope in scopes:
        if scope is None:
            return None
        found |= scope
    return frozenset(found)


def _in_courses(column: InstrumentedAttribute[int], codes: frozenset[str]) -> ColumnElement[bool]:
    return column.in_(select(Course.id).where(Course.code.in_(sorted(codes))))
