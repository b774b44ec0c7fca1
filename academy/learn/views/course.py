"""The page of a course; coming into it and leaving it."""

from typing import cast

from academy.courses import themes
from academy.enrolments import actions
from academy.enrolments import queries as enrolments
from academy.foundation import clock, web
from academy.foundation.errors import NotFound
from academy.foundation.i18n import gettext as _
from academy.foundation.i18n import language
from academy.learn import queries
from academy.learn.formats import words
from academy.learn.views import bp
from academy.learn.views.offline import module_file


@bp.route("/courses/<slug>")
@web.access(web.PUBLIC)
def course(slug: str) -> web.Answer:
    page = queries.get_course_page(slug, seen_by=web.current_user, now=clock.now())
    sizes = {}
    if page.may_read:
        sizes = {m.key: len(module_file(page.edition, m.key, language())) for m in page.edition.modules}
    return web.render(
        "learn/course.html", page=page, sizes=sizes, course_theme=themes.name(page.edition.theme_code), words=words
    )


@bp.route("/courses/<slug>/enrol", methods=["POST"])
@web.access(web.SIGNED_IN)
def enrol(slug: str) -> web.Answer:
    place = enrolments.get_place(slug, seen_by=web.current_user)
    if place.enrolment is None:
        with web.unit_of_work():
            me = cast("int", web.current_user.id)  # whoever is signed in is a person
            actions.enrol(me, place.course_id, actor=web.current_user, now=clock.now())
        web.flash(_("You are enrolled. You can stop at any time and go on later, on any device."))
    return web.see_other("learn.course", slug=slug)


@bp.route("/courses/<slug>/withdraw", methods=["POST"])
@web.access(web.SIGNED_IN)
def withdraw(slug: str) -> web.Answer:
    place = enrolments.get_place(slug, seen_by=web.current_user)
    if place.enrolment is None:
        raise NotFound
    with web.unit_of_work():
        actions.withdraw(place.enrolment.id, actor=web.current_user, now=clock.now())
    web.flash(_("You have withdrawn from the course. What you did is kept: you can come back and go on."))
    return web.see_other("learn.course", slug=slug)
