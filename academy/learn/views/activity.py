"""The address of an activity: the hot page."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from academy import __version__
from academy.courses import kinds
from academy.courses import queries as courses
from academy.courses.editions import ActivityView, EditionView
from academy.courses.kinds import PageContext
from academy.enrolments import queries as enrolments
from academy.enrolments.queries import PlaceView
from academy.foundation import web
from academy.foundation.errors import NotFound
from academy.foundation.i18n import language
from academy.learn import queries, rules
from academy.learn.formats import words
from academy.learn.views import bp
from academy.progress import queries as progress
from academy.progress.rules import ProgressView

_BLOCK = re.compile(r"-?[0-9]{1,4}")


@bp.route("/courses/<slug>/<key>")
@web.access(web.SIGNED_IN)
def activity(slug: str, key: str) -> web.Answer:
    place = enrolments.get_place(slug, seen_by=web.current_user)
    edition = courses.get_edition(place.edition_id)
    found = edition.find_activity(key)
    if found is None:
        raise NotFound
    if not queries.may_read_course(place, web.current_user):
        return web.render("learn/closed.html", place=place, edition=edition, activity=found, words=words), 403
    reached = progress.progress_of(place.enrolment.id, edition) if place.enrolment else None
    tag = _tag(place, edition, found, reached)
    if tag and request.if_none_match.contains_weak(tag):
        return _kept(Response(status=304), tag)
    answer = kinds.kind(found.kind).page(_context(place, edition, found, reached))
    return _kept(Response(answer), tag) if isinstance(answer, str) and tag else answer


def _context(place: PlaceView, edition: EditionView, found: ActivityView, reached: ProgressView | None) -> PageContext:
    sha, part_language = found.part_in(language())
    other = request.args.get("other", "")
    return PageContext(
        edition=edition,
        module=edition.module(found.module_key),
        activity=found,
        part=courses.get_part(sha),
        part_language=part_language,
        language=language(),
        viewer=web.current_user,
        place=place.enrolment,
        progress=reached,
        previous=edition.previous_before(found.key),
        next=edition.next_after(found.key),
        others=_others(found, part_language) if other else {},
        other_block=int(other) if _BLOCK.fullmatch(other) else None,
        around={"words": words},
    )


def _others(found: ActivityView, part_language: str) -> dict[str, Mapping[str, Any]]:
    return {lang: courses.get_part(sha) for lang, sha in found.parts.items() if lang != part_language}


def _tag(place: PlaceView, edition: EditionView, found: ActivityView, reached: ProgressView | None) -> str:
    """The entity tag of a lesson page.

    Empty for other activities, whose pages show more than is known here, and while a message waits to be shown.
    """
    if found.kind != "lesson" or "academy-said" in request.cookies:
        return ""
    return rules.etag(
        web.current_user.uuid,
        web.current_user.session_id,
        web.current_user.grants,
        __version__,
        web.asset("web/app.css"),
        request.cookies.get("academy-theme", ""),
        request.full_path,
        edition.id,
        found.part_in(language()),
        place.enrolment and place.enrolment.status,
        reached and (sorted(reached.done), sorted(reached.updated), reached.next_key, reached.complete),
    )


def _kept(answer: Response, tag: str) -> Response:
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
