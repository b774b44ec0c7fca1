"""A module to print or to keep."""

from dataclasses import dataclass
from pathlib import Path

from flask import Response, current_app
from markupsafe import Markup

from academy.courses import kinds
from academy.courses import queries as courses
from academy.courses.cache import cache
from academy.courses.editions import ActivityView, EditionView
from academy.enrolments import queries as enrolments
from academy.foundation import files, web
from academy.foundation.errors import NotAllowed, NotFound
from academy.foundation.i18n import language
from academy.learn import queries
from academy.learn.formats import offline, words
from academy.learn.views import bp


@dataclass(frozen=True, slots=True)
class Printed:
    """An activity on paper; ``html`` is empty where it can only be done in the academy."""

    activity: ActivityView
    language: str
    html: Markup


@bp.route("/courses/<slug>/module/<key>/print")
@web.access(web.SIGNED_IN)
def print_module(slug: str, key: str) -> web.Answer:
    edition = _edition(slug, key)
    return web.render(
        "learn/module.html",
        edition=edition,
        module=edition.module(key),
        lessons=_lessons(edition, key, language()),
        size=len(module_file(edition, key, language())),
        words=words,
    )


@bp.route("/courses/<slug>/module/<key>/download")
@web.access(web.SIGNED_IN)
def download_module(slug: str, key: str) -> web.Answer:
    edition = _edition(slug, key)
    answer = Response(module_file(edition, key, language()), content_type="text/html; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{edition.slug}-{key}.{language()}.html"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def module_file(edition: EditionView, key: str, lang: str) -> bytes:
    """The module as one HTML file with its figures in it. Made once: an edition never changes."""
    kept: bytes | None = cache().get(("module", edition.id, key, lang))
    if kept is None:
        page = web.render(
            "learn/module_file.html",
            edition=edition,
            module=edition.module(key),
            lessons=_lessons(edition, key, lang),
            styles=_styles(),
            address=web.external_url("learn.course", slug=edition.slug, lang=lang),
            words=words,
        )
        kept = offline.with_figures(page, _figure).encode()
        cache().put(("module", edition.id, key, lang), kept, len(kept))
    return kept


def _lessons(edition: EditionView, key: str, lang: str) -> list[Printed]:
    return [_printed(activity, lang) for activity in edition.module(key).activities]


def _printed(activity: ActivityView, lang: str) -> Printed:
    sha, part_language = activity.part_in(lang)
    on_paper = getattr(kinds.kind(activity.kind), "print_html", None)
    return Printed(activity, part_language, on_paper(courses.get_part(sha)) if on_paper else Markup())


def _figure(sha: str) -> tuple[bytes, str] | None:
    found = courses.find_published_file(sha)
    if found is None or not found[0].startswith("image/") or not files.exists(sha):
        return None
    return files.read(sha), found[0]


def _styles() -> str:
    return (Path(current_app.root_path) / "learn" / "static" / "offline.css").read_text(encoding="utf-8")


def _edition(slug: str, key: str) -> EditionView:
    place = enrolments.get_place(slug, seen_by=web.current_user)
    edition = courses.get_edition(place.edition_id)
    if edition.find_module(key) is None:
        raise NotFound
    if not queries.may_read_course(place, web.current_user):
        raise NotAllowed
    return edition
