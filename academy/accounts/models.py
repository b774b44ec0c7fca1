"""People, their roles, sign-ins and codes, what they agreed to, and the states with their dated names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.foundation.db import Base, new_uuid


class Role(StrEnum):
    """What a person may be granted. Everybody with an account is a learner without any grant."""

    LEARNER = "learner"
    TRAINER = "trainer"
    TRANSLATOR = "translator"
    REVISER = "reviser"
    COORDINATOR = "coordinator"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Scope(StrEnum):
    """For what a role was granted."""

    ALL = "all"
    COURSE = "course"
    STATE = "state"


class UserStatus(StrEnum):
    """Where an account stands; only an active one can be signed in to."""

    UNCONFIRMED = "unconfirmed"
    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Gender(StrEnum):
    """What a person chose to say; nothing said is no value at all."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNDISCLOSED = "undisclosed"


class InstitutionType(StrEnum):
    """The controlled list that reports are split by."""

    INTERIOR = "interior"
    MIGRATION = "migration"
    BORDER = "border"
    PATROL = "patrol"
    CUSTOMS = "customs"
    LABOUR = "labour"
    FOREIGN = "foreign"
    ASYLUM = "asylum"
    COURT = "court"
    OMBUDSMAN = "ombudsman"
    ACADEMY = "academy"
    INTERNATIONAL = "international"
    NGO = "ngo"
    ACADEMIA = "academia"
    OTHER = "other"


class Purpose(StrEnum):
    """What a mailed or spoken code is good for."""

    CONFIRM = "confirm"
    RESET = "reset"
    INVITATION = "invitation"
    EMAIL = "email"
    SIGN_IN = "sign_in"


class RequestReason(StrEnum):
    """Why somebody asked for a mail at an address."""

    REGISTERED = "registered"
    FORGOTTEN = "forgotten"


class OpenedBy(StrEnum):
    """How a session was opened."""

    PASSWORD = "password"  # noqa: S105 - the name of a way to sign in
    CODE = "code"
    LINK = "link"


def _one_of(column: str, values: Iterable[str], *, name: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


class State(Base):
    """A state that people come from; ``footnote`` is the key of a text that goes wherever its name is shown."""

    __tablename__ = "states"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    alpha3: Mapped[str | None] = mapped_column(String(3))
    numeric: Mapped[str | None] = mapped_column(String(3))
    group_code: Mapped[str] = mapped_column(String(16))
    footnote: Mapped[str | None] = mapped_column(String(32))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    registration_open: Mapped[bool] = mapped_column(default=True)


class StateName(Base):
    """The name of a state in one language from a day on."""

    __tablename__ = "state_names"
    __table_args__ = (UniqueConstraint("state_code", "language", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    state_code: Mapped[str] = mapped_column(ForeignKey("states.code", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(8))
    valid_from: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(String(120))


class StateFootnote(Base):
    """A fixed formula that must stand once wherever the names it belongs to are shown."""

    __tablename__ = "state_footnotes"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str] = mapped_column(String(1000))


class User(Base):
    """A person. ``name_latin`` is the name as printed on certificates, one field, never split.

    ``email_key`` is what makes an address unique; ``name_confirmed_at`` is empty since the name last changed until
    the person
    confirms its spelling. ``search_key`` holds names and address folded for looking people up.
    """

    __tablename__ = "users"
    __table_args__ = (
        _one_of("status", UserStatus, name="status_known"),
        _one_of("gender", Gender, name="gender_known"),
        _one_of("institution_type", InstitutionType, name="institution_type_known"),
        CheckConstraint("status <> 'active' OR confirmed_at IS NOT NULL", name="active_is_confirmed"),
        CheckConstraint("name_confirmed_at IS NULL OR name_latin <> ''", name="confirmed_name_given"),
        Index("ix_users_name_sort", "name_sort"),
        Index("ix_users_state_code", "state_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16), default=UserStatus.UNCONFIRMED)
    name_latin: Mapped[str] = mapped_column(String(120), default="")
    name_cyrillic: Mapped[str | None] = mapped_column(String(120))
    name_sort: Mapped[str] = mapped_column(String(255), default="")
    search_key: Mapped[str] = mapped_column(String(512), default="")
    language: Mapped[str] = mapped_column(String(8))
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    state_code: Mapped[str | None] = mapped_column(ForeignKey("states.code", ondelete="RESTRICT"))
    institution: Mapped[str] = mapped_column(String(200), default="")
    institution_type: Mapped[str | None] = mapped_column(String(16))
    function: Mapped[str] = mapped_column(String(200), default="")
    gender: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    name_confirmed_at: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]


class UserGrant(Base):
    """A role that a person holds in a scope, until taken away or until ``expires_at``."""

    __tablename__ = "user_grants"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "scope", "scope_id"),
        Index("ix_user_grants_role", "role", "scope", "scope_id"),
        _one_of("role", Role, name="role_known"),
        _one_of("scope", Scope, name="scope_known"),
        CheckConstraint("(scope = 'all') = (scope_id = '')", name="scope_complete"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(16))
    scope: Mapped[str] = mapped_column(String(16), default=Scope.ALL)
    scope_id: Mapped[str] = mapped_column(String(40), default="")
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None]
    expires_at: Mapped[datetime | None]


class UserSession(Base):
    """A sign-in on one device. The row is deleted when it ends.

    ``expires_at`` moves on with use and never beyond ``ends_at``.
    """

    __tablename__ = "user_sessions"
    __table_args__ = (
        Index("ix_user_sessions_user_id", "user_id"),
        Index("ix_user_sessions_expires_at", "expires_at"),
        _one_of("opened_by", OpenedBy, name="opened_by_known"),
        CheckConstraint("expires_at <= ends_at", name="expires_within_life"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    opened_by: Mapped[str] = mapped_column(String(16), default=OpenedBy.PASSWORD)
    device: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class EmailToken(Base):
    """A link, and the code that can be typed instead of it, for one purpose of one person: the newest only, used once.

    ``email`` is the address that it was sent to (for a change: the new one). ``nth`` counts how many were asked for
    in a row,
    ``tries`` how often a wrong code was typed. One without ``token_hash`` has no link.
    """

    __tablename__ = "email_tokens"
    __table_args__ = (
        UniqueConstraint("user_id", "purpose"),
        Index("ix_email_tokens_expires_at", "expires_at"),
        _one_of("purpose", Purpose, name="purpose_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(16))
    email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    nth: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class EmailRequest(Base):
    """A mail that somebody asked for at an address, known or not. A job answers it and deletes the row.

    So the page that took the request does the same work for every address.
    """

    __tablename__ = "email_requests"
    __table_args__ = (_one_of("reason", RequestReason, name="reason_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email_key: Mapped[str] = mapped_column(String(254))
    reason: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class Consent(Base):
    """That a person accepted one version of a document, and when and in which language it was read."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("user_id", "document", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    document: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(8))
    accepted_at: Mapped[datetime]


class SignInFailure(Base):
    """One refused try to sign in. Neither the typed address nor the device is stored, only their hashes."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_account_hash_at", "account_hash", "at"),
        Index("ix_sign_in_failures_origin_hash_at", "origin_hash", "at"),
        Index("ix_sign_in_failures_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_hash: Mapped[str] = mapped_column(String(64))
    origin_hash: Mapped[str] = mapped_column(String(64))
    device_hash: Mapped[str] = mapped_column(String(64), default="")
