"""Signing in and out, sessions, and the password. Hashes are made and checked by the door, before the unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, delete, select, update

from academy.accounts import rules
from academy.accounts.actions.codes import forget_codes, owe, use_code
from academy.accounts.models import EmailToken, OpenedBy, Purpose, SignInFailure, User, UserSession, UserStatus
from academy.foundation import audit, db, security
from academy.foundation.errors import Conflict, NotAllowed, NotFound
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import ANONYMOUS, Identity


@dataclass(frozen=True, slots=True)
class Opening:
    """With what a session is opened: the token of the new cookie, the device's name, and how long it may last."""

    token: str
    device: str
    limits: rules.SessionLimits


def sign_in(
    user_id: int,
    opening: Opening,
    *,
    checked_hash: str,
    new_hash: str | None = None,
    account_hash: str = "",
    device_hash: str = "",
    now: datetime,
) -> Identity:
    """The person whose password was right for *checked_hash* has a new session.

    *new_hash* replaces an out-of-date hash.

    Failed tries of the account from this kind of device are forgotten. Raises NotAllowed when the account was
    suspended or its password
    changed meanwhile.
    """
    user = db.session.get(User, user_id)
    if user is None or user.status != UserStatus.ACTIVE or user.password_hash != checked_hash:
        raise NotAllowed
    user.password_hash = new_hash or checked_hash
    db.session.execute(
        delete(SignInFailure).where(
            SignInFailure.account_hash == account_hash, SignInFailure.device_hash == device_hash
        )
    )
    identity = open_session(user, opening, by=OpenedBy.PASSWORD, now=now)
    audit.record("accounts.sign_in", actor=identity, now=now, object_type="user", object_id=user.uuid)
    return identity


def open_session(user: User, opening: Opening, *, by: OpenedBy, now: datetime) -> Identity:
    """The person has a new session; returns them as the request now knows them (without grants)."""
    ends_at = now + opening.limits.life
    row = UserSession(
        user_id=user.id,
        token_hash=security.token_hash(opening.token),
        opened_by=by.value,
        device=opening.device[:80],
        created_at=now,
        last_seen_at=now,
        expires_at=rules.session_expiry(now, ends_at, opening.limits),
        ends_at=ends_at,
    )
    db.session.add(row)
    user.last_sign_in_at = now
    db.session.flush()
    return as_identity(user, session_id=row.id)


def as_identity(user: User, *, session_id: int | None = None) -> Identity:
    """The person as an actor."""
    name = rules.shown_name(user.name_latin, user.name_cyrillic, user.email)
    return Identity("user", user.id, user.uuid, name, user.email, user.language, user.time_zone, session_id=session_id)


def note_failure(
    account_hash: str,
    *,
    origin_hash: str,
    device_hash: str = "",
    user_uuid: str = "",
    wrong_code: Purpose | None = None,
    now: datetime,
) -> None:
    """The failed try counts from now on; it leaves the audit entry of the refusal.

    After ten wrong codes for one purpose the right one does not work either.
    """
    db.session.add(SignInFailure(at=now, account_hash=account_hash, origin_hash=origin_hash, device_hash=device_hash))
    if wrong_code is not None:
        owner = select(User.id).where(User.uuid == user_uuid).scalar_subquery()
        db.session.execute(
            update(EmailToken)
            .where(EmailToken.user_id == owner, EmailToken.purpose == wrong_code.value)
            .values(tries=EmailToken.tries + 1)
        )
    audit.record(
        "accounts.sign_in", actor=ANONYMOUS, now=now, object_type="user", object_id=user_uuid, outcome="refused"
    )


def sign_in_by_code(token_id: int, opening: Opening, *, now: datetime) -> Identity:
    """The spoken code is used up and its person has a new session, in which a new password can be chosen at once."""
    user, _ = use_code(token_id, now=now)
    if user.status != UserStatus.ACTIVE:
        raise NotAllowed
    identity = open_session(user, opening, by=OpenedBy.CODE, now=now)
    audit.record(
        "accounts.sign_in", actor=identity, now=now, object_type="user", object_id=user.uuid, by=OpenedBy.CODE.value
    )
    return identity


