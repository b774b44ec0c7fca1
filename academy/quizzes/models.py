"""Quizzes as they are written, and the attempts at them as they are taken."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.foundation.db import Base, Json, new_uuid
from academy.foundation.i18n import LocalizedText


class AttemptState(StrEnum):
    """Where an attempt stands; it ends once, by being handed in or by running out of time."""

    OPEN = "open"
    SUBMITTED = "submitted"
    EXPIRED = "expired"


class Quiz(Base):
    """The draft of a quiz: what its activity row does not hold. ``attempts`` 0 means as many as you like."""

    __tablename__ = "quizzes"
    __table_args__ = (
        CheckConstraint("purpose IN ('check', 'pre', 'final')", name="purpose_known"),
        CheckConstraint("show IN ('feedback', 'outcomes')", name="show_known"),
        CheckConstraint("attempts >= 0 AND wait_hours >= 0", name="limits_not_negative"),
        CheckConstraint("passing_score IS NULL OR (passing_score > 0 AND passing_score <= 1)", name="passing_is_share"),
    )

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16), default="check")
    intro: Mapped[LocalizedText | None]
    attempts: Mapped[int] = mapped_column(default=0)
    wait_hours: Mapped[int] = mapped_column(default=0)
    passing_score: Mapped[float | None]
    draw: Mapped[int | None]
    shuffle_items: Mapped[bool] = mapped_column(default=False)
    shuffle_choices: Mapped[bool] = mapped_column(default=True)
    show: Mapped[str] = mapped_column(String(16), default="feedback")
    time_limit_minutes: Mapped[int | None]
    items: Mapped[list[Item]] = relationship(
        lazy="raise", order_by="Item.position", cascade="all, delete-orphan", passive_deletes=True
    )


class Item(Base):
    """One question of a quiz's draft. ``answer`` and ``tolerance`` are decimals as written, for numeric items."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("quiz_id", "key"),
        CheckConstraint("points >= 1", name="points_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.activity_id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    position: Mapped[int]
    outcome_key: Mapped[str] = mapped_column(String(80))
    bloom: Mapped[str] = mapped_column(String(16))
    points: Mapped[int] = mapped_column(default=1)
    text: Mapped[LocalizedText]
    feedback: Mapped[LocalizedText | None]
    correct: Mapped[bool | None]
    answer: Mapped[str | None] = mapped_column(String(40))
    tolerance: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[LocalizedText | None]
    choices: Mapped[list[Choice]] = relationship(
        lazy="raise", order_by="Choice.position", cascade="all, delete-orphan", passive_deletes=True
    )


class Choice(Base):
    """One choice, element, pair or extra of an item; a pair has its right side in ``match``, an extra has only that."""

    __tablename__ = "item_choices"
    __table_args__ = (
        UniqueConstraint("item_id", "key"),
        CheckConstraint("role IN ('choice', 'element', 'pair', 'extra')", name="role_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    position: Mapped[int]
    correct: Mapped[bool] = mapped_column(default=False)
    text: Mapped[LocalizedText | None]
    match: Mapped[LocalizedText | None]
    feedback: Mapped[LocalizedText | None]


class Attempt(Base):
    """One go at a quiz. What was drawn, in which order, from which edition and until when is fixed at the start.

    ``draw`` is the list of ``[item key, order]``: the place p of the page shows the frozen choice ``order[p]``.
    ``grade`` is written when the attempt ends and can be computed again from the responses to the same result.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_key", "number"),
        Index(
            "uq_attempts_one_open",
            "enrolment_id",
            "activity_key",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_attempts_open_deadline",
            "deadline_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("state IN ('open', 'submitted', 'expired')", name="state_known"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_when_closed"),
        CheckConstraint("(state = 'open') = (score IS NULL)", name="scored_when_closed"),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= 1)", name="score_is_share"),
        CheckConstraint("number >= 1", name="number_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"))
    activity_key: Mapped[str] = mapped_column(String(80))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="RESTRICT"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default=AttemptState.OPEN)
    draw: Mapped[list[Any]] = mapped_column(Json)
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    score: Mapped[float | None]
    passed: Mapped[bool | None]
    grade: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Response(Base):
    """The newest answer to one item of an attempt: ``seq`` only grows. ``value`` names frozen choices, not places."""

    __tablename__ = "responses"
    __table_args__ = (CheckConstraint("seq >= 1", name="seq_counts"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True)
    item_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any | None] = mapped_column(Json)
    seq: Mapped[int] = mapped_column(BigInteger)
    language: Mapped[str] = mapped_column(String(16))
    saved_at: Mapped[datetime]
