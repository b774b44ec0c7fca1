"""Enrolments with the person, the course and how far they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from academy.accounts import queries as accounts
from academy.accounts.models import User
from academy.accounts.queries import UserCard
from academy.accounts.rules import email_key
from academy.admin import permissions, rules
from academy.courses import queries as courses
from academy.courses.editions import EditionView
from academy.courses.models import Course, Edition
from academy.enrolments import queries as enrolments
from academy.enrolments.models import Enrolment, EnrolmentStatus
from academy.enrolments.rules import is_overdue
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.i18n import LocalizedText, search_key
from academy.foundation.security import Identity
from academy.progress import queries as progress
from academy.progress.models import Completion, Position
from academy.progress.rules import ProgressView, track
from academy.settings import zone


@dataclass(frozen=True)
class CourseLine:
    """A course and how many are in it. ``late``: running ones whose last day has passed."""

    id: int
    code: str
    title: LocalizedText
    status: str
    edition: str | None
    active: int
    completed: int
    withdrawn: int
    late: int


@dataclass(frozen=True)
class EnrolmentLine:
    """A person in a course."""

    id: int
    uuid: str
    status: str
    cycle: int
    enrolled_at: datetime
    completed_at: datetime | None
    due_on: date | None
    is_late: bool
    person: UserCard
    edition: EditionView
    progress: ProgressView

    @property
    def track(self) -> list[list[tuple[str, bool]]]:
        """(state, is a quiz) of every activity, by module."""
        return [
            [(self._drawn(step.state), step.kind == "quiz") for step in module]
            for module in track(self.edition, self.progress)
        ]

    def _drawn(self, state: str) -> str:
        """What has changed since counts as done; only a running enrolment has a place to go on from."""
        drawn = {"updated": "done", "now": "now" if self.status == EnrolmentStatus.ACTIVE else "open"}
        return drawn.get(state, state)


def list_courses(*, seen_by: Identity, now: datetime) -> list[CourseLine]:
    """The courses the reader may look into, by code."""
    newest = select(
        Edition.course_id,
        Edition.structure,
        Edition.texts,
        func.row_number()
        .over(partition_by=Edition.course_id, order_by=(Edition.structure.desc(), Edition.texts.desc()))
        .label("place"),
    ).subquery()
    count = func.count(Enrolment.id)
    active = Enrolment.status == EnrolmentStatus.ACTIVE
    rows = db.session.execute(
        select(
            Course.id,
            Course.code,
            Course.title,
            Course.status,
            newest.c.structure,
            newest.c.texts,
            count.filter(active).label("active"),
            count.filter(Enrolment.status == EnrolmentStatus.COMPLETED).label("completed"),
            count.filter(Enrolment.status == EnrolmentStatus.WITHDRAWN).label("withdrawn"),
            count.filter(active, Enrolment.due_on < now.date()).label("late"),
        )
        .outerjoin(Enrolment, Enrolment.course_id == Course.id)
        .outerjoin(newest, (newest.c.course_id == Course.id) & (newest.c.place == 1))
        .where(permissions.courses_seen_by(seen_by))
        .group_by(Course.id, Course.code, Course.title, Course.status, newest.c.structure, newest.c.texts)
        .order_by(Course.code)
    )
    return [
        CourseLine(
            r.id,
            r.code,
            r.title,
            r.status,
            None if r.structure is None else f"{r.structure}.{r.texts}",
            r.active,
            r.completed,
            r.withdrawn,
            r.late,
        )
        for r in rows
    ]


def course_titles(*, seen_by: Identity) -> list[tuple[str, LocalizedText]]:
    """(code, title) of the courses the reader may look into, by code."""
    rows = db.session.execute(
        select(Course.code, Course.title).where(permissions.courses_seen_by(seen_by)).order_by(Course.code)
    )
    return [(row.code, row.title) for row in rows]


def get_course(code: str, *, seen_by: Identity) -> Course:
    """The course, if the reader may look into it; raises NotFound."""
    course = db.session.scalar(select(Course).where(Course.code == code, permissions.courses_seen_by(seen_by)))
    if course is None:
        raise NotFound
    return course


def find_enrolments(
    course_id: int,
    *,
    now: datetime,
    text: str = "",
    state_code: str = "",
    standing: str = "",
    order: str = "name",
) -> Select[Enrolment]:
    """The enrolments of the course, as a statement for `paginate`.

    *standing*: a status, or ``late`` (past its last day) or ``idle`` (running, nothing done yet).
    *order*: name, enrolled or due.
    """
    found = (
        select(Enrolment)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.course_id == course_id)
        .order_by(*_ORDERS[order])
    )
    for word in search_key(text).split():
        found = found.where(User.search_key.contains(word, autoescape=True))
    if state_code:
        found = found.where(User.state_code == state_code)
    return found.where(*_standing(standing, now)) if standing else found


_ORDERS = {
    "name": (User.name_sort, Enrolment.id),
    "enrolled": (Enrolment.enrolled_at.desc(), Enrolment.id.desc()),
    "due": (Enrolment.due_on.is_(None), Enrolment.due_on, User.name_sort, Enrolment.id),
}


def _standing(standing: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    running = Enrolment.status == EnrolmentStatus.ACTIVE
    if standing == "late":
        return running, Enrolment.due_on < now.date()
    if standing == "idle":
        nothing_done = ~exists().where(Completion.enrolment_id == Enrolment.id)
        return running, nothing_done, ~exists().where(Position.enrolment_id == Enrolment.id)
    return (Enrolment.status == standing,)


def lines(rows: Sequence[Enrolment], *, now: datetime) -> list[EnrolmentLine]:
    """The enrolments in the same order, with people and progress; a fixed number of queries."""
    if not rows:
        return []
    people = accounts.user_cards(row.user_id for row in rows)
    newest = _newest_editions({row.course_id for row in rows})
    editions = {row.id: courses.get_edition(newest[row.course_id, row.structure]) for row in rows}
    views = progress.progress_of_many([(row.id, editions[row.id]) for row in rows])
    return [
        EnrolmentLine(
            row.id,
            row.uuid,
            row.status,
            row.cycle,
            row.enrolled_at,
            row.completed_at,
            row.due_on,
            row.status == EnrolmentStatus.ACTIVE and is_overdue(row.due_on, zone(people[row.user_id].time_zone), now),
            people[row.user_id],
            editions[row.id],
            views[row.id],
        )
        for row in rows
    ]


def _newest_editions(course_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """(course, structure) → its newest edition."""
    rows = db.session.execute(
        select(Edition.course_id, Edition.structure, Edition.id)
        .where(Edition.course_id.in_(course_ids))
        .order_by(Edition.structure, Edition.texts)
    )
    return {(row.course_id, row.structure): row.id for row in rows}


def list_of_person(user_id: int, *, seen_by: Identity, now: datetime) -> list[EnrolmentLine]:
    """The person's enrolments, newest first."""
    rows = db.session.scalars(enrolments.list_enrolments(seen_by=seen_by, user_id=user_id)).all()
    return lines(rows, now=now)


