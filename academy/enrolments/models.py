"""Enrolments: one row for a person, a course and a cycle."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.foundation.db import Base, Json, new_uuid


class EnrolmentStatus(StrEnum):
    """Where an enrolment stands; a completed one stays completed."""

    ACTIVE = "active"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Enrolment(Base):
    """A person in a course. ``structure`` is the number of the edition whose newest texts are read.

    ``rule`` and ``values`` are what was asked and what was reached when the course was completed.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("user_id", "course_id", "cycle"),
        Index(
            "uq_enrolments_one_active",
            "user_id",
            "course_id",
            unique=True,
            sqlite_where=text("status = 'active'"),
            postgresql_where=text("status = 'active'"),
        ),
        Index("ix_enrolments_course_id_status", "course_id", "status"),
        CheckConstraint("status IN ('active', 'completed', 'withdrawn')", name="status_known"),
        CheckConstraint("(status = 'completed') = (completed_at IS NOT NULL)", name="completed_when"),
        CheckConstraint("(status = 'completed') = (completed_edition_id IS NOT NULL)", name="completed_on_edition"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_when"),
        CheckConstraint("cycle >= 1", name="cycle_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    cycle: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(16), default=EnrolmentStatus.ACTIVE)
    structure: Mapped[int]
    enrolled_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    completed_edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id", ondelete="RESTRICT"))
    rule: Mapped[dict[str, Any] | None] = mapped_column(Json)
    values: Mapped[dict[str, Any] | None] = mapped_column(Json)
