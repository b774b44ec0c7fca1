"""Welcome, catalogue and search."""

from flask import request, url_for

from academy.courses import themes
from academy.foundation import clock, search, web
from academy.foundation.i18n import language, languages
from academy.learn import queries
from academy.learn.formats import words
from academy.learn.views import bp


@bp.route("/")
@web.access(web.PUBLIC)
def home() -> web.Answer:
    theme, available_in = request.args.get("theme", ""), request.args.get("in", "")
    page = queries.catalogue(
        language(), theme=theme, available_in=available_in, seen_by=web.current_user, now=clock.now()
    )
    return web.render(
        "learn/home.html",
        page=page,
        chosen_theme=theme,
        available_in=available_in,
        theme_name=themes.name,
        words=words,
    )


@bp.route("/courses")
@web.access(web.PUBLIC)
def courses() -> web.Answer:
    return web.see_other("learn.home")


@bp.route("/search")
@web.access(web.PUBLIC)
def find() -> web.Answer:
    asked = " ".join(request.args.get("q", "").split())[:200]
    groups = queries.searchable(web.current_user)
    hits = search.find(asked, lang=language(), groups=groups)
    rest = [] if hits else [lang for lang in languages() if lang != language()]
    others = {lang: search.find(asked, lang=lang, groups=groups) for lang in rest}
    found = [*hits, *(hit for some in others.values() for hit in some)]
    return web.render(
        "learn/search.html",
        asked=asked,
        hits=hits,
        others=others,
        courses=queries.courses_of(found, language()),
        address=_address,
    )


def _address(hit: search.Hit) -> str:
    """Where a place that was found is read; a course's outcomes are on its own page."""
    slug, _slash, key = hit.url_key.partition("/")
    return url_for("learn.activity", slug=slug, key=key) if key else url_for("learn.course", slug=slug)
