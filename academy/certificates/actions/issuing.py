"""Issuing: by an admin, or by itself as soon as nothing stands against it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from academy.certificates import permissions, queries, rules
from academy.certificates.actions import rows
from academy.certificates.models import Certificate, CertificateIssuer, CertificateStatus
from academy.certificates.queries.candidates import DEFAULT_ISSUER
from academy.enrolments.models import Enrolment, EnrolmentStatus
from academy.foundation import audit, db
from academy.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Words
from academy.foundation.i18n import LocalizedText
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Identity


def issue(enrolment_id: int, *, actor: Identity, now: datetime) -> Certificate:
    """There is one valid certificate for the enrolment: the one that was there, or a new one and its holder is told.

    Raises NotFound, NotAllowed, Conflict with the code of the first obstacle (`rules.Obstacle`).
    """
    enrolment = _enrolment(enrolment_id)
    code = rows.course_code(enrolment.course_id)
    if not permissions.may_issue(actor, course_code=code, holder_id=enrolment.user_id):
        raise NotAllowed
    prepared = queries.prepare(enrolment.id)
    return _find_valid(enrolment.id) or _issue(enrolment, prepared, actor=actor, now=now, tell=True)


def issue_if_automatic(enrolment_id: int, *, now: datetime, actor: Identity) -> Certificate | None:
    """The valid certificate of the enrolment, issued now if the course issues by itself and nothing stands against it.

    None: it waits for completion, for the name or for an admin; or it was revoked, which is not undone here. The
    holder gets a mail about it unless the course was completed at this very instant: the mail about that says so too.
    """
    enrolment = _enrolment(enrolment_id)
    valid = _find_valid(enrolment.id)
    if valid is not None or enrolment.status != EnrolmentStatus.COMPLETED or queries.had_one(enrolment.id):
        return valid
    prepared = queries.prepare(enrolment.id)
    if not prepared.automatic or prepared.obstacles:
        return None
    return _issue(enrolment, prepared, actor=actor, now=now, tell=enrolment.completed_at != now)


def issue_owed(user_id: int, *, now: datetime, actor: Identity) -> list[Certificate]:
    """Every certificate that the person was owed but for the name is issued; gives those that are valid now."""
    completed = db.session.scalars(
        select(Enrolment.id)
        .where(Enrolment.user_id == user_id, Enrolment.status == EnrolmentStatus.COMPLETED)
        .order_by(Enrolment.id)
    ).all()
    found = [issue_if_automatic(enrolment_id, now=now, actor=actor) for enrolment_id in completed]
    return [certificate for certificate in found if certificate is not None]


def keep_printed(certificate_id: int, *, sha: str, mark: str) -> None:
    """The file that was printed for this mark (layout and public address) is the one to hand out."""
    db.session.execute(
        update(Certificate)
        .where(Certificate.id == certificate_id)
        .values(pdf_sha=sha, pdf_mark=mark)
        .execution_options(synchronize_session=False)
    )


def set_issuer(
    *,
    series: str,
    name: LocalizedText,
    project: LocalizedText,
    signatory_role: LocalizedText,
    signatory_name: str = "",
    actor: Identity,
    now: datetime,
) -> CertificateIssuer:
    """Certificates issued from now on state this issuer; the others do not change. Raises NotAllowed, Invalid."""
    if not actor.holds("admin"):
        raise NotAllowed
    if not (series.isascii() and series.isalnum() and len(series) <= 20):
        raise Invalid({"series": [_l("Use Latin letters and digits, at most 20.")]})
    row = db.session.get(CertificateIssuer, DEFAULT_ISSUER) or CertificateIssuer(key=DEFAULT_ISSUER)
    row.series, row.name, row.project = series.upper(), name, project
    row.signatory_role, row.signatory_name = signatory_role, signatory_name
    db.session.add(row)
    db.session.flush()
    audit.record(
        "certificates.issuer_set",
        actor=actor,
        now=now,
        object_type="certificate_issuer",
        object_id=row.key,
        series=row.series,
    )
    return row


def _enrolment(enrolment_id: int) -> Enrolment:
    """The enrolment, held until the unit of work ends, so that issuing happens once at a time."""
    enrolment = db.session.get(Enrolment, enrolment_id, populate_existing=True, with_for_update=True)
    if enrolment is None:
        raise NotFound
    return enrolment


def _find_valid(enrolment_id: int) -> Certificate | None:
    return db.session.scalar(
        select(Certificate).where(
            Certificate.enrolment_id == enrolment_id, Certificate.status == CertificateStatus.VALID
        )
    )


def _issue(
    enrolment: Enrolment, prepared: queries.Prepared, *, actor: Identity, now: datetime, tell: bool
) -> Certificate:
    if prepared.obstacles:
        raise Conflict(_words(prepared), code=prepared.obstacles[0].value)
    try:
        with db.session.begin_nested():
            certificate = rows.write_certificate(
                enrolment_id=enrolment.id,
                user_id=enrolment.user_id,
                course_id=enrolment.course_id,
                kind=prepared.kind,
                facts=prepared.snapshot,
                series=prepared.series,
                name_latin=prepared.name_latin,
                name_cyrillic=prepared.name_cyrillic,
                actor=actor,
                now=now,
            )
    except IntegrityError:
        # Somebody issued it in the meantime: theirs is the one.
        valid = _find_valid(enrolment.id)
        if valid is None:
            raise
        return valid
    rows.record("certificates.issued", certificate, actor=actor, now=now)
    if tell:
        rows.tell(certificate, "issued", now=now)
    return certificate


def _words(prepared: queries.Prepared) -> Words:
    first = prepared.obstacles[0]
    if first == rules.Obstacle.NOT_PRINTABLE:
        return _l("These characters cannot be printed: %(characters)s", characters=" ".join(prepared.unprintable))
    return rules.OBSTACLE_WORDS[first]
