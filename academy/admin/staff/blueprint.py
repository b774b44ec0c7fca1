"""The blueprint of the desk and what its doors share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import request

from academy.admin import permissions
from academy.admin.formats import words
from academy.certificates.rules import OBSTACLE_WORDS
from academy.foundation import audit, web
from academy.foundation.errors import Conflict, NotFound
from academy.foundation.i18n import format_date
from academy.foundation.security import Identity, format_code
from academy.settings import zone

bp = web.blueprint("admin", "academy.admin")
_UUID = re.compile(r"[0-9a-f-]{36}")
READ = web.holds(*permissions.READERS)
CHANGE = web.holds(permissions.ADMIN)


@bp.context_processor
def desk_context() -> dict[str, Any]:
    """What every page of the desk may name."""
    return {
        "words": words,
        "reads_all": permissions.may_read_all(web.current_user),
        "changes_people": permissions.may_change_people(web.current_user),
        "is_admin": web.current_user.holds_any(permissions.ADMIN),
        "may_change_course": may_change_course,
        "day": day,
        "format_code": format_code,
        "obstacle_words": OBSTACLE_WORDS,
    }


def day(at: datetime) -> str:
    """The day of that instant where the reader is."""
    return format_date(at.astimezone(zone(web.current_user.time_zone)).date())


def may_change_course(code: str) -> bool:
    """Whether the reader may change who is in the course."""
    return permissions.may_change_course(web.current_user, course_code=code)


def sent(form: web.Form) -> bool:
    """Whether the form was sent and has the right shape."""
    return request.method == "POST" and bool(form.validate())


def chosen() -> list[str]:
    """The uuids of the enrolments that were ticked; raises NotFound for what cannot be one."""
    found = request.values.getlist("enrolment")
    if not all(_UUID.fullmatch(uuid) for uuid in found):
        raise NotFound
    return found


@contextmanager
def telling() -> Iterator[None]:
    """A conflict with the present state becomes a message on the next page."""
    try:
        yield
    except Conflict as refusal:
        web.flash(str(refusal.message), "bad")


def note_access(action: str, *, object_type: str, object_id: str | int, now: datetime, people: int = 1) -> None:
    """That the reader saw the data of so many people is in the audit log, in a short unit of work of its own."""
    reader: Identity = web.current_user
    with web.apart():
        audit.record(action, actor=reader, now=now, object_type=object_type, object_id=object_id, people=people)
