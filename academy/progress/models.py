"""Completions of activities, and where a learner was last."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.foundation.db import Base


class Completion(Base):
    """What came of one activity for one enrolment.

    ``passed`` is None where there is nothing to pass; False means tried, not yet done. ``score`` is the best so far,
    0 to 1. ``language`` is the one in which a quiz was answered, None where that was several or there is nothing to
    answer. ``substance`` and ``part_sha`` name the content (in the source language) that was worked through last, and
    ``edition_id`` where it stood; ``completed_at`` is when it was done first.
    """

    __tablename__ = "completions"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_key"),
        Index("ix_completions_completed_at", "completed_at"),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= 1)", name="score_is_share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"))
    activity_key: Mapped[str] = mapped_column(String(80))
    completed_at: Mapped[datetime]
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="RESTRICT"))
    part_sha: Mapped[str] = mapped_column(String(64))
    substance: Mapped[int]
    score: Mapped[float | None]
    passed: Mapped[bool | None]
    language: Mapped[str | None] = mapped_column(String(16))


class Position(Base):
    """The activity to which a learner last went on."""

    __tablename__ = "positions"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"), primary_key=True)
    activity_key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
