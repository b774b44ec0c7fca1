"""The first page, and the reports of mistakes."""

from __future__ import annotations

from academy.admin import actions
from academy.admin.queries import desk as queries
from academy.admin.staff.blueprint import CHANGE, READ, bp
from academy.foundation import clock, web
from academy.foundation.i18n import gettext as _


@bp.route("/admin")
@web.access(READ)
def desk() -> web.Answer:
    reader = web.current_user
    return web.render(
        "admin/desk.html",
        queues=queries.queues(seen_by=reader, now=clock.now()),
        figures=queries.figures(seen_by=reader),
        recent=queries.recent(seen_by=reader),
    )


@bp.route("/admin/mistakes")
@web.access(READ)
def mistakes() -> web.Answer:
    return web.render("admin/mistakes.html", mistakes=queries.list_mistakes(seen_by=web.current_user))


@bp.route("/admin/mistakes/<uuid>/close", methods=["POST"])
@web.access(CHANGE)
def close_report(uuid: str) -> web.Answer:
    mistake = queries.get_mistake(uuid, seen_by=web.current_user)
    with web.unit_of_work():
        actions.close_report(mistake.id, actor=web.current_user, now=clock.now())
    web.flash(_("The report is closed."))
    return web.see_other("admin.mistakes")