def get_chosen(course_id: int, uuids: Sequence[str], *, now: datetime) -> list[EnrolmentLine]:
    """The chosen enrolments of that course by name; raises NotFound if one of them is not in it, or none was chosen."""
    wanted = set(uuids)
    rows = db.session.scalars(
        select(Enrolment)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.course_id == course_id, Enrolment.uuid.in_(wanted))
        .order_by(User.name_sort, Enrolment.id)
    ).all()
    if not wanted or len(rows) != len(wanted):
        raise NotFound
    return lines(rows, now=now)


_KNOWN: tuple[Any, ...] = (
    User.id,
    User.uuid,
    User.name_latin,
    User.name_cyrillic,
    User.email,
    User.email_key,
    User.status,
)


def look_up(course_id: int, addresses: Sequence[str]) -> rules.Sorted:
    """What enrolling the people of these addresses in the course would do."""
    keys = [email_key(address) for address in addresses]
    newest = (
        select(
            Enrolment.user_id,
            Enrolment.status,
            func.row_number().over(partition_by=Enrolment.user_id, order_by=Enrolment.cycle.desc()).label("place"),
        )
        .where(Enrolment.course_id == course_id)
        .subquery()
    )
    rows = db.session.execute(
        select(*_KNOWN, newest.c.status.label("last"))
        .outerjoin(newest, (newest.c.user_id == User.id) & (newest.c.place == 1))
        .where(User.email_key.in_(keys))
    )
    known = {
        row.email_key: rules.Known(
            row.id, row.uuid, row.name_latin or row.name_cyrillic or "", row.email, row.status, row.last
        )
        for row in rows
    }
    return rules.sort_people(addresses, known)
