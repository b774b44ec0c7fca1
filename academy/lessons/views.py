"""Going on from a lesson, reporting a mistake, and the figures of published courses."""

from __future__ import annotations

from flask import request
from werkzeug import Response

from academy.courses import queries as courses
from academy.courses.editions import ActivityView, EditionView
from academy.courses.kinds import ACTIVITY_ENDPOINT, COURSE_ENDPOINT
from academy.enrolments import queries as enrolments
from academy.foundation import clock, files, web
from academy.foundation.errors import NotAllowed, NotFound
from academy.foundation.i18n import gettext as _
from academy.foundation.i18n import language
from academy.foundation.i18n import lazy_gettext as _l
from academy.lessons import actions
from academy.lessons.forms import MistakeForm
from academy.progress import actions as progress

bp = web.blueprint("lessons", __name__)
files_bp = web.blueprint("files", __name__, language=False)

# A figure can do nothing and ask for nothing, even when it is opened by itself.
FILE_POLICY = "default-src 'none'; sandbox"


def _lesson(slug: str, key: str) -> tuple[int, EditionView, ActivityView]:
    """The reader's enrolment, and the lesson in the edition they read; raises NotFound, NotAllowed."""
    place = enrolments.get_place(slug, seen_by=web.current_user)
    edition = courses.get_edition(place.edition_id)
    activity = edition.find_activity(key)
    if activity is None or activity.kind != "lesson":
        raise NotFound
    if place.enrolment is None:
        raise NotAllowed(_l("Enrol in the course first; then what you read is kept."))
    return place.enrolment.id, edition, activity


@bp.route("/courses/<slug>/<key>/done", methods=["POST"])
@web.access(web.SIGNED_IN)
def done(slug: str, key: str) -> web.Answer:
    enrolment_id, edition, activity = _lesson(slug, key)
    following = edition.next_after(key)
    now = clock.now()
    with web.unit_of_work():
        progress.complete_activity(enrolment_id, key, now=now, actor=web.current_user)
        progress.remember_position(enrolment_id, (following or activity).key, now=now)
    if following is None:
        return web.see_other(COURSE_ENDPOINT, slug=slug)
    return web.see_other(ACTIVITY_ENDPOINT, slug=slug, key=following.key)


@bp.route("/courses/<slug>/<key>/mistake", methods=["GET", "POST"])
@web.access(web.SIGNED_IN)
def mistake(slug: str, key: str) -> web.Answer:
    _enrolment_id, edition, activity = _lesson(slug, key)
    form = MistakeForm()
    if request.method != "POST" or not form.validate():
        page = web.render("lessons/mistake.html", form=form, edition=edition, activity=activity)
        return page, 422 if request.method == "POST" else 200
    with web.unit_of_work():
        actions.report_mistake(
            edition, key, text=form.text.data or "", language=language(), actor=web.current_user, now=clock.now()
        )
    web.flash(_("Thank you. Your report has gone to the people who look after this course."))
    return web.see_other(ACTIVITY_ENDPOINT, slug=slug, key=key)


# The name is for people; the hash alone says which file.
@files_bp.route("/files/<sha>/<name>")
@web.access(web.PUBLIC)
def media(sha: str, name: str) -> Response:  # noqa: ARG001 - part of the address
    found = courses.find_published_file(sha)
    if found is None:
        raise NotFound
    answer = Response(status=304) if request.if_none_match.contains(sha) else Response(files.read(sha))
    answer.content_type = found[0]
    answer.set_etag(sha)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    return answer
