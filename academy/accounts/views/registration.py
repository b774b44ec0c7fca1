"""Registering, confirming the address, accepting an invitation, and the privacy notice."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for

from academy.accounts import actions, forms, queries, rules
from academy.accounts.models import EmailToken, Purpose, RequestReason
from academy.accounts.views import room
from academy.accounts.views.room import bp
from academy.foundation import clock, security, web
from academy.foundation.errors import Invalid
from academy.foundation.i18n import gettext as _
from academy.foundation.i18n import language


@bp.route("/register", methods=["GET", "POST"])
@web.access(web.PUBLIC)
def register() -> web.Answer:
    if web.current_user.is_authenticated:
        return web.see_other("learn.my")
    form = forms.RegisterForm(states=_states(only_open=True), data={"privacy_version": queries.privacy_version()})
    if request.method == "GET":
        return _about_page("accounts/register.html", form), 200
    email = _email_of(form) if form.validate() else None
    if email is None or not _accept_password(form, email):
        return _about_page("accounts/register.html", form), 422
    password_hash = security.hash_password(form.password.data or "")
    try:
        with web.unit_of_work():
            actions.register(
                email,
                _told(form),
                password_hash=password_hash,
                privacy_version=form.privacy_version.data or "",
                default_zone=room.settings().time_zone,
                now=clock.now(),
            )
    except Invalid as refusal:
        web.add_errors(form, refusal)
        return _about_page("accounts/register.html", form), 422
    return room.wait_for_mail(web.see_other("accounts.confirm"), email)


def _about_page(template: str, form: forms.RegisterForm | forms.InvitationForm, **context: Any) -> str:
    notes = queries.states_footnotes(queries.state_codes(), language())
    return web.render(template, form=form, footnotes=notes, **context)


def _states(*, only_open: bool = False) -> list[tuple[str, str]]:
    listed = queries.list_states(language(), clock.now())
    return [(state.code, state.name) for state in listed if state.registration_open or not only_open]


def _email_of(form: forms.RegisterForm) -> str | None:
    try:
        return rules.check_email(form.email.data or "")
    except ValueError:
        form.email.errors = [_("Write a complete e-mail address, for example name@ministry.example.")]
        return None


def _accept_password(form: forms.RegisterForm | forms.InvitationForm, email: str) -> bool:
    name = rules.tidy_name(form.name_latin.data or "")
    faults = rules.password_faults(form.password.data or "", email=email, name=name)
    names = rules.latin_faults(name)
    form.password.errors = [str(fault) for fault in faults]
    form.name_latin.errors = [str(fault) for fault in names]
    return not faults and not names


def _told(form: forms.RegisterForm | forms.InvitationForm) -> actions.Registration:
    return actions.Registration(
        name_latin=rules.tidy_name(form.name_latin.data or ""),
        state_code=form.state_code.data,
        institution_type=form.institution_type.data,
        institution=form.institution.data or "",
        language=language(),
        function=form.function.data or "" if isinstance(form, forms.InvitationForm) else "",
    )


@bp.route("/confirm", methods=["GET", "POST"])
@web.access(web.PUBLIC)
def confirm() -> web.Answer:
    waiting = room.waiting_email()
    form = forms.ConfirmForm(data={"email": waiting})
    if request.method == "GET" or not form.validate():
        page = web.render("accounts/confirm.html", form=form, waiting=waiting)
        return page, 200 if request.method == "GET" else 422
    account = queries.find_account(form.email.data or "")
    code, now = form.code.data or "", clock.now()
    row = queries.find_token_by_code(account.id if account else None, Purpose.CONFIRM, code, now=now)
    return _confirm(form, form.email.data or "", account, row, "accounts/confirm.html", waiting=waiting)


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@web.access(web.PUBLIC)
def confirm_link(token: str) -> web.Answer:
    row = queries.find_token(token, Purpose.CONFIRM, now=clock.now())
    if row is None:
        return web.render("accounts/dead_link.html", again=url_for("accounts.confirm")), 410
    form = forms.ConfirmLinkForm()
    if request.method == "GET" or not form.validate():
        page = web.render("accounts/confirm_link.html", form=form, email=row.email)
        return page, 200 if request.method == "GET" else 422
    account = queries.account_of(row.user_id)
    return _confirm(form, row.email, account, row, "accounts/confirm_link.html", email=row.email)


def _confirm(
    form: forms.ConfirmForm | forms.ConfirmLinkForm,
    typed: str,
    account: queries.Account | None,
    row: EmailToken | None,
    template: str,
    **context: Any,
) -> web.Answer:
    """Link or code, and the password that was chosen with it: so nobody confirms an account that somebody else made."""
    seconds = room.wait_of(typed)
    if seconds:
        return room.too_early(form, seconds, template, **context)
    fits = room.password_fits(account, form.password.data or "")
    if account is None or row is None or not fits:
        room.note_failure(typed, account, None if row else Purpose.CONFIRM)
        message = (
            _("The password is not right.")
            if "code" not in form
            else _("The address, the code or the password is not right.")
        )
        return room.refuse(form, message, template, **context)
    opened = room.opening()
    with web.unit_of_work():
        identity = actions.confirm_address(row.id, opened, checked_hash=account.password_hash or "", now=clock.now())
    web.flash(_("Welcome! Your address is confirmed and you are signed in."))
    return room.go_on(identity, opened)


@bp.route("/confirm/again", methods=["POST"])
@web.access(web.PUBLIC)
def confirm_again() -> web.Answer:
    form = forms.EmailForm()
    if not form.validate():
        return web.see_other("accounts.confirm")
    email = form.email.data or ""
    with web.unit_of_work():
        actions.ask_for_mail(email, RequestReason.REGISTERED, actor=web.current_user, now=clock.now())
    web.flash(_("If an account waits to be confirmed, the mail is on its way. It can take some minutes."))
    return room.wait_for_mail(web.see_other("accounts.confirm"), email)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@web.access(web.PUBLIC)
def invitation(token: str) -> web.Answer:
    row = queries.find_token(token, Purpose.INVITATION, now=clock.now())
    if row is None:
        return web.render("accounts/dead_link.html", again=url_for("accounts.forgotten")), 410
    user = queries.invited_person(row.user_id)
    given = {"privacy_version": queries.privacy_version()}
    form = forms.InvitationForm(states=_states(), obj=user, data=given)
    if request.method == "GET":
        return _about_page("accounts/invitation.html", form, email=row.email), 200
    if not form.validate() or not _accept_password(form, row.email):
        return _about_page("accounts/invitation.html", form, email=row.email), 422
    opened, password_hash = room.opening(), security.hash_password(form.password.data or "")
    version = form.privacy_version.data or ""
    try:
        with web.unit_of_work():
            identity = actions.accept_invitation(
                row.id, _told(form), opened, password_hash=password_hash, privacy_version=version, now=clock.now()
            )
    except Invalid as refusal:
        web.add_errors(form, refusal)
        return _about_page("accounts/invitation.html", form, email=row.email), 422
    web.flash(_("Welcome! Please confirm how your name is printed on certificates."))
    return room.go_on(identity, opened, url_for("accounts.name", lang=identity.language))


@bp.route("/privacy")
@web.access(web.PUBLIC)
def privacy() -> web.Answer:
    accepted = queries.accepted_version(web.current_user.id) if web.current_user.id else None
    return web.render("accounts/privacy.html", notice=queries.privacy_notice(language()), accepted=accepted)


@bp.route("/privacy/accept", methods=["GET", "POST"])
@web.access(web.SIGNED_IN)
def accept_privacy() -> web.Answer:
    place = rules.local_path(request.values.get("next"))
    notice = queries.privacy_notice(language())
    form = forms.ConsentForm(data={"privacy_version": queries.privacy_version()})
    if request.method == "GET" or not form.validate():
        earlier = queries.accepted_version(web.current_user.id or 0)
        page = web.render("accounts/accept_privacy.html", form=form, notice=notice, next=place, earlier=earlier)
        return page, 200 if request.method == "GET" else 422
    version = form.privacy_version.data or ""
    with web.unit_of_work():
        actions.accept_notice(version, language(), actor=web.current_user, now=clock.now())
    return current_app.redirect(place or url_for("learn.my"), 303)
