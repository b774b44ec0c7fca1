"""Who could have a certificate, what it would state, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select

from academy.accounts.models import User
from academy.certificates import permissions, rules
from academy.certificates.formats.paper import unprintable
from academy.certificates.formats.snapshot import Issuer, snapshot
from academy.certificates.models import Certificate, CertificateIssuer
from academy.courses import queries as courses
from academy.enrolments.models import Enrolment, EnrolmentStatus
from academy.foundation import db
from academy.foundation.i18n import LocalizedText
from academy.foundation.security import Identity

DEFAULT_ISSUER = "default"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A person at the end of a course: what the certificate would be made of, and what stands against it."""

    obstacles: tuple[rules.Obstacle, ...]
    unprintable: str
    automatic: bool
    kind: str
    name_latin: str
    name_cyrillic: str
    series: str
    snapshot: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the admin's queue; ``obstacles`` is empty where the certificate can be issued."""

    enrolment_id: int
    enrolment_uuid: str
    user_id: int
    user_uuid: str
    name_latin: str
    name_cyrillic: str
    course_code: str
    title: LocalizedText
    completed_at: datetime
    automatic: bool
    obstacles: tuple[rules.Obstacle, ...]
    unprintable: str


_FACTS = (
    Enrolment.id,
    Enrolment.uuid,
    Enrolment.user_id,
    Enrolment.course_id,
    Enrolment.status,
    Enrolment.completed_at,
    Enrolment.completed_edition_id,
    Enrolment.rule,
    Enrolment.values,
    User.uuid.label("user_uuid"),
    User.name_latin,
    User.name_cyrillic,
    User.name_confirmed_at,
)


def find_issuer() -> Issuer:
    """Who issues certificates now; a plain one until an admin has set one."""
    row = db.session.get(CertificateIssuer, DEFAULT_ISSUER)
    if row is None:
        return Issuer(
            series="TA",
            name=LocalizedText.of("en", en="Training Academy", ru="Учебная академия"),
            project=LocalizedText.of("en", en="", ru=""),
            signatory_role=LocalizedText.of(
                "en", en="Head of the Training Academy", ru="Руководитель Учебной академии"
            ),
        )
    return Issuer(row.series, row.name, row.project, row.signatory_role, row.signatory_name)


def prepare(enrolment_id: int) -> Prepared:
    """What a certificate for this enrolment would state, and all that stands against it."""
    row = db.session.execute(_candidates().where(Enrolment.id == enrolment_id)).one()
    return _prepared(row, find_issuer())


def waiting_for_issue(*, seen_by: Identity, limit: int = 500) -> list[Waiting]:
    """Completed enrolments in courses the reader manages that never had a certificate, oldest first."""
    rows = db.session.execute(
        _candidates()
        .where(
            Enrolment.status == EnrolmentStatus.COMPLETED,
            ~exists().where(Certificate.enrolment_id == Enrolment.id),
            permissions.managed_by(seen_by),
        )
        .order_by(Enrolment.completed_at, Enrolment.id)
        .limit(limit)
    ).all()
    by = find_issuer()
    lines = [(row, courses.get_edition(row.completed_edition_id), _prepared(row, by)) for row in rows]
    return [
        Waiting(
            enrolment_id=row.id,
            enrolment_uuid=row.uuid,
            user_id=row.user_id,
            user_uuid=row.user_uuid,
            name_latin=row.name_latin,
            name_cyrillic=row.name_cyrillic or "",
            course_code=edition.course_code,
            title=edition.title,
            completed_at=row.completed_at,
            automatic=prepared.automatic,
            obstacles=prepared.obstacles,
            unprintable=prepared.unprintable,
        )
        for row, edition, prepared in lines
        if rules.Obstacle.NONE_FOR_COURSE not in prepared.obstacles
    ]


def _candidates() -> Select[Any]:
    return select(*_FACTS).join(User, User.id == Enrolment.user_id)


def _prepared(row: Any, by: Issuer) -> Prepared:
    name_cyrillic = row.name_cyrillic or ""
    edition = courses.get_edition(row.completed_edition_id) if row.completed_edition_id is not None else None
    kind = edition.certificate_kind if edition else ""
    facts: dict[str, Any] = {}
    if edition and kind in rules.KINDS and row.rule is not None and row.values is not None:
        facts = snapshot(edition, issuer=by, rule=row.rule, values=row.values)
    missing = unprintable(facts, name_latin=row.name_latin, name_cyrillic=name_cyrillic) if facts else ""
    candidate = rules.Candidate(
        completed=row.status == EnrolmentStatus.COMPLETED,
        certificate_kind=kind,
        rule=row.rule,
        values=row.values,
        name_confirmed=row.name_confirmed_at is not None,
        unprintable=missing,
    )
    return Prepared(
        obstacles=rules.obstacles(candidate),
        unprintable=missing,
        automatic=edition is not None and edition.certificate_issue == "automatic",
        kind=kind,
        name_latin=row.name_latin,
        name_cyrillic=name_cyrillic,
        series=by.series,
        snapshot=facts,
    )
