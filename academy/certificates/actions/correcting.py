"""What can happen to a certificate after it was issued: a wish for another spelling, a replacement, a revocation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from academy.accounts import rules as account_rules
from academy.certificates import permissions
from academy.certificates.actions import rows
from academy.certificates.formats.letters import printable
from academy.certificates.models import (
    Certificate,
    CertificatePerson,
    CertificateStatus,
    CorrectionRequest,
    EventKind,
    RequestStatus,
)
from academy.foundation import db
from academy.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Words
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Identity


def replace(
    certificate_id: int, *, name_latin: str, name_cyrillic: str, reason: str, actor: Identity, now: datetime
) -> Certificate:
    """A new certificate with this name, a new number and code states the same; the old one answers “replaced”.

    Open wishes for it are done. Raises NotFound, NotAllowed, Invalid, Conflict (``not_valid``).
    """
    old = _managed(certificate_id, actor)
    name_latin, name_cyrillic = checked_names(name_latin, name_cyrillic)
    _require(reason)
    _leave_valid(old, CertificateStatus.REPLACED)
    new = rows.write_certificate(
        enrolment_id=old.enrolment_id,
        user_id=old.user_id,
        course_id=old.course_id,
        kind=old.kind,
        facts=old.snapshot,
        series=old.number.rsplit("-", 2)[0],
        name_latin=name_latin,
        name_cyrillic=name_cyrillic,
        actor=actor,
        now=now,
    )
    new.expires_on = old.expires_on
    old.replaced_by_id = new.id
    _close_requests(old.id, RequestStatus.DONE, now=now)
    rows.note(old, EventKind.REPLACED, actor=actor, now=now, reason=reason)
    rows.record("certificates.replaced", old, actor=actor, now=now, by=new.number)
    rows.tell(new, "replaced", now=now)
    return new


def revoke(certificate_id: int, *, reason: str, actor: Identity, now: datetime) -> Certificate:
    """The certificate answers “revoked”; the reason stays inside. One that is revoked already stays as it is.

    Raises NotFound, NotAllowed, Invalid without a reason, Conflict (``not_valid``) for a replaced one.
    """
    certificate = _managed(certificate_id, actor)
    _require(reason)
    if certificate.status == CertificateStatus.REVOKED:
        return certificate
    _leave_valid(certificate, CertificateStatus.REVOKED)
    _close_requests(certificate.id, RequestStatus.DECLINED, now=now)
    rows.note(certificate, EventKind.REVOKED, actor=actor, now=now, reason=reason)
    rows.record("certificates.revoked", certificate, actor=actor, now=now)
    rows.tell(certificate, "revoked", now=now)
    return certificate


def ask_for_correction(
    certificate_id: int, *, name_latin: str, name_cyrillic: str, note: str, actor: Identity, now: datetime
) -> CorrectionRequest:
    """The holder's wish for another spelling waits for an admin; a newer wish takes the place of an open one.

    Raises NotFound, Invalid, Conflict (``not_valid``).
    """
    certificate = _held(certificate_id)
    if not permissions.owns(actor, holder_id=certificate.user_id):
        raise NotFound
    if certificate.status != CertificateStatus.VALID:
        raise _not_valid()
    wanted = checked_names(name_latin, name_cyrillic)
    printed = db.session.get_one(CertificatePerson, certificate.id)
    if wanted == (printed.name_latin, printed.name_cyrillic):
        raise Invalid({"name_latin": [_l("This is how the name is printed already.")]})
    request = db.session.scalar(
        select(CorrectionRequest).where(
            CorrectionRequest.certificate_id == certificate.id, CorrectionRequest.status == RequestStatus.OPEN
        )
    ) or CorrectionRequest(certificate_id=certificate.id, status=RequestStatus.OPEN)
    request.name_latin, request.name_cyrillic = wanted
    request.note, request.created_at = note[:500], now
    db.session.add(request)
    db.session.flush()
    rows.record("certificates.correction_asked", certificate, actor=actor, now=now, request=request.id)
    return request


def decline_correction(request_id: int, *, actor: Identity, now: datetime) -> None:
    """The wish is declined and the holder told; one that is closed stays as it is. Raises NotFound, NotAllowed."""
    request = db.session.get(CorrectionRequest, request_id, populate_existing=True, with_for_update=True)
    if request is None:
        raise NotFound
    certificate = _managed(request.certificate_id, actor)
    if request.status != RequestStatus.OPEN:
        return
    request.status, request.closed_at = RequestStatus.DECLINED, now
    db.session.flush()
    rows.record("certificates.correction_declined", certificate, actor=actor, now=now, request=request.id)
    rows.tell(certificate, "declined", now=now)


def checked_names(name_latin: str, name_cyrillic: str) -> tuple[str, str]:
    """The two lines as they will be printed; raises Invalid with what is wrong in each."""
    latin, cyrillic = account_rules.tidy_name(name_latin), account_rules.tidy_name(name_cyrillic)
    faults: Mapping[str, list[Any]] = {
        "name_latin": [*account_rules.latin_faults(latin), *_unprintable(latin)],
        "name_cyrillic": [*account_rules.cyrillic_faults(cyrillic), *_unprintable(cyrillic)] if cyrillic else [],
    }
    found = {field: messages for field, messages in faults.items() if messages}
    if found:
        raise Invalid(found)
    return latin, cyrillic


def _unprintable(name: str) -> list[Words]:
    missing = printable(name)
    return [_l("These characters cannot be printed: %(characters)s", characters=" ".join(missing))] if missing else []


def _held(certificate_id: int) -> Certificate:
    """The certificate, held until the unit of work ends."""
    certificate = db.session.get(Certificate, certificate_id, populate_existing=True, with_for_update=True)
    if certificate is None:
        raise NotFound
    return certificate


def _managed(certificate_id: int, actor: Identity) -> Certificate:
    certificate = _held(certificate_id)
    code = rows.course_code(certificate.course_id)
    # Nobody corrects or takes away their own: the same four eyes as for issuing.
    if not permissions.may_issue(actor, course_code=code, holder_id=certificate.user_id):
        raise NotAllowed
    return certificate


def _require(reason: str) -> None:
    if not reason.strip():
        raise Invalid({"reason": [_l("Say why; the reason is kept inside.")]})


def _leave_valid(certificate: Certificate, status: CertificateStatus) -> None:
    changed = db.session.scalar(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.status == CertificateStatus.VALID)
        .values(status=status)
        .returning(Certificate.id)
    )
    if changed is None:
        raise _not_valid()


def _not_valid() -> Conflict:
    return Conflict(_l("This certificate is not valid any more."), code="not_valid")


def _close_requests(certificate_id: int, status: RequestStatus, *, now: datetime) -> None:
    db.session.execute(
        update(CorrectionRequest)
        .where(CorrectionRequest.certificate_id == certificate_id, CorrectionRequest.status == RequestStatus.OPEN)
        .values(status=status, closed_at=now)
    )
