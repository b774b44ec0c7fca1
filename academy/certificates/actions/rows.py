"""How rows of the register come about: numbers, certificates, events, audit entries, mails."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from academy.certificates import rules
from academy.certificates.models import (
    Certificate,
    CertificateEvent,
    CertificatePerson,
    CertificateStatus,
    EventKind,
    NumberSeries,
)
from academy.courses.models import Course
from academy.foundation import audit, db, jobs
from academy.foundation.i18n import LocalizedText, languages, search_key
from academy.foundation.security import Identity, new_code
from academy.notifications import actions as notifications

PRINT_JOB = "certificates.print"


def take_number(series: str, *, now: datetime) -> str:
    """The next number of the series in this year. Whoever takes one holds the series until the unit of work ends.

    A number that is not used is given back by the rollback; one that was used never comes again.
    """
    db.insert_or_ignore(
        NumberSeries.__table__,  # type: ignore[arg-type]  # declared as FromClause
        {"series": series, "year": now.year, "last": 0},
        conflict=("series", "year"),
    )
    count = db.session.scalar(
        update(NumberSeries)
        .where(NumberSeries.series == series, NumberSeries.year == now.year)
        .values(last=NumberSeries.last + 1)
        .returning(NumberSeries.last)
        .execution_options(synchronize_session=False)
    )
    return rules.written_number(series, now.year, count or 0)


def write_certificate(
    *,
    enrolment_id: int,
    user_id: int,
    course_id: int,
    kind: str,
    facts: Mapping[str, Any],
    series: str,
    name_latin: str,
    name_cyrillic: str,
    actor: Identity,
    now: datetime,
) -> Certificate:
    """A new valid certificate with its number, code, name and first event; its file is owed."""
    certificate = Certificate(
        enrolment_id=enrolment_id,
        user_id=user_id,
        course_id=course_id,
        number=take_number(series, now=now),
        code=new_code(),
        kind=kind,
        status=CertificateStatus.VALID,
        snapshot=dict(facts),
        issued_at=now,
    )
    db.session.add(certificate)
    db.session.flush()
    db.session.add(
        CertificatePerson(
            certificate_id=certificate.id,
            name_latin=name_latin,
            name_cyrillic=name_cyrillic,
            search_key=search_key(f"{name_latin} {name_cyrillic}")[:512],
            salt=secrets.token_hex(32),
        )
    )
    note(certificate, EventKind.ISSUED, actor=actor, now=now)
    jobs.enqueue_after_commit(PRINT_JOB, certificate.id)
    return certificate


def note(certificate: Certificate, kind: EventKind, *, actor: Identity, now: datetime, reason: str = "") -> None:
    """The event is in the register."""
    db.session.add(
        CertificateEvent(
            certificate_id=certificate.id, kind=kind, at=now, actor_kind=actor.kind, actor_id=actor.id, reason=reason
        )
    )
    db.session.flush()


def record(action: str, certificate: Certificate, *, actor: Identity, now: datetime, **details: Any) -> None:
    """The audit entry of something done to a certificate."""
    audit.record(
        action,
        actor=actor,
        now=now,
        object_type="certificate",
        object_id=certificate.id,
        number=certificate.number,
        course=certificate.course_id,
        **details,
    )


def tell(certificate: Certificate, template: str, *, now: datetime) -> None:
    """The holder is owed a mail about the certificate."""
    title = LocalizedText.from_json(certificate.snapshot["course"]["title"])
    notifications.tell(
        certificate.user_id,
        f"certificates/mail/{template}",
        now=now,
        titles={lang: title.plain(lang) for lang in languages()},
        number=certificate.number,
        certificate=certificate.uuid,
    )


def course_code(course_id: int) -> str:
    """The code of the course, by which roles are scoped."""
    return db.session.execute(select(Course.code).where(Course.id == course_id)).scalar_one()
