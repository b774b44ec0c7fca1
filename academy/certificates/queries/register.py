"""The register of certificates: for holders, for admins, and for whoever verifies one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select

from academy.certificates import permissions, rules
from academy.certificates.models import (
    Certificate,
    CertificateEvent,
    CertificatePerson,
    CertificateStatus,
    CorrectionRequest,
    RequestStatus,
    VerificationMiss,
)
from academy.courses import queries as courses
from academy.courses.models import Course
from academy.enrolments.models import Enrolment, EnrolmentStatus
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.i18n import LocalizedText, search_key
from academy.foundation.security import Identity, fold_code


@dataclass(frozen=True, slots=True)
class Verified:
    """What anyone may know of a certificate, to compare it with the paper; nothing else of the person."""

    standing: rules.Standing
    kind: str
    name_latin: str
    name_cyrillic: str
    title: LocalizedText
    minutes: int
    issued_at: datetime
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate as its holder and the admins see it. ``code`` is folded, without hyphens."""

    id: int
    uuid: str
    enrolment_id: int
    user_id: int
    course_code: str
    number: str
    code: str
    kind: str
    status: str
    snapshot: Mapping[str, Any]
    issued_at: datetime
    expires_on: date | None
    replaced_by_id: int | None
    pdf_sha: str | None
    pdf_mark: str | None
    name_latin: str
    name_cyrillic: str

    def standing(self, now: datetime) -> rules.Standing:
        """What it is worth at that instant."""
        return rules.standing(self.status, self.expires_on, today=now.date())

    @property
    def title(self) -> LocalizedText:
        """The title of the course as it was."""
        return LocalizedText.from_json(self.snapshot["course"]["title"])

    @property
    def minutes(self) -> int:
        """Notional learning time."""
        return int(self.snapshot["minutes"])


@dataclass(frozen=True, slots=True)
class EventView:
    """What happened to a certificate; the reason is for admins."""

    kind: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """A wish for another spelling, with what is printed now."""

    id: int
    uuid: str
    certificate_id: int
    certificate_uuid: str
    number: str
    printed_latin: str
    printed_cyrillic: str
    name_latin: str
    name_cyrillic: str
    note: str
    status: str
    created_at: datetime


_COLUMNS: tuple[Any, ...] = (
    Certificate.id,
    Certificate.uuid,
    Certificate.enrolment_id,
    Certificate.user_id,
    Course.code.label("course_code"),
    Certificate.number,
    Certificate.code,
    Certificate.kind,
    Certificate.status,
    Certificate.snapshot,
    Certificate.issued_at,
    Certificate.expires_on,
    Certificate.replaced_by_id,
    Certificate.pdf_sha,
    Certificate.pdf_mark,
    CertificatePerson.name_latin,
    CertificatePerson.name_cyrillic,
)


def _views() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(CertificatePerson, CertificatePerson.certificate_id == Certificate.id)
        .join(Course, Course.id == Certificate.course_id)
    )


def _one(statement: Select[Any]) -> CertificateView:
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return CertificateView(*row)


def find_by_code(typed: str, *, now: datetime) -> Verified | None:
    """The certificate of that code, typed however people type; None alike for unknown and malformed codes."""
    code = fold_code(typed)
    if code is None:
        return None
    row = db.session.execute(
        select(
            Certificate.status,
            Certificate.kind,
            CertificatePerson.name_latin,
            CertificatePerson.name_cyrillic,
            Certificate.snapshot,
            Certificate.issued_at,
            Certificate.expires_on,
        )
        .join(CertificatePerson, CertificatePerson.certificate_id == Certificate.id)
        .where(Certificate.code == code)
    ).one_or_none()
    if row is None:
        return None
    return Verified(
        standing=rules.standing(row.status, row.expires_on, today=now.date()),
        kind=row.kind,
        name_latin=row.name_latin,
        name_cyrillic=row.name_cyrillic,
        title=LocalizedText.from_json(row.snapshot["course"]["title"]),
        minutes=row.snapshot["minutes"],
        issued_at=row.issued_at,
        expires_on=row.expires_on,
    )


def seconds_to_wait(address_hash: str, *, now: datetime) -> int:
    """How long that address must wait before any code of it is looked at; 0: not at all."""
    misses = db.session.scalars(
        select(VerificationMiss.at)
        .where(VerificationMiss.address_hash == address_hash, VerificationMiss.at > now - rules.MISSES_KEPT)
        .order_by(VerificationMiss.at.desc())
        .limit(rules.MISSES)
    )
    return rules.seconds_to_wait(misses.all(), now=now)


def get_certificate(uuid: str, *, seen_by: Identity) -> CertificateView:
    """The certificate, if the reader may know of it; raises NotFound."""
    return _one(_views().where(Certificate.uuid == uuid, permissions.seen_by(seen_by)))


def find_view(certificate_id: int) -> CertificateView | None:
    """The certificate of that id, whoever holds it."""
    row = db.session.execute(_views().where(Certificate.id == certificate_id)).one_or_none()
    return CertificateView(*row) if row else None


def get_managed(typed: str, *, seen_by: Identity) -> CertificateView:
    """The certificate of that code, number or uuid, if the reader manages it; raises NotFound."""
    which = or_(
        Certificate.code == (fold_code(typed) or ""),
        Certificate.number == typed.strip().upper(),
        Certificate.uuid == typed,
    )
    return _one(_views().where(which, permissions.certificates_managed_by(seen_by)))


