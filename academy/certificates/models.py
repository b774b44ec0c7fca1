"""Certificates and their register. Rows are never deleted; a correction is a new certificate."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String, Text, event, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from academy.foundation.db import Base, Json, new_uuid
from academy.foundation.i18n import LocalizedText


class CertificateKind(StrEnum):
    """What a certificate attests: that the course was completed, or that the person took part."""

    COMPLETION = "completion"
    ATTENDANCE = "attendance"


class CertificateStatus(StrEnum):
    """What was done to a certificate; that one has expired follows from its day."""

    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"


class EventKind(StrEnum):
    """What can happen to a certificate."""

    ISSUED = "issued"
    REPLACED = "replaced"
    REVOKED = "revoked"


class RequestStatus(StrEnum):
    """Where a request for another spelling stands."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"


class Certificate(Base):
    """One certificate. ``snapshot`` holds all that it states, in every language, but the name; it never changes.

    ``code`` is what one verifies by, folded and without hyphens. ``pdf_sha`` is the file as printed for ``pdf_mark``
    (layout and public address); without one it is still owed.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("kind IN ('completion', 'attendance')", name="kind_known"),
        CheckConstraint("status IN ('valid', 'replaced', 'revoked')", name="status_known"),
        CheckConstraint("replaced_by_id IS NULL OR status = 'replaced'", name="replaced_by_another"),
        Index(
            "uq_certificates_one_valid",
            "enrolment_id",
            unique=True,
            sqlite_where=text("status = 'valid'"),
            postgresql_where=text("status = 'valid'"),
        ),
        Index("ix_certificates_enrolment_id", "enrolment_id"),
        Index("ix_certificates_user_id", "user_id"),
        Index("ix_certificates_course_id_issued_at", "course_id", "issued_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id", ondelete="RESTRICT"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    number: Mapped[str] = mapped_column(String(40), unique=True)
    code: Mapped[str] = mapped_column(String(26), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default=CertificateStatus.VALID)
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json)
    issued_at: Mapped[datetime]
    expires_on: Mapped[date | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id", ondelete="RESTRICT"), unique=True)
    pdf_sha: Mapped[str | None] = mapped_column(String(64))
    pdf_mark: Mapped[str | None] = mapped_column(String(16))


class CertificatePerson(Base):
    """The name as printed, apart from the rest, so that it can be erased and the register stay whole."""

    __tablename__ = "certificate_people"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id", ondelete="RESTRICT"), primary_key=True)
    name_latin: Mapped[str] = mapped_column(String(120))
    name_cyrillic: Mapped[str] = mapped_column(String(120), default="")
    search_key: Mapped[str] = mapped_column(String(512))
    salt: Mapped[str] = mapped_column(String(64))


class CertificateEvent(Base):
    """What happened to a certificate, when, by whom and why. Rows are only added; the reason stays inside."""

    __tablename__ = "certificate_events"
    __table_args__ = (
        CheckConstraint("kind IN ('issued', 'replaced', 'revoked')", name="kind_known"),
        Index("ix_certificate_events_certificate_id", "certificate_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class NumberSeries(Base):
    """The last number taken in a series and year. Numbers come from here alone and never come again."""

    __tablename__ = "number_series"
    __table_args__ = (CheckConstraint("last >= 0", name="last_counts"),)

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class CertificateIssuer(Base):
    """Who issues certificates, as they are issued now: what is printed is frozen in each certificate.

    ``project``: the funding line, may be empty; ``signatory_role`` with ``signatory_name``, which may be empty.
    """

    __tablename__ = "certificate_issuers"
    __table_args__ = (CheckConstraint("series <> ''", name="series_given"),)

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    series: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[LocalizedText]
    project: Mapped[LocalizedText]
    signatory_role: Mapped[LocalizedText]
    signatory_name: Mapped[str] = mapped_column(String(120), default="")


class CorrectionRequest(Base):
    """A holder's wish for another spelling of the name; an admin replaces the certificate or declines."""

    __tablename__ = "correction_requests"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'done', 'declined')", name="status_known"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_when"),
        Index(
            "uq_correction_requests_one_open",
            "certificate_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id", ondelete="RESTRICT"))
    name_latin: Mapped[str] = mapped_column(String(120))
    name_cyrillic: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    status: Mapped[str] = mapped_column(String(16), default=RequestStatus.OPEN)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class VerificationMiss(Base):
    """A wrong code that was asked about lately. Of the network address, only a keyed hash is stored."""

    __tablename__ = "verification_misses"
    __table_args__ = (
        Index("ix_verification_misses_address_hash_at", "address_hash", "at"),
        Index("ix_verification_misses_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


@event.listens_for(CertificateEvent, "before_update")
@event.listens_for(CertificateEvent, "before_delete")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, _row: CertificateEvent) -> None:
    raise RuntimeError("the events of certificates are only added to")
