"""Drafts that are edited, and editions that are read."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.foundation.db import Base, Json, new_uuid
from academy.foundation.i18n import LocalizedText


class CourseStatus(StrEnum):
    """A draft has never been published; an archived course takes nobody new."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class CertificateKind(StrEnum):
    """What the certificate of a course attests; NONE: the course has none."""

    COMPLETION = "completion"
    ATTENDANCE = "attendance"
    NONE = "none"


class CertificateIssue(StrEnum):
    """Issued as soon as all is met, or put into the admin's queue."""

    AUTOMATIC = "automatic"
    QUEUE = "queue"


class Level(StrEnum):
    """How much a course expects of its learners."""

    INTRODUCTORY = "introductory"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Availability(StrEnum):
    """How much of a published course exists in a language."""

    FULL = "full"
    PREPARATION = "preparation"
    NONE = "none"


class Bloom(StrEnum):
    """The six levels of the revised taxonomy of Bloom (Anderson and Krathwohl, 2001)."""

    REMEMBER = "remember"
    UNDERSTAND = "understand"
    APPLY = "apply"
    ANALYSE = "analyse"
    EVALUATE = "evaluate"
    CREATE = "create"


class TextState(StrEnum):
    """Where a translation stands against its source."""

    MISSING = "missing"
    OUTDATED = "outdated"
    CURRENT = "current"


class ReportStatus(StrEnum):
    """Whether somebody has dealt with a reported mistake."""

    OPEN = "open"
    CLOSED = "closed"


