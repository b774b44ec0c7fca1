"""The first page: what waits for somebody, and how much there is of everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select

from academy.accounts.models import User, UserStatus
from academy.admin import permissions
from academy.admin.queries import audit, certificates
from academy.admin.queries.audit import AuditLine
from academy.certificates import permissions as certificate_permissions
from academy.certificates.models import Certificate, CertificateStatus
from academy.courses import queries as courses
from academy.courses.editions import EditionView
from academy.courses.models import Course, MistakeReport, ReportStatus
from academy.enrolments import permissions as enrolment_permissions
from academy.enrolments.models import Enrolment, EnrolmentStatus
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.security import Identity

RECENT = 8


@dataclass(frozen=True, slots=True)
class Queues:
    """How many wait. ``to_issue`` can be issued at once, ``held`` cannot yet; None: not for this reader."""

    to_issue: int
    held: int
    corrections: int
    mistakes: int
    late: int
    invited: int | None
    unconfirmed: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How much there is; ``people`` counts active accounts and is None for those who may not see people."""

    people: int | None
    running: int
    completed: int
    certificates: int


@dataclass(frozen=True)
class Mistake:
    """A reader's report, with what it is about."""

    id: int
    uuid: str
    edition: EditionView
    activity_key: str
    language: str
    text: str
    created_at: datetime

    @property
    def course_code(self) -> str:
        return self.edition.course_code


def queues(*, seen_by: Identity, now: datetime) -> Queues:
    """What waits for somebody at the desk."""
    waiting = certificates.list_waiting(seen_by=seen_by)
    ready = sum(certificates.may_issue_to(seen_by, line) for line in waiting)
    running = Enrolment.status == EnrolmentStatus.ACTIVE
    mine = enrolment_permissions.seen_by(seen_by)
    counts = db.session.execute(
        select(
            select(func.count())
            .select_from(MistakeReport)
            .join(Course, Course.id == MistakeReport.course_id)
            .where(MistakeReport.status == ReportStatus.OPEN, permissions.courses_seen_by(seen_by))
            .scalar_subquery()
            .label("mistakes"),
            select(func.count())
            .select_from(Enrolment)
            .where(running, Enrolment.due_on < now.date(), mine)
            .scalar_subquery()
            .label("late"),
            _people(UserStatus.INVITED).label("invited"),
            _people(UserStatus.UNCONFIRMED).label("unconfirmed"),
        )
    ).one()
    everybody = permissions.may_read_all(seen_by)
    return Queues(
        to_issue=ready,
        held=len(waiting) - ready,
        corrections=len(certificates.list_requests(seen_by=seen_by)),
        mistakes=counts.mistakes,
        late=counts.late,
        invited=counts.invited if everybody else None,
        unconfirmed=counts.unconfirmed if everybody else None,
    )


def figures(*, seen_by: Identity) -> Figures:
    """How much there is of everything, in one query."""
    mine = enrolment_permissions.seen_by(seen_by)

    def enrolments(status: EnrolmentStatus) -> ScalarSelect[int]:
        return select(func.count()).select_from(Enrolment).where(Enrolment.status == status, mine).scalar_subquery()

    valid = (
        select(func.count())
        .select_from(Certificate)
        .where(Certificate.status == CertificateStatus.VALID, certificate_permissions.seen_by(seen_by))
    )
    row = db.session.execute(
        select(
            _people(UserStatus.ACTIVE),
            enrolments(EnrolmentStatus.ACTIVE),
            enrolments(EnrolmentStatus.COMPLETED),
            valid.scalar_subquery(),
        )
    ).one()
    return Figures(row[0] if permissions.may_read_all(seen_by) else None, row[1], row[2], row[3])


def recent(*, seen_by: Identity) -> list[AuditLine]:
    """The newest entries of the audit log but for routine; none for those who may not read it."""
    if not permissions.may_read_all(seen_by):
        return []
    return audit.lines(db.session.scalars(audit.find_entries(without_routine=True).limit(RECENT)).all())


def get_mistake(uuid: str, *, seen_by: Identity) -> Mistake:
    """The open report, if the reader may look into its course; raises NotFound."""
    for mistake in list_mistakes(seen_by=seen_by, uuid=uuid):
        return mistake
    raise NotFound


def list_mistakes(*, seen_by: Identity, uuid: str | None = None) -> list[Mistake]:
    """The open reports of mistakes in the courses the reader may look into (or that one), oldest first."""
    found = (
        select(MistakeReport)
        .join(Course, Course.id == MistakeReport.course_id)
        .where(MistakeReport.status == ReportStatus.OPEN, permissions.courses_seen_by(seen_by))
        .order_by(MistakeReport.created_at, MistakeReport.id)
        .limit(200)
    )
    if uuid is not None:
        found = found.where(MistakeReport.uuid == uuid)
    return [
        Mistake(r.id, r.uuid, courses.get_edition(r.edition_id), r.activity_key, r.language, r.text, r.created_at)
        for r in db.session.scalars(found)
    ]


def _people(status: UserStatus) -> ScalarSelect[int]:
    return select(func.count()).select_from(User).where(User.status == status).scalar_subquery()
