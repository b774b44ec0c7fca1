"""What administrators do with people: invite, suspend, grant roles, read out a code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, delete, select

from academy.accounts import permissions, queries, rules
from academy.accounts.actions.codes import Issued, forget_codes, issue_code, mail_code, owe
from academy.accounts.actions.profile import refuse_faults, set_keys
from academy.accounts.actions.sign_in import end_sessions
from academy.accounts.models import Purpose, Role, User, UserGrant, UserStatus
from academy.foundation import audit, db
from academy.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Words
from academy.foundation.i18n import languages
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Grant, Identity

LAST_ADMIN = "last_admin"


def invite(
    email: str,
    *,
    name_latin: str = "",
    name_cyrillic: str | None = None,
    language: str,
    state_code: str | None = None,
    institution: str = "",
    institution_type: str | None = None,
    function: str = "",
    gender: str | None = None,
    time_zone: str | None = None,
    grants: Sequence[Grant] = (),
    password_hash: str | None = None,
    by_mail: bool = True,
    actor: Identity,
    now: datetime,
) -> User:
    """A new person is invited by mail and sets their own password; with *password_hash* the account is active at once.

    In that case, and with *by_mail* off, no mail is sent.

    Raises NotAllowed; Conflict (code ``email_taken``) when the address has an account that is more than unconfirmed;
    Invalid.
    """
    _demand_admin(actor)
    _check_choices(language, state_code, grants, now)
    values = _check_names(email, name_latin, name_cyrillic)
    user = db.session.scalar(select(User).where(User.email_key == values["email_key"]))
    if user is not None and user.status != UserStatus.UNCONFIRMED:
        raise Conflict(_l("There is an account with this e-mail address already."), code="email_taken")
    if user is None:
        user = User(created_at=now)
        db.session.add(user)
    else:
        forget_codes(user.id)
    values |= {
        "language": language,
        "state_code": state_code,
        "institution": institution,
        "institution_type": institution_type,
    }
    values |= {"function": function, "gender": gender, "time_zone": time_zone or rules.usual_time_zone(state_code)}
    values |= {
        "password_hash": password_hash,
        "status": (UserStatus.ACTIVE if password_hash else UserStatus.INVITED).value,
    }
    values |= {"confirmed_at": now if password_hash else None}
    for name, value in values.items():
        setattr(user, name, value)
    set_keys(user)
    db.session.flush()
    for grant in grants:
        add_grant(user, grant, expires_at=None, actor=actor, now=now)
    if by_mail and not password_hash:
        mail_code(user, Purpose.INVITATION, "invitation", now=now)
    roles = [f"{g.role}:{g.scope}:{g.scope_id}" for g in grants]
    audit.record("accounts.invite", actor=actor, now=now, object_type="user", object_id=user.uuid, roles=roles)
    return user


def _check_names(email: str, latin: str, cyrillic: str | None) -> dict[str, object]:
    latin, cyrillic = rules.tidy_name(latin), rules.tidy_name(cyrillic or "") or None
    faults: dict[str, list[Words]] = {
        "name_latin": rules.latin_faults(latin) if latin else [],
        "name_cyrillic": rules.cyrillic_faults(cyrillic) if cyrillic else [],
    }
    try:
        email = rules.check_email(email)
    except ValueError:
        faults["email"] = [_l("Write a complete e-mail address, for example name@ministry.example.")]
    refuse_faults(faults)
    return {"email": email, "email_key": rules.email_key(email), "name_latin": latin, "name_cyrillic": cyrillic}


def _check_choices(language: str, state_code: str | None, grants: Sequence[Grant], now: datetime) -> None:
    states = queries.state_codes()
    faults: dict[str, list[Words]] = {"language": [] if language in languages() else [_l("Choose one of the list.")]}
    if state_code and state_code not in states:
        faults["state_code"] = [_l("There is no state with this code.")]
    for grant in grants:
        faults |= rules.grant_faults(grant, states=states, expires_at=None, now=now)
    refuse_faults(faults)


def make_invitation_token(user_id: int, *, actor: Identity, now: datetime) -> str:
    """The token of a new invitation link, to be handed over instead of mailed.

    Older links no longer work. No audit entry of its own.
    """
    _demand_admin(actor)
    user = _row(user_id)
    if user.status != UserStatus.INVITED:
        raise Conflict(_l("This person has accepted the invitation already."))
    return issue_code(user, Purpose.INVITATION, now=now).token


def invite_again(user_id: int, *, actor: Identity, now: datetime) -> None:
    """The invited person is mailed a new link; the older one no longer works. Raises NotAllowed, Conflict."""
    _demand_admin(actor)
    user = _row(user_id)
    if user.status != UserStatus.INVITED:
        raise Conflict(_l("This person has accepted the invitation already."))
    mail_code(user, Purpose.INVITATION, "invitation", now=now)
    audit.record("accounts.invite_again", actor=actor, now=now, object_type="user", object_id=user.uuid)


def suspend(user_id: int, *, reason: str = "", actor: Identity, now: datetime) -> None:
    """The person cannot sign in.

    All their sessions, links and codes are over at once. *reason* is a code, for the audit entry.

    Raises NotAllowed, Conflict (``last_admin``).
    """
    _demand_admin(actor)
    user = _row(user_id)
    if user.status == UserStatus.SUSPENDED:
        raise Conflict(_l("This account is suspended already."))
    _keep_an_admin(user.id)
    user.status = UserStatus.SUSPENDED.value
    end_sessions(user.id)
    forget_codes(user.id)
    audit.record("accounts.suspend", actor=actor, now=now, object_type="user", object_id=user.uuid, reason=reason)


def reactivate(user_id: int, *, reason: str = "", actor: Identity, now: datetime) -> None:
    """The suspended person can sign in again, or is invited again if they never had. Raises NotAllowed, Conflict."""
    _demand_admin(actor)
    user = _row(user_id)
    if user.status != UserStatus.SUSPENDED:
        raise Conflict(_l("This account is not suspended."))
    user.status = (UserStatus.ACTIVE if user.confirmed_at else UserStatus.INVITED).value
    if user.status == UserStatus.INVITED:
        mail_code(user, Purpose.INVITATION, "invitation", now=now)
    audit.record("accounts.reactivate", actor=actor, now=now, object_type="user", object_id=user.uuid, reason=reason)


def grant_role(
    user_id: int, grant: Grant, *, expires_at: datetime | None = None, actor: Identity, now: datetime
) -> None:
    """The person holds the role in that scope until *expires_at*.

    One that they held before gets that end. Raises NotAllowed, Invalid.
    """
    _demand_admin(actor)
    faults = rules.grant_faults(grant, states=queries.state_codes(), expires_at=expires_at, now=now)
    if faults:
        raise Invalid(faults)
    user = _row(user_id)
    if grant.role == Role.ADMIN and expires_at is not None:
        _keep_an_admin(user.id)
    add_grant(user, grant, expires_at=expires_at, actor=actor, now=now)
    audit.record(
        "accounts.grant_role",
        actor=actor,
        now=now,
        object_type="user",
        object_id=user.uuid,
        role=grant.role,
        scope=grant.scope,
        scope_id=grant.scope_id,
        expires_at=expires_at.isoformat() if expires_at else None,
    )


def revoke_role(user_id: int, grant: Grant, *, actor: Identity, now: datetime) -> None:
    """The person no longer holds the role in that scope, from the next request on.

    Raises NotAllowed, NotFound, Conflict (``last_admin``).
    """
    _demand_admin(actor)
    user = _row(user_id)
    if grant.role == Role.ADMIN:
        _keep_an_admin(user.id)
    gone = db.session.execute(
        delete(UserGrant).where(
            UserGrant.user_id == user.id,
            UserGrant.role == grant.role,
            UserGrant.scope == grant.scope,
            UserGrant.scope_id == grant.scope_id,
        )
    )
    if not isinstance(gone, CursorResult) or not gone.rowcount:
        raise NotFound
    audit.record(
        "accounts.revoke_role",
        actor=actor,
        now=now,
        object_type="user",
        object_id=user.uuid,
        role=grant.role,
        scope=grant.scope,
        scope_id=grant.scope_id,
    )


def make_sign_in_code(user_id: int, *, actor: Identity, now: datetime) -> str:
    """A code with which the person can sign in once within 15 minutes, to be read out.

    A mail tells them that it was made.

    The person must be known by voice or otherwise: whoever has the code is in. Raises NotAllowed, Conflict.
    """
    _demand_admin(actor)
    user = _row(user_id)
    if user.status != UserStatus.ACTIVE:
        raise Conflict(_l("Only an active account can be signed in to."))
    issued: Issued = issue_code(user, Purpose.SIGN_IN, now=now)
    owe(user, "code_made", now=now)
    audit.record("accounts.make_sign_in_code", actor=actor, now=now, object_type="user", object_id=user.uuid)
    return issued.shown_code


def add_grant(user: User, grant: Grant, *, expires_at: datetime | None, actor: Identity, now: datetime) -> None:
    """The person holds the role; one that they held before in that scope gets this end."""
    values = {
        "user_id": user.id,
        "role": str(grant.role),
        "scope": str(grant.scope),
        "scope_id": grant.scope_id,
        "granted_at": now,
        "granted_by": actor.id,
        "expires_at": expires_at,
    }
    db.upsert(UserGrant.__table__, values, conflict=("user_id", "role", "scope", "scope_id"))  # type: ignore[arg-type]  # a mapped class has a Table


def _keep_an_admin(user_id: int) -> None:
    lasting = queries.lasting_admins()
    if user_id in lasting and not rules.keeps_an_admin(lasting, without=user_id):
        raise Conflict(
            _l("This is the last administrator. Make somebody else an administrator first."), code=LAST_ADMIN
        )


def _demand_admin(actor: Identity) -> None:
    if not permissions.may_manage_people(actor):
        raise NotAllowed


def _row(user_id: int) -> User:
    user = db.session.scalar(select(User).where(User.id == user_id).with_for_update())
    if user is None:
        raise NotFound
    return user
