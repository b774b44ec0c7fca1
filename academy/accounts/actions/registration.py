"""Coming in: registering, confirming the address, accepting an invitation."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from academy.accounts import queries, rules
from academy.accounts.actions.codes import forget_codes, leave_request, use_code
from academy.accounts.actions.profile import add_consent, check_name, check_state, refuse_faults, set_keys
from academy.accounts.actions.sign_in import Opening, as_identity, open_session
from academy.accounts.models import OpenedBy, RequestReason, State, User, UserStatus
from academy.foundation import audit, db
from academy.foundation.errors import NotAllowed, Words
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import ANONYMOUS, Identity


@dataclass(frozen=True, slots=True)
class Registration:
    """What a person tells of themselves when they come in. ``name_latin`` is tidied."""

    name_latin: str
    state_code: str
    institution_type: str
    institution: str
    language: str
    function: str = ""


def register(
    email: str,
    given: Registration,
    *,
    password_hash: str,
    privacy_version: str,
    default_zone: str = "UTC",
    now: datetime,
) -> None:
    """A new account waits for its address to be confirmed, or the owner of an account at that address will be told
    of the attempt.

    To whoever asks, both are the same. An account that was never confirmed takes on what was given last; the link that
    it waits for stays, since it confirms nothing without the password given last, and with it how soon another mail may
    follow. Raises Invalid.
    """
    _check(email, given, privacy_version)
    key = rules.email_key(email)
    user = db.session.scalar(select(User).where(User.email_key == key))
    if user is None:
        values = {
            "email": email,
            "email_key": key,
            "created_at": now,
            "language": given.language,
            "status": UserStatus.UNCONFIRMED.value,
        }
        db.insert_or_ignore(User.__table__, values, conflict=("email_key",))  # type: ignore[arg-type]  # a mapped class has a Table
        user = db.session.scalars(select(User).where(User.email_key == key)).one()
    if user.status == UserStatus.UNCONFIRMED:
        _fill(user, given)
        user.password_hash = password_hash
        user.time_zone = rules.usual_time_zone(given.state_code, otherwise=default_zone)
        add_consent(user, version=privacy_version, language=given.language, now=now)
    leave_request(email, RequestReason.REGISTERED, now=now)
    audit.record("accounts.register", actor=ANONYMOUS, now=now, object_type="user", object_id=user.uuid)


def _check(email: str, given: Registration, privacy_version: str) -> None:
    faults: dict[str, list[Words]] = {
        "name_latin": check_name(given.name_latin),
        "state_code": check_state(given.state_code),
    }
    try:
        rules.check_email(email)
    except ValueError:
        faults["email"] = [_l("Write a complete e-mail address, for example name@ministry.example.")]
    state = db.session.get(State, given.state_code)
    if state is not None and not state.registration_open:
        faults["state_code"] = [_l("Registration for this state is closed at present. Please write to the academy.")]
    if privacy_version != queries.privacy_version():
        faults["consent"] = [_l("The privacy notice has changed in the meantime. Please read it again.")]
    refuse_faults(faults)


def _fill(user: User, given: Registration) -> None:
    for name, value in asdict(given).items():
        setattr(user, name, value)
    set_keys(user)


def confirm_address(token_id: int, opening: Opening, *, checked_hash: str, now: datetime) -> Identity:
    """The account is active and its person has a session.

    Raises Expired when the link was used, NotAllowed when the account changed.
    """
    user, _ = use_code(token_id, now=now)
    if user.status != UserStatus.UNCONFIRMED or user.password_hash != checked_hash:
        raise NotAllowed
    user.status, user.confirmed_at = UserStatus.ACTIVE.value, now
    forget_codes(user.id)
    identity = open_session(user, opening, by=OpenedBy.PASSWORD, now=now)
    audit.record("accounts.confirm_address", actor=as_identity(user), now=now, object_type="user", object_id=user.uuid)
    return identity


def accept_invitation(
    token_id: int, given: Registration, opening: Opening, *, password_hash: str, privacy_version: str, now: datetime
) -> Identity:
    """The invited person's account is active with their own password, and they have a session.

    Raises Expired, Invalid.
    """
    user, email = use_code(token_id, now=now)
    _check(email, given, privacy_version)
    if user.status != UserStatus.INVITED:
        raise NotAllowed
    _fill(user, given)
    if user.time_zone == "UTC":
        user.time_zone = rules.usual_time_zone(given.state_code)
    user.status, user.confirmed_at, user.password_hash = UserStatus.ACTIVE.value, now, password_hash
    forget_codes(user.id)
    add_consent(user, version=privacy_version, language=given.language, now=now)
    identity = open_session(user, opening, by=OpenedBy.LINK, now=now)
    audit.record(
        "accounts.accept_invitation", actor=as_identity(user), now=now, object_type="user", object_id=user.uuid
    )
    return identity
