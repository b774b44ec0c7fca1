"""Signing in and out, the forgotten password, the spoken code."""

from __future__ import annotations

from typing import Any

from flask import current_app, make_response, request, url_for

from academy.accounts import actions, forms, queries, rules
from academy.accounts.models import Purpose, RequestReason, UserStatus
from academy.accounts.queries import Account
from academy.accounts.views import room
from academy.accounts.views.room import bp
from academy.foundation import clock, security, web
from academy.foundation.errors import Expired
from academy.foundation.i18n import gettext as _

_KEPT = "kept."


def sign_in_page(place: str, kept: list[tuple[str, str]]) -> str:
    """The page for somebody whose sign-in ended while they typed: after signing in they can send *kept* to *place*
    again.
    """
    form = forms.SignInForm(formdata=None)
    return web.render("accounts/sign_in.html", form=form, next=place, kept=kept, resend=True)


@bp.route("/login", methods=["GET", "POST"])
@web.access(web.PUBLIC)
def sign_in() -> web.Answer:
    place = rules.local_path(request.values.get("next"))
    if request.method == "GET" and web.current_user.is_authenticated:
        return current_app.redirect(place or url_for("learn.my"), 303)
    form = forms.SignInForm()
    context: dict[str, Any] = {"next": place, "kept": _kept(), "resend": "resend" in request.form}
    if request.method == "GET" or not form.validate():
        page = web.render("accounts/sign_in.html", form=form, **context)
        return page, 200 if request.method == "GET" else 422
    return _try(form, context)


def _try(form: forms.SignInForm, context: dict[str, Any]) -> web.Answer:
    """Checks the password; for an account that is not there, the same work is done and the same is said."""
    email, password = form.email.data or "", form.password.data or ""
    seconds = room.wait_of(email)
    if seconds:
        return room.too_early(form, seconds, "accounts/sign_in.html", **context)
    account = queries.find_account(email)
    fits = room.password_fits(account, password)
    if account is None or not fits:
        room.note_failure(email, account)
        message = _("The e-mail address or the password is not right. Please check both.")
        return room.refuse(form, message, "accounts/sign_in.html", **context)
    if account.status != UserStatus.ACTIVE:
        return _not_yet(form, account, context)
    return _let_in(account, password, context)


def _not_yet(form: forms.SignInForm, account: Account, context: dict[str, Any]) -> web.Answer:
    """The password was right, but the account cannot be signed in to."""
    if account.status == UserStatus.SUSPENDED:
        room.note_failure(account.email, account)
        message = _("This account is suspended. Please write to the academy.")
        return room.refuse(form, message, "accounts/sign_in.html", status=403, **context)
    with web.unit_of_work():
        actions.ask_for_mail(account.email, RequestReason.REGISTERED, actor=web.current_user, now=clock.now())
    web.flash(_("Your address is not confirmed yet. We have sent you the mail again."), "warn")
    return room.wait_for_mail(web.see_other("accounts.confirm"), account.email)


def _let_in(account: Account, password: str, context: dict[str, Any]) -> web.Answer:
    place: str | None = context["next"]
    opened, checked = room.opening(), account.password_hash or ""
    fresh = security.hash_password(password) if security.needs_rehash(checked) else None
    with web.unit_of_work():
        identity = actions.sign_in(
            account.id,
            opened,
            checked_hash=checked,
            new_hash=fresh,
            account_hash=room.account_hash(account.email),
            device_hash=room.device_hash(account.email),
            now=clock.now(),
        )
    if place and context["resend"]:
        web.act_as(identity)
        page = web.render("accounts/resume.html", action=place, kept=context["kept"])
        return room.start(make_response(page), identity, opened)
    return room.go_on(identity, opened, place)


def _kept() -> list[tuple[str, str]]:
    fields = request.form.items(multi=True)
    return [(name.removeprefix(_KEPT), value) for name, value in fields if name.startswith(_KEPT)]


