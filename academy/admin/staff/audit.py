"""The audit log, to read."""

from __future__ import annotations

from academy.admin import permissions
from academy.admin.forms import AuditFilter
from academy.admin.queries import audit as queries
from academy.admin.rules import day_begins, day_ends
from academy.admin.staff.blueprint import READ, bp
from academy.foundation import web
from academy.settings import zone


@bp.route("/admin/audit")
@web.access(READ)
def audit() -> web.Answer:
    reader = web.current_user
    permissions.demand_read_all(reader)
    form = AuditFilter(queries.list_actions())
    here = zone(reader.time_zone)
    begins, ends = form.value("begins"), form.value("ends")
    page = web.paginate(
        queries.find_entries(
            action=form.value("action"),
            actor=form.value("actor"),
            actor_kind=form.value("kind"),
            about=form.value("about"),
            outcome=form.value("outcome"),
            begins=day_begins(begins, here) if begins else None,
            ends=day_ends(ends, here) if ends else None,
        )
    )
    shown = web.render("admin/audit.html", form=form, page=page, lines=queries.lines(page.items))
    return shown, 200 if form.is_valid else 400
