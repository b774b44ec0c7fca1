"""The queue and the register of certificates as the desk reads them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select

from academy.accounts import queries as accounts
from academy.accounts.queries import UserCard
from academy.admin import permissions
from academy.certificates import queries as certificates
from academy.certificates.models import Certificate
from academy.certificates.permissions import managed_by
from academy.certificates.queries import CertificateView, EventView, RequestView, Waiting
from academy.enrolments.models import Enrolment
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.security import SYSTEM, Identity


@dataclass(frozen=True)
class CertificatePage:
    """All that the page of a certificate shows. ``actors``: id → name.

    ``follows``, ``next``: (uuid, number) of its neighbours in a chain of replacements.
    """

    certificate: CertificateView
    person: UserCard
    events: list[EventView]
    actors: Mapping[int, str]
    request: RequestView | None
    follows: tuple[str, str] | None
    next: tuple[str, str] | None


def list_waiting(*, seen_by: Identity, course_code: str = "") -> list[Waiting]:
    """Who completed a course and has no certificate, oldest first. Auditors see what administrators see."""
    found = certificates.waiting_for_issue(seen_by=_reader(seen_by))
    return [line for line in found if not course_code or line.course_code == course_code]


def get_chosen(uuids: Sequence[str], *, seen_by: Identity) -> tuple[list[Waiting], int]:
    """The chosen enrolments that wait, oldest first, and how many of the chosen have a certificate already.

    Raises NotFound when one of them is neither, or is not for this reader.
    """
    wanted = set(uuids)
    found = [line for line in certificates.waiting_for_issue(seen_by=seen_by) if line.enrolment_uuid in wanted]
    others = wanted - {line.enrolment_uuid for line in found}
    had = db.session.scalar(
        select(func.count())
        .select_from(Enrolment)
        .where(
            Enrolment.uuid.in_(others),
            exists().where(Certificate.enrolment_id == Enrolment.id),
            managed_by(seen_by),
        )
    )
    if had != len(others):
        raise NotFound
    return found, len(others)


def may_issue_to(actor: Identity, line: Waiting) -> bool:
    """Whether nothing stands against the actor issuing this certificate now; nobody issues one to themselves."""
    return not line.obstacles and line.user_id != actor.id


def list_requests(*, seen_by: Identity) -> list[RequestView]:
    """The open wishes for another spelling. Auditors see what administrators see."""
    return certificates.list_requests(seen_by=_reader(seen_by))


def get_page(uuid: str, *, seen_by: Identity) -> CertificatePage:
    """The certificate with its holder and what happened to it; raises NotFound."""
    certificate = certificates.get_certificate(uuid, seen_by=seen_by)
    if not permissions.may_read_course(seen_by, course_code=certificate.course_code):
        raise NotFound
    events = certificates.list_events(certificate.id)
    cards = accounts.user_cards([certificate.user_id, *(e.actor_id for e in events if e.actor_id is not None)])
    follows, following = _neighbours(certificate)
    return CertificatePage(
        certificate=certificate,
        person=cards[certificate.user_id],
        events=events,
        actors={card.id: card.name for card in cards.values()},
        request=certificates.pending_correction(certificate.id),
        follows=follows,
        next=following,
    )


def holders(rows: Collection[CertificateView]) -> dict[int, UserCard]:
    """The people who hold these certificates, by id."""
    return accounts.user_cards(row.user_id for row in rows)


def _neighbours(certificate: CertificateView) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    rows = db.session.execute(
        select(Certificate.id, Certificate.uuid, Certificate.number, Certificate.replaced_by_id).where(
            (Certificate.replaced_by_id == certificate.id) | (Certificate.id == certificate.replaced_by_id)
        )
    ).all()
    follows = next(((row.uuid, row.number) for row in rows if row.replaced_by_id == certificate.id), None)
    following = next(((row.uuid, row.number) for row in rows if row.id == certificate.replaced_by_id), None)
    return follows, following


def _reader(seen_by: Identity) -> Identity:
    # The room lists its queues for those who act on them; whoever audits the whole academy reads the same lists.
    return SYSTEM if permissions.may_read_all(seen_by) else seen_by