@bp.route("/login/code", methods=["GET", "POST"])
@web.access(web.PUBLIC)
def sign_in_code() -> web.Answer:
    form = forms.SignInCodeForm()
    if request.method == "GET" or not form.validate():
        return web.render("accounts/sign_in_code.html", form=form), 200 if request.method == "GET" else 422
    token = _token_of_code(form, Purpose.SIGN_IN, "accounts/sign_in_code.html")
    if not isinstance(token, int):
        return token
    opened = room.opening()
    with web.unit_of_work():
        identity = actions.sign_in_by_code(token, opened, now=clock.now())
    return room.go_on(identity, opened, url_for("accounts.password", lang=identity.language))


def _token_of_code(form: forms.SignInCodeForm, purpose: Purpose, template: str, **context: Any) -> int | web.Answer:
    """The id of what the typed code was made for, else the page again. A wrong code is a failed try."""
    email = form.email.data or ""
    seconds = room.wait_of(email)
    if seconds:
        return room.too_early(form, seconds, template, **context)
    account = queries.find_account(email)
    row = queries.find_token_by_code(account.id if account else None, purpose, form.code.data or "", now=clock.now())
    if row is not None:
        return row.id
    room.note_failure(email, account, purpose)
    message = _("The code is not right, or it has expired. Please check the address and the code.")
    return room.refuse(form, message, template, **context)


@bp.route("/logout", methods=["GET", "POST"])
@web.access(web.PUBLIC)
def sign_out() -> web.Answer:
    if request.method == "GET":
        return web.render("accounts/sign_out.html")
    if web.current_user.is_authenticated:
        with web.unit_of_work():
            actions.sign_out(actor=web.current_user, now=clock.now())
    web.flash(_("You are signed out."))
    return web.clear_session(web.see_other("accounts.sign_in"))


@bp.route("/forgotten", methods=["GET", "POST"])
@web.access(web.PUBLIC)
def forgotten() -> web.Answer:
    form = forms.EmailForm(data={"email": room.waiting_email()})
    if request.method == "GET" or not form.validate():
        return web.render("accounts/forgotten.html", form=form), 200 if request.method == "GET" else 422
    email = form.email.data or ""
    with web.unit_of_work():
        actions.ask_for_mail(email, RequestReason.FORGOTTEN, actor=web.current_user, now=clock.now())
    return room.wait_for_mail(web.see_other("accounts.reset"), email)


@bp.route("/reset", methods=["GET", "POST"])
@web.access(web.PUBLIC)
def reset() -> web.Answer:
    waiting = room.waiting_email()
    form = forms.ResetForm(data={"email": waiting})
    if request.method == "GET" or not form.validate() or not _accept_password(form):
        page = web.render("accounts/reset.html", form=form, waiting=waiting)
        return page, 200 if request.method == "GET" else 422
    token = _token_of_code(form, Purpose.RESET, "accounts/reset.html", waiting=waiting)
    if not isinstance(token, int):
        return token
    return _reset(token, form.password.data or "")


@bp.route("/reset/<token>", methods=["GET", "POST"])
@web.access(web.PUBLIC)
def reset_link(token: str) -> web.Answer:
    row = queries.find_token(token, Purpose.RESET, now=clock.now())
    if row is None:
        return web.render("accounts/dead_link.html", again=url_for("accounts.forgotten")), 410
    form = forms.ResetLinkForm()
    if request.method == "GET" or not form.validate() or not _accept_password(form, row.email):
        page = web.render("accounts/reset_link.html", form=form, email=row.email)
        return page, 200 if request.method == "GET" else 422
    return _reset(row.id, form.password.data or "")


def _accept_password(form: forms.ResetForm | forms.ResetLinkForm, email: str = "") -> bool:
    faults = rules.password_faults(form.password.data or "", email=email)
    form.password.errors = [*form.password.errors, *(str(fault) for fault in faults)]
    return not faults


def _reset(token_id: int, password: str) -> web.Answer:
    opened, new_hash = room.opening(), security.hash_password(password)
    try:
        with web.unit_of_work():
            identity = actions.reset_password(token_id, opened, new_hash=new_hash, now=clock.now())
    except Expired:
        return web.render("accounts/dead_link.html", again=url_for("accounts.forgotten")), 410
    web.flash(_("Your new password is set. You are signed in; all other sign-ins have ended."))
    return room.go_on(identity, opened)
