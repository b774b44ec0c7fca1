"""Links and codes that are mailed or spoken: the newest one of each purpose lives, for a time, and works once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from academy.accounts import queries, rules
from academy.accounts.models import (
    EmailRequest,
    EmailToken,
    Purpose,
    RequestReason,
    SignInFailure,
    User,
    UserSession,
    UserStatus,
)
from academy.accounts.queries.codes import code_hash
from academy.foundation import audit, db, jobs, mail, security
from academy.foundation.errors import Expired
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Identity


@dataclass(frozen=True, slots=True)
class Issued:
    """A link's token and the code that can be typed instead; stored only as hashes."""

    token: str
    code: str

    @property
    def shown_code(self) -> str:
        """The code in two groups."""
        return f"{self.code[:4]}-{self.code[4:]}"


def issue_code(user: User, purpose: Purpose, *, email: str | None = None, now: datetime) -> Issued:
    """The person has a new link and code for that purpose; an older one no longer works."""
    issued = Issued(security.new_token(), security.new_code()[-rules.CODE_LENGTH :])
    before = db.session.scalar(select(EmailToken).where(EmailToken.user_id == user.id, EmailToken.purpose == purpose))
    values = {
        "user_id": user.id,
        "purpose": purpose.value,
        "email": email or user.email,
        "token_hash": security.token_hash(issued.token) if purpose != Purpose.SIGN_IN else None,
        "code_hash": code_hash(user.id, issued.code),
        "tries": 0,
        "nth": rules.next_in_a_row(before.created_at if before else None, before.nth if before else 0, now=now),
        "created_at": now,
        "expires_at": now + rules.lifetime(purpose),
    }
    db.upsert(EmailToken.__table__, values, conflict=("user_id", "purpose"))  # type: ignore[arg-type]  # a mapped class has a Table
    if before is not None:
        db.session.expire(before)
    return issued


def use_code(row_id: int, *, now: datetime) -> tuple[User, str]:
    """The link or code is used up.

    Returns its person and the address that it was sent to. Raises Expired when it was used before.
    """
    found = db.session.execute(
        delete(EmailToken)
        .where(EmailToken.id == row_id, EmailToken.expires_at > now)
        .returning(EmailToken.user_id, EmailToken.email)
    ).one_or_none()
    user = db.session.get(User, found.user_id) if found else None
    if found is None or user is None or user.status == UserStatus.SUSPENDED:
        raise Expired(_l("This link or code has been used already, or it has expired. Please ask for a new one."))
    return user, found.email


def forget_codes(user_id: int) -> None:
    """No link or code of the person works any more."""
    db.session.execute(delete(EmailToken).where(EmailToken.user_id == user_id))


def mail_code(user: User, purpose: Purpose, template: str, *, email: str | None = None, now: datetime) -> None:
    """The person is mailed a new link and code, at *email* where it is another address than the account's."""
    issued = issue_code(user, purpose, email=email, now=now)
    owe(user, template, to=email, now=now, token=issued.token, code=issued.shown_code)


def owe(user: User, template: str, *, to: str | None = None, now: datetime, **params: Any) -> None:
    """The person is owed that mail of the room, in their language."""
    name = rules.addressed_name(user.name_latin, user.name_cyrillic, user.language)
    mail.owe(
        to or user.email,
        language=user.language,
        template=f"accounts/mail/{template}",
        now=now,
        params={"name": name} | params,
    )


def ask_for_mail(email: str, reason: RequestReason, *, actor: Identity, now: datetime) -> None:
    """The address will be written to, if it has an account; the request leaves the same traces if it has none."""
    leave_request(email, reason, now=now)
    audit.record("accounts.ask_for_mail", actor=actor, now=now, object_type="request", object_id=reason.value)


def leave_request(email: str, reason: RequestReason, *, now: datetime) -> None:
    """The request waits for its job."""
    row = EmailRequest(email_key=rules.email_key(email)[:254], reason=reason.value, at=now)
    db.session.add(row)
    db.session.flush()
    jobs.enqueue_after_commit("accounts.answer_request", row.id)


def answer_request(request_id: int, *, now: datetime) -> None:
    """The request is answered with one mail or none, and gone. Done twice, it is answered once."""
    key = db.session.execute(
        delete(EmailRequest).where(EmailRequest.id == request_id).returning(EmailRequest.email_key, EmailRequest.reason)
    ).one_or_none()
    user = db.session.scalar(select(User).where(User.email_key == key.email_key)) if key else None
    if key is None or user is None or user.status == UserStatus.SUSPENDED:
        return
    purpose, template = _answer(user.status, key.reason)
    if queries.may_mail(user.id, purpose, now=now):
        mail_code(user, purpose, template, now=now)


def _answer(status: str, reason: str) -> tuple[Purpose, str]:
    if status == UserStatus.INVITED:
        return Purpose.INVITATION, "invitation"
    if reason == RequestReason.FORGOTTEN:
        return Purpose.RESET, "reset"
    if status == UserStatus.UNCONFIRMED:
        return Purpose.CONFIRM, "confirm"
    return Purpose.RESET, "known"


def forget_expired(now: datetime) -> None:
    """Sessions and codes that are over, and old failed sign-ins, are gone."""
    db.session.execute(delete(UserSession).where(UserSession.expires_at <= now))
    db.session.execute(delete(EmailToken).where(EmailToken.expires_at <= now))
    db.session.execute(delete(SignInFailure).where(SignInFailure.at <= now - rules.FAILURES_KEPT))
