"""What looking leaves behind: who saw somebody else's certificate, and for a while the wrong codes asked about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from academy.certificates import rules
from academy.certificates.models import VerificationMiss
from academy.foundation import audit, db
from academy.foundation.security import Identity


def note_access(action: str, certificate_id: int, *, actor: Identity, now: datetime) -> None:
    """That *actor* saw (``certificates.seen``) or took (``certificates.downloaded``) it is in the audit log."""
    audit.record(action, actor=actor, now=now, object_type="certificate", object_id=certificate_id)


def note_miss(address_hash: str, *, now: datetime) -> None:
    """One more wrong code counts against that address."""
    db.session.add(VerificationMiss(address_hash=address_hash, at=now))


def forget_misses(now: datetime) -> None:
    """Wrong codes that do not count any more are gone."""
    db.session.execute(delete(VerificationMiss).where(VerificationMiss.at <= now - rules.MISSES_KEPT))
