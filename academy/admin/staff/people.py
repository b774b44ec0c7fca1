"""People: found, invited, granted roles, suspended, let in again, helped to sign in."""

from __future__ import annotations

from flask import request

from academy.accounts import actions as accounts
from academy.accounts import queries as account_queries
from academy.accounts.models import User
from academy.admin import forms, permissions
from academy.admin.queries import enrolments
from academy.admin.queries import people as queries
from academy.admin.queries.states import list_states
from academy.admin.rules import day_ends
from academy.admin.staff.blueprint import CHANGE, READ, bp, note_access, sent, telling
from academy.foundation import clock, web
from academy.foundation.errors import Conflict, Invalid
from academy.foundation.i18n import gettext as _
from academy.foundation.i18n import language
from academy.foundation.security import Grant
from academy.settings import zone


@bp.route("/admin/people")
@web.access(READ)
def people() -> web.Answer:
    permissions.demand_read_all(web.current_user)
    now = clock.now()
    states = list_states(now)
    form = forms.PeopleFilter(states.choices)
    page = web.paginate(
        queries.find_people(
            form.value("q"),
            seen_by=web.current_user,
            now=now,
            role=form.value("role"),
            status=form.value("status"),
            state_code=form.value("state"),
            order=form.value("sort"),
        )
    )
    roles = queries.list_roles([user.id for user in page.items], now=now)
    shown = web.render("admin/people.html", form=form, page=page, roles=roles, states=states)
    return shown, 200 if form.is_valid else 400


@bp.route("/admin/people/<uuid>")
@web.access(READ)
def person(uuid: str) -> web.Answer:
    permissions.demand_read_all(web.current_user)
    now = clock.now()
    found = queries.get_person(uuid, seen_by=web.current_user, now=now)
    shown = web.render("admin/person.html", person=found, states=list_states(now), now=now)
    if found.user.id != web.current_user.id:
        note_access("admin.see_person", object_type="user", object_id=uuid, now=now)
    return shown


@bp.route("/admin/people/invite", methods=["GET", "POST"])
@web.access(CHANGE)
def invite() -> web.Answer:
    permissions.demand_change_people(web.current_user)
    now = clock.now()
    states = list_states(now)
    form = forms.InviteForm(_course_choices(), states.choices)
    if form.language.data is None:
        form.language.data = language()
    if sent(form):
        try:
            uuid = _invite(form)
        except Conflict as refusal:
            web.add_errors(form, Invalid({"email": [refusal.message or ""]}))
        except Invalid as refusal:
            form.take(refusal)
        else:
            web.flash(_("The invitation is on its way to %(email)s.", email=form.email.data))
            return web.see_other("admin.person", uuid=uuid)
    shown = web.render("admin/invite.html", form=form, states=states)
    return shown, 422 if form.errors else 200


def _invite(form: forms.InviteForm) -> str:
    grant = form.grant()
    with web.unit_of_work():
        return accounts.invite(
            form.email.data or "",
            name_latin=form.name_latin.data or "",
            name_cyrillic=form.name_cyrillic.data or None,
            language=form.language.data,
            state_code=form.state_code.data or None,
            institution=form.institution.data or "",
            institution_type=form.institution_type.data or None,
            grants=(grant,) if grant else (),
            actor=web.current_user,
            now=clock.now(),
        ).uuid


@bp.route("/admin/people/<uuid>/roles", methods=["GET", "POST"])
@web.access(CHANGE)
def grant_role(uuid: str) -> web.Answer:
    user, now = _changed(uuid), clock.now()
    states = list_states(now)
    form = forms.GrantForm(_course_choices(), states.choices)
    grant = form.grant()
    if sent(form) and grant:
        last_day = form.expires_on.data
        try:
            with telling(), web.unit_of_work():
                accounts.grant_role(
                    user.id,
                    grant,
                    expires_at=day_ends(last_day, zone(web.current_user.time_zone)) if last_day else None,
                    actor=web.current_user,
                    now=now,
                )
                web.flash(_("The role is granted. It holds from the next page that the person opens."))
        except Invalid as refusal:
            form.take(refusal)
        else:
            return web.see_other("admin.person", uuid=uuid)
    shown = web.render("admin/grant.html", form=form, user=user, states=states)
    return shown, 422 if form.errors else 200


@bp.route("/admin/people/<uuid>/roles/<int:grant_id>/revoke", methods=["POST"])
@web.access(CHANGE)
def revoke_role(uuid: str, grant_id: int) -> web.Answer:
    user, now = _changed(uuid), clock.now()
    found = queries.get_grant(user, grant_id, seen_by=web.current_user, now=now)
    grant = Grant(found.role, found.scope, found.scope_id)
    with telling(), web.unit_of_work():
        accounts.revoke_role(user.id, grant, actor=web.current_user, now=now)
        web.flash(_("The role is taken away. It no longer holds from the next page that the person opens."))
    return web.see_other("admin.person", uuid=uuid)


@bp.route("/admin/people/<uuid>/suspend", methods=["GET", "POST"])
@web.access(CHANGE)
def suspend(uuid: str) -> web.Answer:
    user, form = _changed(uuid), forms.SuspendForm()
    if sent(form):
        with telling(), web.unit_of_work():
            accounts.suspend(user.id, reason=form.reason.data, actor=web.current_user, now=clock.now())
            web.flash(_("The account is suspended. All its sign-ins have ended."))
        return web.see_other("admin.person", uuid=uuid)
    return web.render("admin/suspend.html", form=form, user=user), 422 if form.errors else 200


@bp.route("/admin/people/<uuid>/reactivate", methods=["GET", "POST"])
@web.access(CHANGE)
def reactivate(uuid: str) -> web.Answer:
    user, form = _changed(uuid), forms.ReactivateForm()
    if sent(form):
        with telling(), web.unit_of_work():
            accounts.reactivate(user.id, reason=form.reason.data, actor=web.current_user, now=clock.now())
            web.flash(_("The account can be used again."))
        return web.see_other("admin.person", uuid=uuid)
    return web.render("admin/reactivate.html", form=form, user=user), 422 if form.errors else 200


@bp.route("/admin/people/<uuid>/invite-again", methods=["POST"])
@web.access(CHANGE)
def invite_again(uuid: str) -> web.Answer:
    user = _changed(uuid)
    with telling(), web.unit_of_work():
        accounts.invite_again(user.id, actor=web.current_user, now=clock.now())
        web.flash(_("The invitation is on its way to %(email)s.", email=user.email))
    return web.see_other("admin.person", uuid=uuid)


@bp.route("/admin/people/<uuid>/sign-in-code", methods=["GET", "POST"])
@web.access(CHANGE)
def sign_in_code(uuid: str) -> web.Answer:
    user = _changed(uuid)
    code: str | None = None
    if request.method == "POST":
        try:
            with web.unit_of_work():
                code = accounts.make_sign_in_code(user.id, actor=web.current_user, now=clock.now())
        except Conflict as refusal:
            web.flash(str(refusal.message), "bad")
            return web.see_other("admin.person", uuid=uuid)
    return web.render("admin/sign_in_code.html", user=user, code=code)


def _changed(uuid: str) -> User:
    """The person that the actor may change; raises NotAllowed, NotFound."""
    permissions.demand_change_people(web.current_user)
    return account_queries.get_user(uuid, web.current_user)


def _course_choices() -> list[tuple[str, str]]:
    listed = enrolments.course_titles(seen_by=web.current_user)
    return [(code, f"{code}: {title.plain(language())}") for code, title in listed]