def note_seen(actor: Identity, *, limits: rules.SessionLimits, now: datetime) -> None:
    """The session was used now, so it ends later, unless another request has noted that already. No audit entry."""
    row = db.session.get(UserSession, actor.session_id)
    if row is not None and now - row.last_seen_at >= rules.SEEN_EVERY:
        row.last_seen_at = now
        row.expires_at = rules.session_expiry(now, row.ends_at, limits)


def sign_out(*, actor: Identity, now: datetime) -> None:
    """This session is over."""
    db.session.execute(delete(UserSession).where(UserSession.id == actor.session_id))
    audit.record("accounts.sign_out", actor=actor, now=now, object_type="user", object_id=actor.uuid)


def sign_out_everywhere(*, actor: Identity, now: datetime) -> None:
    """All sessions of the actor are over, this one too."""
    end_sessions(actor.id)
    audit.record("accounts.sign_out_everywhere", actor=actor, now=now, object_type="user", object_id=actor.uuid)


def end_session(session_id: int, *, actor: Identity, now: datetime) -> None:
    """That session of the actor is over; raises NotFound when it is not theirs."""
    ended = db.session.execute(delete(UserSession).where(UserSession.id == session_id, UserSession.user_id == actor.id))
    if not isinstance(ended, CursorResult) or not ended.rowcount:
        raise NotFound
    audit.record("accounts.end_session", actor=actor, now=now, object_type="user", object_id=actor.uuid)


def end_other_sessions(*, actor: Identity, now: datetime) -> None:
    """Only this session of the actor goes on."""
    db.session.execute(delete(UserSession).where(UserSession.user_id == actor.id, UserSession.id != actor.session_id))
    audit.record("accounts.end_other_sessions", actor=actor, now=now, object_type="user", object_id=actor.uuid)


def end_sessions(user_id: int | None) -> None:
    """All sessions of the person are over."""
    db.session.execute(delete(UserSession).where(UserSession.user_id == user_id))


def change_password(
    opening: Opening, *, checked_hash: str | None, new_hash: str, actor: Identity, now: datetime
) -> Identity:
    """The actor has the new password and a new session.

    All others, and all mailed links and codes, are over; a mail says so.

    *checked_hash* is the hash for which the present password was right; None in a session that may do without. Raises
    Conflict when the
    password was changed meanwhile.
    """
    user = db.session.scalar(select(User).where(User.id == actor.id).with_for_update())
    session = db.session.get(UserSession, actor.session_id)
    if user is None or session is None:
        raise NotFound
    if checked_hash is None and not rules.sets_password_without_the_old(session.opened_by, session.created_at, now=now):
        raise NotAllowed
    if checked_hash is not None and user.password_hash != checked_hash:
        raise Conflict(_l("The password was changed in the meantime."))
    identity = _set_password(user, opening, new_hash=new_hash, by=OpenedBy.PASSWORD, now=now)
    audit.record("accounts.change_password", actor=identity, now=now, object_type="user", object_id=user.uuid)
    return identity


def reset_password(token_id: int, opening: Opening, *, new_hash: str, now: datetime) -> Identity:
    """The person of the mailed link or code has the new password and a new session; all else is over; a mail says so.

    Since the mail arrived, the address counts as confirmed. Raises Expired when the link was used before.
    """
    user, _ = use_code(token_id, now=now)
    if user.status == UserStatus.UNCONFIRMED:
        user.status, user.confirmed_at = UserStatus.ACTIVE.value, now
    identity = _set_password(user, opening, new_hash=new_hash, by=OpenedBy.LINK, now=now)
    audit.record("accounts.reset_password", actor=identity, now=now, object_type="user", object_id=user.uuid)
    return identity


def _set_password(user: User, opening: Opening, *, new_hash: str, by: OpenedBy, now: datetime) -> Identity:
    user.password_hash = new_hash
    forget_codes(user.id)
    end_sessions(user.id)
    owe(user, "password_changed", now=now)
    return open_session(user, opening, by=by, now=now)
