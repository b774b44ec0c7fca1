"""All that is read about enrolments."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)

from academy.courses.models import Course, Edition
from academy.enrolments import permissions
from academy.enrolments.models import Enrolment, EnrolmentStatus
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.security import Identity

RANK = case(
    (Enrolment.status == EnrolmentStatus.ACTIVE, 0), (Enrolment.status == EnrolmentStatus.COMPLETED, 1), else_=2
)

_COURSE = ("course_id", "course_code", "slug", "course_status", "edition_id")
_ENROLMENT = ("id", "uuid", "user_id", "cycle", "status", "enrolled_at", "completed_at", "due_on")


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """An enrolment as hot pages need it."""

    id: int
    uuid: str
    user_id: int
    cycle: int
    status: str
    enrolled_at: datetime
    completed_at: datetime | None
    due_on: date | None

    @property
    def is_active(self) -> bool:
        return self.status == EnrolmentStatus.ACTIVE

    @property
    def is_completed(self) -> bool:
        return self.status == EnrolmentStatus.COMPLETED


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A published or archived course as one reader stands to it.

    ``edition_id`` is the edition they read; ``enrolment`` the running or completed one, ``withdrawn`` the one to which
    they could return.
    """

    course_id: int
    course_code: str
    slug: str
    course_status: str
    edition_id: int
    enrolment: EnrolmentView | None = None
    withdrawn: EnrolmentView | None = None

    @property
    def is_open(self) -> bool:
        """Whether people can enrol themselves."""
        return self.course_status == "published"


def _edition_read() -> ScalarSelect[int]:
    """The newest texts of the enrolment's structure; without a running enrolment the newest edition of all."""
    return (
        select(Edition.id)
        .where(
            Edition.course_id == Course.id,
            or_(
                Enrolment.id.is_(None),
                Enrolment.status == EnrolmentStatus.WITHDRAWN,
                Edition.structure == Enrolment.structure,
            ),
        )
        .order_by(Edition.structure.desc(), Edition.texts.desc())
        .limit(1)
        .correlate(Course, Enrolment)
        .scalar_subquery()
    )


def _places(mine: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Courses with the enrolment that *mine* selects; one row for each enrolment, or one without."""
    edition_id = _edition_read().label("edition_id")
    return (
        select(
            Course.id.label("course_id"),
            Course.code.label("course_code"),
            Course.slug,
            Course.status.label("course_status"),
            edition_id,
            Enrolment.id,
            Enrolment.uuid,
            Enrolment.user_id,
            Enrolment.cycle,
            Enrolment.status,
            Enrolment.enrolled_at,
            Enrolment.completed_at,
            Enrolment.due_on,
        )
        .outerjoin(Enrolment, and_(Enrolment.course_id == Course.id, mine))
        .where(Course.status.in_(("published", "archived")), exists().where(Edition.course_id == Course.id))
    )


# Built once: they are asked for on every page of a course.
_PLACE_OF_READER = (
    _places(Enrolment.user_id == bindparam("user_id"))
    .where(Course.slug == bindparam("slug"))
    .order_by(RANK, Enrolment.cycle.desc())
    .limit(1)
)
_PLACES_OF_READER = (
    _places(Enrolment.user_id == bindparam("user_id"))
    .where(Enrolment.id.is_not(None), Enrolment.status != EnrolmentStatus.WITHDRAWN)
    .order_by(RANK, Enrolment.enrolled_at.desc(), Enrolment.id.desc())
)
_PLACE_OF_ENROLMENT = _places(Enrolment.id == bindparam("enrolment_id")).where(Enrolment.id.is_not(None))


def _place(row: RowMapping) -> PlaceView:
    enrolment = EnrolmentView(**{f: row[f] for f in _ENROLMENT}) if row["id"] is not None else None
    running = enrolment is not None and enrolment.status != EnrolmentStatus.WITHDRAWN
    return PlaceView(
        **{f: row[f] for f in _COURSE},
        enrolment=enrolment if running else None,
        withdrawn=None if running else enrolment,
    )


def find_place(slug: str, *, seen_by: Identity) -> PlaceView | None:
    """How the reader stands to the course of that slug, in one query; None when there is none to know of."""
    row = db.fetch(_PLACE_OF_READER, user_id=seen_by.id, slug=slug).mappings().first()
    return _place(row) if row else None


def get_place(slug: str, *, seen_by: Identity) -> PlaceView:
    """As `find_place`; raises NotFound."""
    place = find_place(slug, seen_by=seen_by)
    if place is None:
        raise NotFound
    return place


def list_places(user_id: int) -> list[PlaceView]:
    """The courses a person is in or has completed, unfinished ones first, then the newest."""
    return [_place(row) for row in db.fetch(_PLACES_OF_READER, user_id=user_id).mappings()]


def place_of(enrolment_id: int) -> PlaceView:
    """The place an enrolment stands for, whoever holds it; raises NotFound."""
    row = db.fetch(_PLACE_OF_ENROLMENT, enrolment_id=enrolment_id).mappings().first()
    if row is None:
        raise NotFound
    return _place(row)


def find_active(user_id: int, course_id: int) -> Enrolment | None:
    """The running enrolment of the person in the course."""
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.user_id == user_id,
            Enrolment.course_id == course_id,
            Enrolment.status == EnrolmentStatus.ACTIVE,
        )
    )


def get_enrolment(uuid: str, *, seen_by: Identity) -> Enrolment:
    """The enrolment, if the reader may know of it; raises NotFound."""
    enrolment = db.session.scalar(select(Enrolment).where(Enrolment.uuid == uuid, permissions.seen_by(seen_by)))
    if enrolment is None:
        raise NotFound
    return enrolment


def list_enrolments(
    *, seen_by: Identity, course_id: int | None = None, user_id: int | None = None
) -> Select[Enrolment]:
    """The enrolments the reader may see, newest first, as a query to page through."""
    found = (
        select(Enrolment)
        .where(permissions.seen_by(seen_by))
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
    )
    if course_id is not None:
        found = found.where(Enrolment.course_id == course_id)
    if user_id is not None:
        found = found.where(Enrolment.user_id == user_id)
    return found


def count_active(course_id: int) -> int:
    """How many are in the course and have not finished."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Enrolment)
            .where(Enrolment.course_id == course_id, Enrolment.status == EnrolmentStatus.ACTIVE)
        )
        or 0
    )


def list_active_after(course_id: int, after_id: int, *, limit: int) -> list[int]:
    """The ids of the next running enrolments of the course, in order of id."""
    return list(
        db.session.scalars(
            select(Enrolment.id)
            .where(
                Enrolment.course_id == course_id,
                Enrolment.status == EnrolmentStatus.ACTIVE,
                Enrolment.id > after_id,
            )
            .order_by(Enrolment.id)
            .limit(limit)
        )
    )


def list_courses_behind() -> list[int]:
    """Courses in which a running enrolment still reads an older structure, though it should have moved on."""
    newest = (
        select(func.max(Edition.structure)).where(Edition.course_id == Course.id).correlate(Course).scalar_subquery()
    )
    return list(
        db.session.scalars(
            select(Course.id)
            .where(
                Course.finish_on_own.is_(False),
                exists().where(
                    Enrolment.course_id == Course.id,
                    Enrolment.status == EnrolmentStatus.ACTIVE,
                    Enrolment.structure < newest,
                ),
            )
            .order_by(Course.id)
        )
    )
