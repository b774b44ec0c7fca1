"""People, states and sign-ins with valid defaults; to be called in an open unit of work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from academy.accounts.models import Consent, State, StateName, User, UserGrant, UserSession
from academy.accounts.queries import find_user_by_email, privacy_version
from academy.accounts.rules import email_key, name_keys
from academy.foundation import clock, db
from academy.foundation.i18n import sort_key
from academy.foundation.security import Grant, Identity, hash_password, new_token, token_hash

PASSWORD = "quiet river, three bridges"
CREATED = datetime(2026, 1, 12, 8, 30, tzinfo=UTC)

_numbers = count(1)


@cache
def password_hash(password: str = PASSWORD) -> str:
    """A hash of the password, made once per run."""
    return hash_password(password)


def make_state(code: str = "GE", *, en: str = "Georgia", ru: str = "Грузия", **given: Any) -> State:
    """A state with a name in both languages; the one that is there when its code is taken."""
    found = db.session.get(State, code)
    if found is not None:
        return found
    values = {"group_code": "EAP", "valid_from": date(1900, 1, 1)} | given
    state = State(code=code, **values)
    db.session.add(state)
    db.session.flush()
    for language, name in (("en", en), ("ru", ru)):
        db.session.add(
            StateName(
                state_code=code,
                language=language,
                valid_from=date(1900, 1, 1),
                name=name,
                sort_key=sort_key(name, language),
            )
        )
    db.session.flush()
    return state


def make_user(
    email: str | None = None,
    *,
    role: str | None = None,
    scope: str = "all",
    scope_id: str = "",
    grants: tuple[Grant, ...] = (),
    password: str | None = PASSWORD,
    consent: bool = True,
    **given: Any,
) -> User:
    """An active person with a confirmed name, the password PASSWORD and the present privacy notice accepted.

    *role* (with *scope*, *scope_id*) or *grants* are granted without an end. Other arguments are columns of User.
    """
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": email or f"person{number}@ministry.example",
        "name_latin": f"Nino Beridze {_roman(number)}",
        "language": "en",
        "time_zone": "Europe/Vienna",
        "status": "active",
        "created_at": CREATED,
        "confirmed_at": CREATED,
        "name_confirmed_at": CREATED,
        "password_hash": password_hash(password) if password else None,
    } | given
    if not values["name_latin"]:
        values["name_confirmed_at"] = None
    keys = name_keys(values["name_latin"], values.get("name_cyrillic"), values["email"])
    user = User(email_key=email_key(values["email"]), name_sort=keys.sort, search_key=keys.search, **values)
    db.session.add(user)
    db.session.flush()
    if role:
        grants = (*grants, Grant(role, scope, scope_id))
    for grant in grants:
        make_grant(user, grant.role, scope=grant.scope, scope_id=grant.scope_id)
    if consent:
        _accept_privacy(user)
    return user


def make_grant(user: User, role: str, *, scope: str = "all", scope_id: str = "", **given: Any) -> UserGrant:
    """The role granted to the person."""
    values = {"granted_at": CREATED} | given
    row = UserGrant(user_id=user.id, role=role, scope=scope, scope_id=scope_id, **values)
    db.session.add(row)
    db.session.flush()
    return row


def make_session(user: User, *, token: str | None = None, **given: Any) -> tuple[UserSession, str]:
    """A running sign-in of the person and the token that its cookie holds."""
    token = token or new_token()
    at = given.pop("at", datetime(2026, 3, 9, 9, 0, tzinfo=UTC))
    values = {
        "created_at": at,
        "last_seen_at": at,
        "expires_at": at + timedelta(hours=12),
        "ends_at": at + timedelta(days=14),
    } | given
    row = UserSession(user_id=user.id, token_hash=token_hash(token), **values)
    db.session.add(row)
    db.session.flush()
    return row, token


def sign_in(who: Identity | str) -> str:
    """A sign-in that runs now of that person, in a unit of work of its own; returns the token for the cookie."""
    now = clock.now()
    with db.current().write():
        user = find_user_by_email(who) if isinstance(who, str) else db.session.get(User, who.id)
        assert user is not None, f"there is nobody like {who}"
        hours, days = timedelta(hours=12), timedelta(days=14)
        return make_session(user, at=now, expires_at=now + hours, ends_at=now + days)[1]


def identity_of(user: User, *grants: Grant, session_id: int | None = None) -> Identity:
    """The person as a request would know them, with exactly these grants."""
    return Identity(
        "user",
        id=user.id,
        uuid=user.uuid,
        name=user.name_latin,
        email=user.email,
        language=user.language,
        time_zone=user.time_zone,
        grants=grants,
        session_id=session_id,
    )


def _accept_privacy(user: User) -> None:
    db.session.add(
        Consent(user_id=user.id, document="privacy", version=privacy_version(), language="en", accepted_at=CREATED)
    )
    db.session.flush()


def _roman(number: int) -> str:
    """The number in letters, since names have no digits."""
    values = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    text = ""
    for value, letters in (*values, (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        text += letters * (number // value)
        number %= value
    return text
