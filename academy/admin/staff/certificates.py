"""Certificates: the queue, the register, one certificate, replaced or revoked, and wishes for another spelling."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from academy.admin import forms, permissions
from academy.admin.queries import certificates as queries
from academy.admin.queries import enrolments
from academy.admin.queries.certificates import CertificatePage
from academy.admin.staff.blueprint import CHANGE, READ, bp, chosen, note_access, sent, telling
from academy.certificates import actions as certificates
from academy.certificates import queries as certificate_queries
from academy.certificates.queries import CertificateView, Waiting
from academy.foundation import clock, web
from academy.foundation.errors import Conflict, Invalid, NotAllowed
from academy.foundation.i18n import gettext as _
from academy.foundation.i18n import language
from academy.foundation.web import Page

PER_PAGE = 50


@dataclass(frozen=True)
class Issued:
    """What came of one line of the queue: the certificate's number and uuid, or why there is none."""

    line: Waiting
    number: str = ""
    uuid: str = ""
    refusal: str = ""


@bp.route("/admin/certificates")
@web.access(READ)
def certificate_queue() -> web.Answer:
    form = forms.QueueFilter(_course_choices())
    lines = queries.list_waiting(seen_by=web.current_user, course_code=form.value("course"))
    ready = [line for line in lines if queries.may_issue_to(web.current_user, line)]
    shown_lines = {"yes": ready, "no": [line for line in lines if line not in ready]}.get(form.value("ready"), lines)
    page = _page(shown_lines)
    requests = len(queries.list_requests(seen_by=web.current_user))
    shown = web.render("admin/queue.html", form=form, page=page, ready=ready, requests=requests)
    return shown, 200 if form.is_valid else 400


