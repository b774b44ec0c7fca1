"""The last step of changing an address: the link or code that the new one was mailed."""

from __future__ import annotations

from flask import request, url_for

from academy.accounts import actions, forms, queries
from academy.accounts.models import Purpose
from academy.accounts.views import room
from academy.accounts.views.room import bp
from academy.foundation import clock, web
from academy.foundation.errors import Expired
from academy.foundation.i18n import gettext as _


@bp.route("/account/email/code", methods=["GET", "POST"])
@web.access(web.SIGNED_IN)
def email_code() -> web.Answer:
    form = forms.CodeForm()
    waiting = room.waiting_email()
    if request.method == "GET" or not form.validate():
        page = web.render("accounts/email_code.html", form=form, waiting=waiting)
        return page, 200 if request.method == "GET" else 422
    me = web.current_user
    seconds = room.wait_of(me.email)
    if seconds:
        return room.too_early(form, seconds, "accounts/email_code.html", waiting=waiting)
    row = queries.find_token_by_code(me.id, Purpose.EMAIL, form.code.data or "", now=clock.now())
    if row is None:
        room.note_failure(me.email, queries.find_account(me.email), Purpose.EMAIL)
        message = _("The code is not right, or it has expired.")
        return room.refuse(form, message, "accounts/email_code.html", waiting=waiting)
    return _change(row.id)


@bp.route("/account/email/<token>", methods=["GET", "POST"])
@web.access(web.PUBLIC)
def email_link(token: str) -> web.Answer:
    row = queries.find_token(token, Purpose.EMAIL, now=clock.now())
    if row is None:
        return web.render("accounts/dead_link.html", again=url_for("accounts.email")), 410
    if request.method == "GET":
        return web.render("accounts/email_link.html", email=row.email)
    return _change(row.id)


def _change(token_id: int) -> web.Answer:
    try:
        with web.unit_of_work():
            actions.change_email(token_id, actor=web.current_user, now=clock.now())
    except Expired:
        return web.render("accounts/dead_link.html", again=url_for("accounts.email")), 410
    web.flash(_("Your new e-mail address is in use. Sign in with it from now on."))
    return web.see_other("accounts.profile")
