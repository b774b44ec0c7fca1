"""What holders see and do: their certificates, the file, the spelling of the name before and after."""

from __future__ import annotations

from flask import current_app, make_response, request
from werkzeug.wrappers import Response

from academy.accounts import actions as accounts
from academy.accounts import queries as people
from academy.certificates import actions, permissions, queries
from academy.certificates.actions import checked_names
from academy.certificates.forms import CorrectionForm, NameForm
from academy.certificates.queries import CertificateView
from academy.certificates.rules import Standing
from academy.certificates.views.blueprints import bp
from academy.foundation import clock, web
from academy.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from academy.foundation.i18n import gettext as _
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.i18n import ngettext
from academy.foundation.security import format_code
from academy.settings import Settings


@bp.route("/certificates")
@web.access(web.SIGNED_IN)
def mine() -> web.Answer:
    """One's certificates, and what waits for the name or for an admin."""
    user = people.get_own(web.current_user)
    return web.render(
        "certificates/mine.html",
        certificates=queries.list_of_user(user.id),
        waiting=queries.waiting_of_user(user.id),
        name_confirmed=user.name_confirmed_at is not None,
        now=clock.now(),
    )


@bp.route("/certificates/<uuid>")
@web.access(web.SIGNED_IN)
def show(uuid: str) -> web.Answer:
    """One certificate: what it states, the file, how to have it checked."""
    certificate = queries.get_certificate(uuid, seen_by=web.current_user)
    shown = web.render(
        "certificates/show.html",
        certificate=certificate,
        standing=certificate.standing(clock.now()),
        code=format_code(certificate.code),
        address=web.external_url("certificates_anywhere.verify_code_anywhere", code=certificate.code),
        is_mine=permissions.owns(web.current_user, holder_id=certificate.user_id),
        request_open=queries.pending_correction(certificate.id),
    )
    _note_access("certificates.seen", certificate)
    return shown


@bp.route("/certificates/<uuid>/pdf")
@web.access(web.SIGNED_IN)
def pdf(uuid: str) -> Response:
    """The file, for the holder and for who manages the course's certificates."""
    certificate = queries.get_certificate(uuid, seen_by=web.current_user)
    _require_download(certificate)
    settings: Settings = current_app.extensions["academy"]
    answer = make_response(queries.printed(certificate, base_url=settings.base_url))
    _note_access("certificates.downloaded", certificate)
    answer.content_type = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="certificate-{certificate.number}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.route("/certificates/name", methods=["GET", "POST"])
@web.access(web.SIGNED_IN)
def name() -> web.Answer:
    """The spelling, asked once before the first certificate; confirming it issues what was waiting for it."""
    user = people.get_own(web.current_user)
    form = NameForm(data={"name_latin": user.name_latin, "name_cyrillic": user.name_cyrillic or ""})
    if request.method == "GET":
        return web.render("certificates/name.html", form=form, previewed=False)
    names = _names(form)
    if names is None:
        return web.render("certificates/name.html", form=form, previewed=False), 422
    if "confirm" not in request.form:
        return web.render("certificates/name.html", form=form, previewed=True)
    actor, now = web.current_user, clock.now()
    with web.unit_of_work():
        accounts.confirm_name(names[0], names[1] or None, actor=actor, now=now)
        issued = actions.issue_owed(user.id, now=now, actor=actor)
    web.flash(_said(len(issued)))
    return web.see_other("certificates.mine")


@bp.route("/certificates/<uuid>/correction", methods=["GET", "POST"])
@web.access(web.SIGNED_IN)
def correction(uuid: str) -> web.Answer:
    """The wish for another spelling on a certificate that is out."""
    certificate = queries.get_certificate(uuid, seen_by=web.current_user)
    if not permissions.owns(web.current_user, holder_id=certificate.user_id):
        raise NotFound
    form = CorrectionForm(data={"name_latin": certificate.name_latin, "name_cyrillic": certificate.name_cyrillic})
    if request.method == "GET":
        return web.render("certificates/correction.html", form=form, certificate=certificate)
    names = _names(form)
    if names is None:
        return web.render("certificates/correction.html", form=form, certificate=certificate), 422
    try:
        with web.unit_of_work():
            actions.ask_for_correction(
                certificate.id,
                name_latin=names[0],
                name_cyrillic=names[1],
                note=form.note.data or "",
                actor=web.current_user,
                now=clock.now(),
            )
    except Invalid as refusal:
        web.add_errors(form, refusal)
        return web.render("certificates/correction.html", form=form, certificate=certificate), 422
    web.flash(_("Your request has been sent. You will get a mail when the certificate has been replaced."))
    return web.see_other("certificates.show", uuid=uuid)


def _names(form: NameForm) -> tuple[str, str] | None:
    """Both lines as they will be printed; None when they cannot be: what is wrong stands beside the fields."""
    if not form.validate():
        return None
    try:
        return checked_names(form.name_latin.data or "", form.name_cyrillic.data or "")
    except Invalid as refusal:
        web.add_errors(form, refusal)
        return None


def _require_download(certificate: CertificateView) -> None:
    mine = permissions.owns(web.current_user, holder_id=certificate.user_id)
    if not (mine or permissions.may_manage(web.current_user, course_code=certificate.course_code)):
        raise NotAllowed
    if certificate.standing(clock.now()) in (Standing.REPLACED, Standing.REVOKED):
        raise Conflict(_l("This certificate is not valid any more."), code="not_valid")


def _note_access(action: str, certificate: CertificateView) -> None:
    """That somebody else than the holder has it before them is in the audit log, in a short unit of work of its own."""
    if permissions.owns(web.current_user, holder_id=certificate.user_id):
        return
    with web.apart():
        actions.note_access(action, certificate.id, actor=web.current_user, now=clock.now())


def _said(issued: int) -> str:
    if not issued:
        return _("Your name is confirmed.")
    return ngettext(
        "Your name is confirmed and your certificate is issued.",
        "Your name is confirmed and %(num)s certificates are issued.",
        issued,
    )
