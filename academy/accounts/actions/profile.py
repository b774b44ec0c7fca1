"""What people say of themselves: name, work, language, address; and the privacy notice that they accepted."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import delete, select

from academy.accounts import queries, rules
from academy.accounts.actions.codes import forget_codes, leave_request, mail_code, owe, use_code
from academy.accounts.actions.sign_in import as_identity
from academy.accounts.models import (
    Consent,
    Gender,
    InstitutionType,
    Purpose,
    RequestReason,
    User,
    UserSession,
    UserStatus,
)
from academy.foundation import audit, db
from academy.foundation.errors import Conflict, Expired, Invalid, NotFound, Words
from academy.foundation.i18n import languages
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Identity


@dataclass(frozen=True, slots=True)
class ProfileValues:
    """The part of an account that its person changes at will."""

    state_code: str | None
    institution: str
    institution_type: str | None
    function: str
    language: str
    time_zone: str
    gender: str | None


def change_profile(values: ProfileValues, *, actor: Identity, now: datetime) -> None:
    """The actor's profile has these values; raises Invalid."""
    faults: dict[str, list[Words]] = {
        "state_code": check_state(values.state_code) if values.state_code else [],
        "institution_type": _check_choice(values.institution_type, InstitutionType),
        "gender": _check_choice(values.gender, Gender),
        "language": [] if values.language in languages() else [_l("Choose one of the list.")],
        "time_zone": [] if rules.is_time_zone(values.time_zone) else [_l("Choose one of the list.")],
    }
    refuse_faults(faults)
    user = own_row(actor)
    changed = [f.name for f in fields(values) if getattr(user, f.name) != getattr(values, f.name)]
    for name in changed:
        setattr(user, name, getattr(values, name))
    audit.record(
        "accounts.change_profile", actor=actor, now=now, object_type="user", object_id=user.uuid, changed=changed
    )


def confirm_name(latin: str, cyrillic: str | None, *, actor: Identity, now: datetime) -> None:
    """The actor's name is spelt so and confirmed for certificates; raises Invalid."""
    latin, cyrillic = rules.tidy_name(latin), rules.tidy_name(cyrillic or "") or None
    refuse_faults(
        {"name_latin": check_name(latin), "name_cyrillic": rules.cyrillic_faults(cyrillic) if cyrillic else []}
    )
    user = own_row(actor)
    user.name_latin, user.name_cyrillic, user.name_confirmed_at = latin, cyrillic, now
    set_keys(user)
    audit.record("accounts.confirm_name", actor=actor, now=now, object_type="user", object_id=user.uuid)


def accept_notice(version: str, language: str, *, actor: Identity, now: datetime) -> None:
    """The actor accepted that version of the privacy notice; raises Conflict when it is not the present one."""
    if version != queries.privacy_version():
        raise Conflict(_l("The privacy notice has changed in the meantime. Please read it again."))
    user = own_row(actor)
    add_consent(user, version=version, language=language, now=now)
    audit.record(
        "accounts.accept_notice", actor=actor, now=now, object_type="user", object_id=user.uuid, version=version
    )


def ask_for_email_change(email: str, *, checked_hash: str, actor: Identity, now: datetime) -> None:
    """The new address is mailed a link; the account keeps its present one until the link is used.

    When the address belongs to somebody else, that person is mailed instead; to the actor both look the same. Raises
    Invalid, Conflict.
    """
    try:
        email = rules.check_email(email)
    except ValueError:
        raise Invalid({"email": [_l("Write a complete e-mail address, for example name@ministry.example.")]}) from None
    user = own_row(actor)
    if user.password_hash != checked_hash:
        raise Conflict(_l("The password was changed in the meantime."))
    if queries.email_taken(email, besides=user.id):
        leave_request(email, RequestReason.REGISTERED, now=now)
    elif queries.may_mail(user.id, Purpose.EMAIL, now=now):
        mail_code(user, Purpose.EMAIL, "email_change", email=email, now=now)
    audit.record("accounts.ask_for_email_change", actor=actor, now=now, object_type="user", object_id=user.uuid)


def change_email(token_id: int, *, actor: Identity, now: datetime) -> None:
    """The account of the link has the new address.

    Other sessions and all codes are over; the old address is told. Raises Expired.
    """
    user, email = use_code(token_id, now=now)
    if user.status != UserStatus.ACTIVE or queries.email_taken(email, besides=user.id):
        raise Expired(_l("This address cannot be used any more. Please start again."))
    owe(user, "email_changed", now=now)
    user.email, user.email_key = email, rules.email_key(email)
    set_keys(user)
    forget_codes(user.id)
    mine = actor.session_id if actor.id == user.id else None
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id, UserSession.id != (mine or 0)))
    audit.record("accounts.change_email", actor=as_identity(user), now=now, object_type="user", object_id=user.uuid)


def own_row(actor: Identity) -> User:
    """The actor's own account, to be changed."""
    user = (
        db.session.scalar(select(User).where(User.id == actor.id).with_for_update()) if actor.id is not None else None
    )
    if user is None:
        raise NotFound
    return user


def set_keys(user: User) -> None:
    """The person is sorted and found under the present name and address."""
    keys = rules.name_keys(user.name_latin, user.name_cyrillic, user.email)
    user.name_sort, user.search_key = keys.sort, keys.search


def add_consent(user: User, *, version: str, language: str, now: datetime) -> None:
    """It is on record that the person accepted that version; the first time counts."""
    values = {
        "user_id": user.id,
        "document": queries.NOTICE,
        "version": version,
        "language": language,
        "accepted_at": now,
    }
    db.insert_or_ignore(Consent.__table__, values, conflict=("user_id", "document", "version"))  # type: ignore[arg-type]  # a mapped class has a Table


def check_name(latin: str) -> list[Words]:
    """What is wrong with the name for certificates."""
    return rules.latin_faults(latin) if latin else [_l("Write your name.")]


def check_state(code: str | None) -> list[Words]:
    """What is wrong with the choice of a state."""
    return [] if code in queries.state_codes() else [_l("Choose one of the list.")]


def _check_choice(value: str | None, choices: type[InstitutionType | Gender]) -> list[Words]:
    return [] if value is None or value in set(choices) else [_l("Choose one of the list.")]


def refuse_faults(faults: dict[str, list[Words]]) -> None:
    """Raises Invalid with the fields that have faults, if there are any."""
    found = {field: messages for field, messages in faults.items() if messages}
    if found:
        raise Invalid(found)
