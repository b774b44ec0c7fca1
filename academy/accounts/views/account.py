"""The person's own account: overview, profile, name, password, sessions, data."""

from __future__ import annotations

from flask import current_app, request, url_for

from academy.accounts import actions, forms, queries, rules
from academy.accounts.views import room
from academy.accounts.views.room import bp
from academy.foundation import clock, security, web
from academy.foundation.errors import Conflict, Invalid
from academy.foundation.i18n import gettext as _
from academy.foundation.i18n import language


@bp.route("/account")
@web.access(web.SIGNED_IN)
def profile() -> web.Answer:
    user, now = queries.get_own(web.current_user), clock.now()
    shown = {
        "state": queries.state_name(user.state_code, language(), now.date()) if user.state_code else None,
        "footnotes": queries.states_footnotes([user.state_code or ""], language()),
        "institution_type": rules.INSTITUTION_TYPES.get(user.institution_type or ""),
        "gender": rules.GENDERS.get(user.gender or ""),
        "sessions": queries.list_sessions(web.current_user, now=now),
        "consent": queries.accepted_version(user.id),
    }
    return web.render("accounts/profile.html", user=user, **shown)


@bp.route("/account/profile", methods=["GET", "POST"])
@web.access(web.SIGNED_IN)
def edit() -> web.Answer:
    user, now = queries.get_own(web.current_user), clock.now()
    listed = queries.list_states(language(), now)
    states = [(state.code, state.name) for state in listed]
    notes = queries.states_footnotes([code for code, _name in states], language())
    form = forms.ProfileForm(states=states, zone=user.time_zone, obj=user)
    if request.method == "GET" or not form.validate():
        page = web.render("accounts/edit.html", form=form, footnotes=notes)
        return page, 200 if request.method == "GET" else 422
    values = actions.ProfileValues(
        state_code=form.state_code.data or None,
        institution=form.institution.data or "",
        institution_type=form.institution_type.data or None,
        function=form.function.data or "",
        language=form.language.data,
        time_zone=form.time_zone.data,
        gender=form.gender.data or None,
    )
    with web.unit_of_work():
        actions.change_profile(values, actor=web.current_user, now=now)
    web.flash(_("Your profile is saved."))
    return web.see_other("accounts.profile")


@bp.route("/account/name", methods=["GET", "POST"])
@web.access(web.SIGNED_IN)
def name() -> web.Answer:
    user = queries.get_own(web.current_user)
    place = rules.local_path(request.values.get("next"))
    form = forms.NameForm(obj=user)
    context = {"form": form, "next": place, "confirmed_at": user.name_confirmed_at}
    if request.method == "GET" or not form.validate():
        return web.render("accounts/name.html", **context), 200 if request.method == "GET" else 422
    try:
        with web.unit_of_work():
            actions.confirm_name(
                form.name_latin.data or "", form.name_cyrillic.data, actor=web.current_user, now=clock.now()
            )
    except Invalid as refusal:
        web.add_errors(form, refusal)
        return web.render("accounts/name.html", **context), 422
    web.flash(_("Your name is confirmed. Certificates will print it like this."))
    return current_app.redirect(place or url_for("accounts.profile"), 303)


@bp.route("/account/password", methods=["GET", "POST"])
@web.access(web.SIGNED_IN)
def password() -> web.Answer:
    now = clock.now()
    fresh = queries.sets_password_without_the_old(web.current_user, now=now)
    form = forms.FreshPasswordForm() if fresh else forms.PasswordForm()
    if request.method == "GET" or not form.validate():
        return web.render("accounts/password.html", form=form), 200 if request.method == "GET" else 422
    account = _own_account()
    faults = rules.password_faults(form.password.data or "", email=account.email, name=web.current_user.name)
    form.password.errors = [str(fault) for fault in faults]
    refused = None if fresh else _wrong_password(form, account, "accounts/password.html")
    if refused or faults:
        return refused or (web.render("accounts/password.html", form=form), 422)
    opened, new_hash = room.opening(), security.hash_password(form.password.data or "")
    checked = None if fresh else account.password_hash
    with web.unit_of_work():
        identity = actions.change_password(
            opened, checked_hash=checked, new_hash=new_hash, actor=web.current_user, now=now
        )
    web.flash(_("Your new password is set. All other sign-ins have ended."))
    return room.start(web.see_other("accounts.profile"), identity, opened)


def _own_account() -> queries.Account:
    return queries.account_of(web.current_user.id or 0)


def _wrong_password(
    form: forms.PasswordForm | forms.FreshPasswordForm | forms.ChangeEmailForm,
    account: queries.Account,
    template: str,
    **context: object,
) -> web.Answer | None:
    """The page again when the present password is not right; guesses are slowed as when signing in."""
    seconds = room.wait_of(account.email)
    if seconds:
        return room.too_early(form, seconds, template, **context)
    field = form["present_password"]
    if room.password_fits(account, field.data or ""):
        return None
    room.note_failure(account.email, account)
    field.errors = [_("This is not your present password.")]
    return web.render(template, form=form, **context), 422


@bp.route("/account/email", methods=["GET", "POST"])
@web.access(web.SIGNED_IN)
def email() -> web.Answer:
    form = forms.ChangeEmailForm()
    context = {"present": web.current_user.email}
    if request.method == "GET" or not form.validate():
        page = web.render("accounts/email.html", form=form, **context)
        return page, 200 if request.method == "GET" else 422
    account = _own_account()
    refused = _wrong_password(form, account, "accounts/email.html", **context)
    if refused:
        return refused
    wanted, checked = form.email.data or "", account.password_hash or ""
    try:
        with web.unit_of_work():
            actions.ask_for_email_change(wanted, checked_hash=checked, actor=web.current_user, now=clock.now())
    except Invalid as refusal:
        web.add_errors(form, refusal)
        return web.render("accounts/email.html", form=form, **context), 422
    return room.wait_for_mail(web.see_other("accounts.email_code"), wanted)


@bp.route("/account/sessions")
@web.access(web.SIGNED_IN)
def sessions() -> web.Answer:
    listed = queries.list_sessions(web.current_user, now=clock.now())
    return web.render("accounts/sessions.html", sessions=listed)


@bp.route("/account/sessions/<int:session_id>/end", methods=["POST"])
@web.access(web.SIGNED_IN)
def end_session(session_id: int) -> web.Answer:
    if session_id == web.current_user.session_id:
        raise Conflict(_("This is the sign-in that you are using. Sign out instead."))
    with web.unit_of_work():
        actions.end_session(session_id, actor=web.current_user, now=clock.now())
    web.flash(_("The sign-in has ended."))
    return web.see_other("accounts.sessions")


@bp.route("/account/sessions/end-others", methods=["POST"])
@web.access(web.SIGNED_IN)
def end_other_sessions() -> web.Answer:
    with web.unit_of_work():
        actions.end_other_sessions(actor=web.current_user, now=clock.now())
    web.flash(_("All other sign-ins have ended."))
    return web.see_other("accounts.sessions")


@bp.route("/account/sessions/end-all", methods=["POST"])
@web.access(web.SIGNED_IN)
def sign_out_everywhere() -> web.Answer:
    with web.unit_of_work():
        actions.sign_out_everywhere(actor=web.current_user, now=clock.now())
    web.flash(_("You are signed out everywhere."))
    return web.clear_session(web.see_other("accounts.sign_in"))


@bp.route("/account/data.json")
@web.access(web.SIGNED_IN)
def data() -> web.Answer:
    answer = web.json_answer(queries.own_data(web.current_user))
    answer.headers["Content-Disposition"] = "attachment; filename=academy-account.json"
    return answer