def list_of_user(user_id: int) -> list[CertificateView]:
    """The person's certificates, valid ones first, then the newest."""
    rank = Certificate.status != CertificateStatus.VALID
    rows = db.session.execute(
        _views()
        .where(Certificate.user_id == user_id)
        .order_by(rank, Certificate.issued_at.desc(), Certificate.id.desc())
    )
    return [CertificateView(*row) for row in rows]


def list_register(*, seen_by: Identity, text: str = "", status: str = "", course_code: str = "") -> Select[Any]:
    """The certificates that the reader may see, newest first, as a query to page through.

    Rows have the fields of CertificateView. *text*: parts of a name or of a number, or a whole code.
    """
    newest = (Certificate.issued_at.desc(), Certificate.id.desc())
    found: Select[Any] = _views().where(permissions.seen_by(seen_by)).order_by(*newest)
    if status:
        found = found.where(Certificate.status == status)
    if course_code:
        found = found.where(Course.code == course_code)
    for word in search_key(text).split():
        found = found.where(
            or_(
                CertificatePerson.search_key.contains(word, autoescape=True),
                func.lower(Certificate.number).contains(word, autoescape=True),
                Certificate.code == (fold_code(text) or ""),
            )
        )
    return found


def list_events(certificate_id: int) -> list[EventView]:
    """What happened to the certificate, oldest first. For those who manage it."""
    rows = db.session.execute(
        select(
            CertificateEvent.kind,
            CertificateEvent.at,
            CertificateEvent.actor_kind,
            CertificateEvent.actor_id,
            CertificateEvent.reason,
        )
        .where(CertificateEvent.certificate_id == certificate_id)
        .order_by(CertificateEvent.id)
    )
    return [EventView(*row) for row in rows]


_REQUEST: tuple[Any, ...] = (
    CorrectionRequest.id,
    CorrectionRequest.uuid,
    CorrectionRequest.certificate_id,
    Certificate.uuid.label("certificate_uuid"),
    Certificate.number,
    CertificatePerson.name_latin.label("printed_latin"),
    CertificatePerson.name_cyrillic.label("printed_cyrillic"),
    CorrectionRequest.name_latin,
    CorrectionRequest.name_cyrillic,
    CorrectionRequest.note,
    CorrectionRequest.status,
    CorrectionRequest.created_at,
)


def _requests() -> Select[Any]:
    return (
        select(*_REQUEST)
        .join(Certificate, Certificate.id == CorrectionRequest.certificate_id)
        .join(CertificatePerson, CertificatePerson.certificate_id == Certificate.id)
    )


def list_requests(*, seen_by: Identity) -> list[RequestView]:
    """The open wishes for another spelling in courses the reader manages, oldest first."""
    rows = db.session.execute(
        _requests()
        .where(CorrectionRequest.status == RequestStatus.OPEN, permissions.certificates_managed_by(seen_by))
        .order_by(CorrectionRequest.created_at, CorrectionRequest.id)
    )
    return [RequestView(*row) for row in rows]


def get_request(uuid: str, *, seen_by: Identity) -> RequestView:
    """The wish, if the reader manages its certificate; raises NotFound."""
    row = db.session.execute(
        _requests().where(CorrectionRequest.uuid == uuid, permissions.certificates_managed_by(seen_by))
    ).one_or_none()
    if row is None:
        raise NotFound
    return RequestView(*row)


def pending_correction(certificate_id: int) -> RequestView | None:
    """The open wish for this certificate."""
    row = db.session.execute(
        _requests().where(
            CorrectionRequest.certificate_id == certificate_id, CorrectionRequest.status == RequestStatus.OPEN
        )
    ).one_or_none()
    return RequestView(*row) if row else None


def had_one(enrolment_id: int) -> bool:
    """Whether a certificate was ever issued for the enrolment, whatever became of it."""
    return bool(db.session.scalar(select(exists().where(Certificate.enrolment_id == enrolment_id))))


def waiting_of_user(user_id: int) -> list[tuple[str, LocalizedText]]:
    """(uuid of the enrolment, title) of what the person completed and should get a first certificate for."""
    rows = db.session.execute(
        select(Enrolment.uuid, Enrolment.completed_edition_id)
        .where(
            Enrolment.user_id == user_id,
            Enrolment.status == EnrolmentStatus.COMPLETED,
            ~exists().where(Certificate.enrolment_id == Enrolment.id),
        )
        .order_by(Enrolment.completed_at)
    ).all()
    editions = [(uuid, courses.get_edition(edition_id)) for uuid, edition_id in rows if edition_id is not None]
    return [(uuid, edition.title) for uuid, edition in editions if edition.certificate_kind in rules.KINDS]


def owed_prints(mark: str, *, limit: int = 50) -> list[int]:
    """The ids of valid certificates whose file was not printed for this mark yet."""
    return list(
        db.session.scalars(
            select(Certificate.id)
            .where(
                Certificate.status == CertificateStatus.VALID,
                or_(Certificate.pdf_mark.is_(None), Certificate.pdf_mark != mark),
            )
            .order_by(Certificate.id)
            .limit(limit)
        )
    )
