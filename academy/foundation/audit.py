"""The audit log: who did what to which object, when; ids and codes only, never names, addresses or texts."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from academy.foundation import db
from academy.foundation.security import Identity

request_id: ContextVar[str] = ContextVar("request_id", default="")


class AuditEntry(db.Base):
    """One thing that was done or refused. ``actor_id`` has no foreign key: the entry outlives the person."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("outcome IN ('done', 'refused')", name="outcome"),
        CheckConstraint("actor_kind IN ('user', 'operator', 'system', 'anonymous')", name="actor_kind"),
        Index(None, "object_type", "object_id"),
        Index(None, "at"),
        Index(None, "actor_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[int | None]
    actor_label: Mapped[str] = mapped_column(String(80), default="")
    action: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(8), default="done")
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]]
    request_id: Mapped[str] = mapped_column(String(36), default="")


def record(
    action: str,
    *,
    actor: Identity,
    now: datetime,
    object_type: str,
    object_id: str | int,
    outcome: str = "done",
    **details: str | float | bool | list[str] | None,
) -> None:
    """One entry in the running unit of work."""
    db.session.add(
        AuditEntry(
            at=now,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_label=actor.label,
            action=action,
            outcome=outcome,
            object_type=object_type,
            object_id=str(object_id),
            details=details,
            request_id=request_id.get(),
        )
    )
