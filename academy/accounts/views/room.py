"""The room's blueprint, and what its pages share: who asks from where, and how a sign-in starts."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from flask import current_app, g, make_response, request, url_for
from werkzeug.wrappers import Response

from academy.accounts import actions, queries, rules
from academy.accounts.models import Purpose
from academy.foundation import clock, security, web
from academy.foundation.i18n import language, ngettext
from academy.foundation.security import Identity
from academy.foundation.web import Form
from academy.settings import Settings

bp = web.blueprint("accounts", "academy.accounts")

_DEVICE = "academy-device"
_DEVICE_DAYS = 180
_WAITING = "academy-waiting"
_WAITING_SECONDS = 3600


def settings() -> Settings:
    """The settings of this academy."""
    found: Settings = current_app.extensions["academy"]
    return found


def limits() -> rules.SessionLimits:
    """How long a sign-in lasts here."""
    return rules.SessionLimits(
        timedelta(minutes=settings().session_idle_minutes), timedelta(days=settings().session_days)
    )


def opening() -> actions.Opening:
    """A new session for this browser."""
    return actions.Opening(security.new_token(), rules.device_name(request.user_agent.string), limits())


def account_hash(email: str) -> str:
    """Under what failed tries for that address are counted."""
    return security.mac(rules.email_key(email), purpose="accounts.account").hex()


def origin_hash() -> str:
    """Under what failed tries from this network address are counted."""
    return security.mac(request.remote_addr or "", purpose="accounts.origin").hex()


def device_hash(email: str) -> str:
    """Under what failed tries from this browser are counted, if it signed in to that account before; else empty."""
    known, _, nonce = (_signed_cookie(_DEVICE, _DEVICE_DAYS * 86400) or "").partition(":")
    return security.token_hash(nonce) if nonce and known == account_hash(email)[:32] else ""


def waiting_email() -> str:
    """The address to which this browser has just had a mail sent."""
    return _signed_cookie(_WAITING, _WAITING_SECONDS) or ""


def _signed_cookie(name: str, max_age: int) -> str | None:
    return security.unsign(request.cookies.get(name, ""), purpose=f"accounts.{name}", max_age=max_age)


def _set_signed_cookie(answer: Response, name: str, value: str, max_age: int) -> None:
    signed = security.sign(value, purpose=f"accounts.{name}")
    answer.set_cookie(name, signed, max_age=max_age, httponly=True, secure=settings().secure, samesite="Lax")


def wait_for_mail(answer: Response, email: str) -> Response:
    """The browser remembers for an hour which address was written to, so that it need not be typed with the code."""
    _set_signed_cookie(answer, _WAITING, email, _WAITING_SECONDS)
    return answer


def start(answer: Response, identity: Identity, opened: actions.Opening) -> Response:
    """The answer signs the person in on this browser, which is known for their account from now on."""
    web.start_session(answer, opened.token)
    if not device_hash(identity.email):
        value = f"{account_hash(identity.email)[:32]}:{security.new_token()}"
        _set_signed_cookie(answer, _DEVICE, value, _DEVICE_DAYS * 86400)
    if waiting_email():
        answer.delete_cookie(_WAITING, httponly=True, secure=settings().secure, samesite="Lax")
    return answer


def go_on(identity: Identity, opened: actions.Opening, place: str | None = None) -> Response:
    """Signs the person in and sends them on: to the place that they wanted, else to their learning in their language.

    Whoever has not accepted the present privacy notice is shown it first.
    """
    target = place or url_for("learn.my", lang=identity.language)
    if identity.id is not None and queries.wants_consent(identity.id):
        target = url_for("accounts.accept_privacy", lang=language() if place else identity.language, next=target)
    return start(current_app.redirect(target, 303), identity, opened)


def wait_of(email: str) -> int:
    """How many seconds the next try for that address must wait."""
    return queries.seconds_to_wait(
        account_hash(email), device_hash=device_hash(email), origin_hash=origin_hash(), now=clock.now()
    )


def note_failure(email: str, account: queries.Account | None, wrong_code: Purpose | None = None) -> None:
    """The failed try is counted, in a short unit of work of its own."""
    with web.unit_of_work():
        actions.note_failure(
            account_hash(email),
            origin_hash=origin_hash(),
            device_hash=device_hash(email),
            user_uuid=account.uuid if account else "",
            wrong_code=wrong_code,
            now=clock.now(),
        )


def refuse(form: Form, message: str, template: str, *, status: int = 422, **context: Any) -> web.Answer:
    """The page again with one message for the whole form."""
    form.form_errors.append(message)
    return web.render(template, form=form, **context), status


def too_early(form: Form, seconds: int, template: str, **context: Any) -> Response:
    """The page again, since the next try comes too early."""
    message = ngettext(
        "Too many tries. Please wait %(num)s second and try again.",
        "Too many tries. Please wait %(num)s seconds and try again.",
        seconds,
    )
    answer = make_response(refuse(form, message, template, status=429, **context))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def password_fits(account: queries.Account | None, password: str) -> bool:
    """Whether it is the account's password. Takes as long for an account without one, or for none at all."""
    stored = account.password_hash if account else None
    fits = security.verify_password(stored or _nobodys_hash(), password)
    return fits and stored is not None


@cache
def _nobodys_hash() -> str:
    return security.hash_password(security.new_token())


@bp.after_app_request
def note_seen(answer: Response) -> Response:
    """A session that is used lives on: noted at most every ten minutes, in a short unit of work of its own."""
    identity: Identity | None = g.get("_login_user")
    seen_at = identity.seen_at if identity else None
    now = clock.now()
    if identity is not None and seen_at is not None and now - seen_at >= rules.SEEN_EVERY:
        with web.unit_of_work():
            actions.note_seen(identity, limits=limits(), now=now)
    return answer
