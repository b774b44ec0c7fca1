"""The audit log with names in place of ids, as far as those are still known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from academy.accounts import queries as accounts
from academy.accounts.models import User
from academy.accounts.rules import shown_name
from academy.certificates.models import Certificate
from academy.courses.models import Course
from academy.enrolments.models import Enrolment
from academy.foundation import db
from academy.foundation.audit import AuditEntry
from academy.foundation.i18n import search_key

# What people do with their own learning and sign-ins: left out where only the work of the desk is wanted.
ROUTINE = ("accounts.sign_", "progress.", "quizzes.", "web.", "admin.see_")


@dataclass(frozen=True, slots=True)
class Named:
    """What an entry points to: its name, and where the desk shows it (endpoint and its arguments), if anywhere."""

    text: str
    endpoint: str = ""
    arguments: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry with names."""

    id: int
    at: datetime
    actor_kind: str
    actor: Named | None
    action: str
    outcome: str
    object_type: str
    object_id: str
    object: Named | None
    details: Mapping[str, Any]
    request_id: str


def find_entries(
    *,
    action: str = "",
    actor: str = "",
    actor_kind: str = "",
    about: str = "",
    outcome: str = "",
    begins: datetime | None = None,
    ends: datetime | None = None,
    without_routine: bool = False,
) -> Select[AuditEntry]:
    """The entries found, newest first, as a statement for `paginate`.

    *actor* is part of a name or address; *about* the same of the person acted on, or the id of an object, or the number
    of a certificate; from *begins* up to but without *ends*.
    """
    found = select(AuditEntry).order_by(AuditEntry.id.desc())
    conditions: list[ColumnElement[bool]] = []
    if action:
        conditions.append(AuditEntry.action == action)
    if actor:
        conditions.append(AuditEntry.actor_id.in_(_people(User.id, actor)))
    if actor_kind:
        conditions.append(AuditEntry.actor_kind == actor_kind)
    if about:
        conditions.append(_about(about))
    if outcome:
        conditions.append(AuditEntry.outcome == outcome)
    if begins is not None:
        conditions.append(AuditEntry.at >= begins)
    if ends is not None:
        conditions.append(AuditEntry.at < ends)
    if without_routine:
        conditions += [~AuditEntry.action.startswith(prefix, autoescape=True) for prefix in ROUTINE]
    return found.where(*conditions)


def _people(column: Any, text: str) -> Select[Any]:
    found = select(column)
    for word in search_key(text).split():
        found = found.where(User.search_key.contains(word, autoescape=True))
    return found


def _about(text: str) -> ColumnElement[bool]:
    numbered = select(Certificate.id).where(Certificate.number == text.upper())
    certificate_ids = [str(found) for found in db.session.scalars(numbered)]
    return or_(
        AuditEntry.object_id == text,
        and_(AuditEntry.object_type == "user", AuditEntry.object_id.in_(_people(User.uuid, text))),
        and_(AuditEntry.object_type == "certificate", AuditEntry.object_id.in_(certificate_ids)),
    )


def list_actions() -> list[str]:
    """The actions that the log has, by code."""
    return list(db.session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def lines(entries: Sequence[AuditEntry]) -> list[AuditLine]:
    """The entries in the same order with names; a fixed number of queries."""
    ids: dict[str, set[str]] = {}
    for entry in entries:
        ids.setdefault(entry.object_type, set()).add(entry.object_id)
    people = accounts.user_cards(entry.actor_id for entry in entries if entry.actor_id is not None)
    names = {
        **_users(ids.get("user", set())),
        **_enrolments(_numbers(ids.get("enrolment", set()))),
        **_certificates(_numbers(ids.get("certificate", set()))),
        **_courses(ids.get("course", set())),
    }
    actors = {card.id: Named(card.name, "admin.person", {"uuid": card.uuid}) for card in people.values()}
    return [
        AuditLine(
            e.id,
            e.at,
            e.actor_kind,
            actors.get(e.actor_id) if e.actor_id is not None else None,
            e.action,
            e.outcome,
            e.object_type,
            e.object_id,
            names.get((e.object_type, e.object_id)),
            e.details,
            e.request_id,
        )
        for e in entries
    ]


_Names = dict[tuple[str, str], Named]


def _numbers(ids: set[str]) -> list[int]:
    return [int(found) for found in ids if found.isdecimal()]


def _users(uuids: set[str]) -> _Names:
    rows = db.session.execute(
        select(User.uuid, User.name_latin, User.name_cyrillic, User.email).where(User.uuid.in_(uuids))
    )
    return {
        ("user", row.uuid): Named(
            shown_name(row.name_latin, row.name_cyrillic, row.email), "admin.person", {"uuid": row.uuid}
        )
        for row in rows
    }


def _enrolments(ids: list[int]) -> _Names:
    rows = db.session.execute(
        select(Enrolment.id, User.uuid, User.name_latin, User.name_cyrillic, User.email, Course.code)
        .join(User, User.id == Enrolment.user_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.id.in_(ids))
    )
    return {
        ("enrolment", str(row.id)): Named(
            f"{shown_name(row.name_latin, row.name_cyrillic, row.email)}, {row.code}",
            "admin.person",
            {"uuid": row.uuid},
        )
        for row in rows
    }


def _certificates(ids: list[int]) -> _Names:
    rows = db.session.execute(
        select(Certificate.id, Certificate.uuid, Certificate.number).where(Certificate.id.in_(ids))
    )
    return {("certificate", str(row.id)): Named(row.number, "admin.certificate", {"uuid": row.uuid}) for row in rows}


def _courses(codes: set[str]) -> _Names:
    rows = db.session.execute(
        select(Course.id, Course.code).where(or_(Course.code.in_(codes), Course.id.in_(_numbers(codes))))
    )
    named = [(str(row.id), row.code) for row in rows]
    found: _Names = {}
    for number, code in named:
        found["course", number] = found["course", code] = Named(code, "admin.course", {"code": code})
    return found
