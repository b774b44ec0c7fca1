"""Who may see and change enrolments; each test beside the same as a filter."""

from sqlalchemy import ColumnElement, false, or_, select, true

from academy.courses.models import Course
from academy.enrolments.models import Enrolment
from academy.foundation.security import Identity

READERS = ("admin", "trainer", "auditor")
STAFF = ("admin", "trainer", "translator", "reviser", "auditor")


def may_enrol(user: Identity, *, user_id: int) -> bool:
    """People enrol themselves; the operator enrols anyone."""
    return user.may_everything or (user.kind == "user" and user.id == user_id)


def may_manage(user: Identity, *, course_code: str) -> bool:
    """Admins, of everything or of the course, extend deadlines, withdraw people and open new cycles."""
    return user.holds("admin", scope="course", scope_id=course_code)


def may_withdraw(user: Identity, *, user_id: int, course_code: str) -> bool:
    """People withdraw themselves; admins withdraw anyone."""
    return may_enrol(user, user_id=user_id) or may_manage(user, course_code=course_code)


def may_see(user: Identity, *, user_id: int, course_code: str) -> bool:
    """One's own, and those of the courses one administers, trains or audits."""
    return may_enrol(user, user_id=user_id) or any(
        user.holds(role, scope="course", scope_id=course_code) for role in READERS
    )


def may_read_course(user: Identity, *, course_code: str) -> bool:
    """Staff of a course read it without being enrolled."""
    return any(user.holds(role, scope="course", scope_id=course_code) for role in STAFF)


def seen_by(user: Identity) -> ColumnElement[bool]:
    """The enrolments for which `may_see` is true."""
    if any(user.holds(role) for role in READERS):
        return true()
    own = Enrolment.user_id == user.id if user.kind == "user" else false()
    codes = {code for role in READERS for code in user.scopes(role, "course") or ()}
    if not codes:
        return own
    return or_(own, Enrolment.course_id.in_(select(Course.id).where(Course.code.in_(sorted(codes)))))
