"""What signing in and the mailed codes rely on."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from academy.accounts import rules
from academy.accounts.models import EmailToken, SignInFailure, User
from academy.foundation import db, security


@dataclass(frozen=True, slots=True)
class Account:
    """What is needed to check a password outside the unit of work."""

    id: int
    uuid: str
    email: str
    status: str
    password_hash: str | None
    language: str


_ACCOUNT = (User.id, User.uuid, User.email, User.status, User.password_hash, User.language)


def find_account(email: str) -> Account | None:
    """The account of that address, in whatever state it is."""
    row = db.session.execute(select(*_ACCOUNT).where(User.email_key == rules.email_key(email))).one_or_none()
    return Account(*row) if row else None


def account_of(user_id: int) -> Account:
    """The account of that id, which is there."""
    return Account(*db.session.execute(select(*_ACCOUNT).where(User.id == user_id)).one())


def email_taken(email: str, *, besides: int) -> bool:
    """Whether another person than *besides* has that address."""
    found = select(User.id).where(User.email_key == rules.email_key(email), User.id != besides)
    return db.session.scalar(found) is not None


def seconds_to_wait(account_hash: str, *, device_hash: str, origin_hash: str, now: datetime) -> int:
    """How long the next try must wait.

    A device that signed in to the account before (*device_hash*) is counted apart.
    """
    since = now - rules.FAILURES_KEPT
    own = select(SignInFailure.at).where(
        SignInFailure.account_hash == account_hash, SignInFailure.device_hash == device_hash, SignInFailure.at > since
    )
    origin = select(SignInFailure.at).where(SignInFailure.origin_hash == origin_hash, SignInFailure.at > since)
    around = [] if device_hash else db.session.scalars(origin).all()
    return rules.seconds_to_wait(db.session.scalars(own).all(), around, now=now)


def find_token(token: str, purpose: str, *, now: datetime) -> EmailToken | None:
    """What the link was made for, while it lives."""
    return db.session.scalar(
        select(EmailToken).where(
            EmailToken.token_hash == security.token_hash(token),
            EmailToken.purpose == purpose,
            EmailToken.expires_at > now,
        )
    )


def find_token_by_code(user_id: int | None, purpose: str, typed: str, *, now: datetime) -> EmailToken | None:
    """What the typed code of that person was made for, while it lives and has not been guessed at too often."""
    code = security.fold_code(typed, length=rules.CODE_LENGTH)
    if code is None or user_id is None:
        return None
    row = db.session.scalar(
        select(EmailToken).where(
            EmailToken.user_id == user_id,
            EmailToken.purpose == purpose,
            EmailToken.expires_at > now,
            EmailToken.tries < rules.MAX_TRIES,
        )
    )
    fits = row is not None and hmac.compare_digest(row.code_hash, code_hash(user_id, code))
    return row if fits else None


def code_hash(user_id: int, code: str) -> str:
    """Under what a person's code is stored: keyed, because the code is short."""
    return security.mac(f"{user_id}:{code}", purpose="accounts.code").hex()


def may_mail(user_id: int, purpose: str, *, now: datetime) -> bool:
    """Whether one more mail for that purpose may be sent to the person already."""
    row = db.session.scalar(select(EmailToken).where(EmailToken.user_id == user_id, EmailToken.purpose == purpose))
    return row is None or rules.may_ask_again(row.created_at, row.nth, now=now)