class Course(Base):
    """The draft of a course. ``revision`` grows with every save of anything in it."""

    __tablename__ = "courses"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published', 'archived')", name="status_known"),
        CheckConstraint("completion_share >= 0 AND completion_share <= 1", name="completion_share_is_share"),
        CheckConstraint("certificate_kind IN ('completion', 'attendance', 'none')", name="certificate_kind_known"),
        CheckConstraint("certificate_issue IN ('automatic', 'queue')", name="certificate_issue_known"),
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    source_language: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16), default=CourseStatus.DRAFT)
    theme_code: Mapped[str] = mapped_column(String(20), default="")
    tags: Mapped[list[Any]] = mapped_column(Json, default=list)
    level: Mapped[str] = mapped_column(String(20), default=Level.INTRODUCTORY)
    minutes: Mapped[int] = mapped_column(default=0)
    title: Mapped[LocalizedText]
    short_title: Mapped[LocalizedText]
    summary: Mapped[LocalizedText]
    audience: Mapped[LocalizedText]
    disclaimer: Mapped[LocalizedText]
    checked_on: Mapped[date | None]
    review_by: Mapped[date | None]
    completion_share: Mapped[float] = mapped_column(default=1.0)
    final_test_key: Mapped[str | None] = mapped_column(String(80))
    certificate_kind: Mapped[str] = mapped_column(String(16), default=CertificateKind.COMPLETION)
    certificate_issue: Mapped[str] = mapped_column(String(16), default=CertificateIssue.AUTOMATIC)
    finish_on_own: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Outcome(Base):
    """What a learner will be able to do."""

    __tablename__ = "outcomes"
    __table_args__ = (
        UniqueConstraint("course_id", "key"),
        CheckConstraint(
            "bloom IN ('remember', 'understand', 'apply', 'analyse', 'evaluate', 'create')", name="bloom_known"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    bloom: Mapped[str] = mapped_column(String(16))
    text: Mapped[LocalizedText]
    position: Mapped[int]


class Module(Base):
    """A chapter of a draft. The key is stable."""

    __tablename__ = "modules"
    __table_args__ = (UniqueConstraint("course_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    title: Mapped[LocalizedText]


class Activity(Base):
    """One thing to do, in a draft; a room of its kind extends it one to one. The key is stable.

    ``stem`` is its name in a course package, without number and ending. ``substance`` grows when what is taught or
    asked changes, not when it is merely worded better or translated.
    """

    __tablename__ = "activities"
    __table_args__ = (
        UniqueConstraint("course_id", "key"),
        Index("ix_activities_module_id", "module_id"),
        CheckConstraint("minutes >= 0", name="minutes_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    module_id: Mapped[int] = mapped_column(ForeignKey("modules.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    stem: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    title: Mapped[LocalizedText]
    required: Mapped[bool] = mapped_column(default=True)
    minutes: Mapped[int] = mapped_column(default=0)
    substance: Mapped[int] = mapped_column(default=1)


class Media(Base):
    """A figure or file of a draft; its bytes lie in the file store under ``sha``."""

    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("course_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str | None] = mapped_column(String(8))
    sha: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(80))
    width: Mapped[int]
    height: Mapped[int]
    bytes: Mapped[int]


class TextUnit(Base):
    """One piece of text to translate into one language: the row that work lists are made of."""

    __tablename__ = "text_units"
    __table_args__ = (
        UniqueConstraint("course_id", "activity_key", "field", "segment", "language"),
        Index("ix_text_units_language_state", "language", "state"),
        CheckConstraint("state IN ('missing', 'outdated', 'current')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    activity_key: Mapped[str] = mapped_column(String(80))
    field: Mapped[str] = mapped_column(String(160))
    segment: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    source_fingerprint: Mapped[str] = mapped_column(String(16))
    approved_fingerprint: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    words: Mapped[int]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    due_on: Mapped[date | None]


class SourceVersion(Base):
    """A source text for which some translation was approved, kept so that one can see what changed since."""

    __tablename__ = "source_versions"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(16), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Edition(Base):
    """A published course: immutable and complete. Its number is ``structure.texts``."""

    __tablename__ = "editions"
    __table_args__ = (
        UniqueConstraint("course_id", "structure", "texts"),
        CheckConstraint("structure >= 1 AND texts >= 0", name="number_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    structure: Mapped[int]
    texts: Mapped[int]
    manifest: Mapped[dict[str, Any]] = mapped_column(Json)
    published_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None]


class Part(Base):
    """Frozen content that learners are shown, stored once under its SHA-256."""

    __tablename__ = "parts"

    sha: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(Json)


class AnswerPart(Base):
    """Frozen keys, explanations and feedback, which the grader alone reads; stored once under its SHA-256."""

    __tablename__ = "answer_parts"

    sha: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(Json)


class PublishedFile(Base):
    """A file that occurs in some edition, and so may be served to anyone."""

    __tablename__ = "published_files"

    sha: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(80))
    bytes: Mapped[int]
    published_at: Mapped[datetime]


class CourseListing(Base):
    """The line of a published course in the catalogue, in one language; written by publishing."""

    __tablename__ = "course_listings"
    __table_args__ = (
        Index("ix_course_listings_language_sort_key", "language", "sort_key"),
        CheckConstraint("availability IN ('full', 'preparation', 'none')", name="availability_known"),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    title_language: Mapped[str] = mapped_column(String(8))
    short_title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    summary_language: Mapped[str] = mapped_column(String(8))
    sort_key: Mapped[str] = mapped_column(Text)
    availability: Mapped[str] = mapped_column(String(16))
    theme_code: Mapped[str] = mapped_column(String(20))
    tags: Mapped[list[Any]] = mapped_column(Json)
    level: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    updated_at: Mapped[datetime]


class OwedIndexing(Base):
    """The search index still has to take up the newest edition of this course."""

    __tablename__ = "owed_indexings"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    owed_at: Mapped[datetime]


class MistakeReport(Base):
    """A reader's word that something in an edition is wrong."""

    __tablename__ = "mistake_reports"
    __table_args__ = (
        Index("ix_mistake_reports_course_id_status", "course_id", "status"),
        CheckConstraint("status IN ('open', 'closed')", name="status_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    activity_key: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(String(16), default=ReportStatus.OPEN)
    created_at: Mapped[datetime]
