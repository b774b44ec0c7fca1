"""The first page, and the reports of mistakes."""

from __future__ import annotations

from academy.admin.queries import desk as queries
from academy.admin.staff.blueprint import READ, bp
from academy.foundation import clock, web


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