def _page(lines: list[Waiting]) -> Page[Waiting]:
    pages = max(1, -(-len(lines) // PER_PAGE))
    here = min(max(1, request.args.get("page", 1, type=int)), pages)
    return Page(lines[(here - 1) * PER_PAGE : here * PER_PAGE], here, pages, len(lines))


@bp.route("/admin/certificates/issue", methods=["GET", "POST"])
@web.access(CHANGE)
def issue() -> web.Answer:
    wanted = _ready(request.args["all"]) if "all" in request.args else chosen()
    if not wanted:
        web.flash(_("Choose at least one person first."), "warn")
        return web.see_other("admin.certificate_queue")
    lines, had = queries.get_chosen(wanted, seen_by=web.current_user)
    if request.method == "POST":
        # One transaction each: sent again after an interruption, it goes on where it stopped.
        return web.render("admin/issued.html", issued=[_issue(line) for line in lines], had=had)
    able = [line for line in lines if queries.may_issue_to(web.current_user, line)]
    rest = [line for line in lines if line not in able]
    return web.render("admin/issue.html", able=able, rest=rest, had=had)


def _ready(course_code: str) -> list[str]:
    """All that the actor can issue now, of one course or (``all``) of every course."""
    lines = queries.list_waiting(seen_by=web.current_user, course_code="" if course_code == "all" else course_code)
    return [line.enrolment_uuid for line in lines if queries.may_issue_to(web.current_user, line)]


def _issue(line: Waiting) -> Issued:
    try:
        with web.unit_of_work():
            made = certificates.issue(line.enrolment_id, actor=web.current_user, now=clock.now())
            return Issued(line, made.number, made.uuid)
    except Conflict as refusal:
        return Issued(line, refusal=str(refusal.message or ""))
    except NotAllowed:
        return Issued(line, refusal=_("Another administrator has to do this: it is your own."))


@bp.route("/admin/certificates/register")
@web.access(READ)
def register() -> web.Answer:
    form = forms.RegisterFilter(_course_choices())
    page = web.paginate(
        certificate_queries.list_register(
            seen_by=web.current_user,
            text=form.value("q"),
            status=form.value("status"),
            course_code=form.value("course"),
        ),
        scalars=False,
    )
    rows = [CertificateView(**row._asdict()) for row in page.items]
    shown = web.render(
        "admin/register.html", form=form, page=page, rows=rows, holders=queries.holders(rows), now=clock.now()
    )
    return shown, 200 if form.is_valid else 400


@bp.route("/admin/certificates/<uuid>")
@web.access(READ)
def certificate(uuid: str) -> web.Answer:
    found, now = queries.get_page(uuid, seen_by=web.current_user), clock.now()
    shown = web.render("admin/certificate.html", page=found, certificate=found.certificate, now=now)
    if found.person.id != web.current_user.id:
        note_access("admin.see_certificate", object_type="certificate", object_id=found.certificate.id, now=now)
    return shown


@bp.route("/admin/certificates/<uuid>/replace", methods=["GET", "POST"])
@web.access(CHANGE)
def replace(uuid: str) -> web.Answer:
    found, form = _changed(uuid), forms.ReplaceForm()
    if request.method == "GET":
        _prefill(form, found)
    if sent(form):
        try:
            with telling(), web.unit_of_work():
                made = certificates.replace(
                    found.certificate.id,
                    name_latin=form.name_latin.data or "",
                    name_cyrillic=form.name_cyrillic.data or "",
                    reason=form.reason.data or "",
                    actor=web.current_user,
                    now=clock.now(),
                )
                uuid = made.uuid
                web.flash(
                    _("The new certificate has the number %(number)s. Its holder is told by mail.", number=made.number)
                )
        except Invalid as refusal:
            web.add_errors(form, refusal)
        else:
            return web.see_other("admin.certificate", uuid=uuid)
    shown = web.render("admin/replace.html", page=found, certificate=found.certificate, form=form)
    return shown, 422 if form.errors else 200


def _prefill(form: forms.ReplaceForm, page: CertificatePage) -> None:
    wish = page.request
    form.name_latin.data = wish.name_latin if wish else page.certificate.name_latin
    form.name_cyrillic.data = wish.name_cyrillic if wish else page.certificate.name_cyrillic
    if wish:
        form.reason.data = _("The holder asked for another spelling.")


@bp.route("/admin/certificates/<uuid>/revoke", methods=["GET", "POST"])
@web.access(CHANGE)
def revoke(uuid: str) -> web.Answer:
    found, form = _changed(uuid), forms.RevokeForm()
    if sent(form):
        with telling(), web.unit_of_work():
            certificates.revoke(
                found.certificate.id, reason=form.reason.data or "", actor=web.current_user, now=clock.now()
            )
            web.flash(_("The certificate is revoked. Its holder is told by mail."))
        return web.see_other("admin.certificate", uuid=uuid)
    shown = web.render("admin/revoke.html", page=found, certificate=found.certificate, form=form)
    return shown, 422 if form.errors else 200


@bp.route("/admin/certificates/corrections")
@web.access(READ)
def corrections() -> web.Answer:
    return web.render("admin/corrections.html", requests=queries.list_requests(seen_by=web.current_user))


@bp.route("/admin/certificates/corrections/<uuid>/decline", methods=["POST"])
@web.access(CHANGE)
def decline_correction(uuid: str) -> web.Answer:
    wish = certificate_queries.get_request(uuid, seen_by=web.current_user)
    with telling(), web.unit_of_work():
        certificates.decline_correction(wish.id, actor=web.current_user, now=clock.now())
        web.flash(_("The request is declined. The holder is told by mail."))
    return web.see_other("admin.corrections")


def _changed(uuid: str) -> CertificatePage:
    """The certificate that the actor may change; raises NotFound, NotAllowed."""
    found = queries.get_page(uuid, seen_by=web.current_user)
    permissions.demand_change_course(web.current_user, course_code=found.certificate.course_code)
    if found.person.id == web.current_user.id:
        raise NotAllowed(_("Another administrator has to do this: it is your own."))
    return found


def _course_choices() -> list[tuple[str, str]]:
    listed = enrolments.course_titles(seen_by=web.current_user)
    return [(code, f"{code}: {title.plain(language())}") for code, title in listed]
