"""Help: the handbook, shown in the academy."""

from academy.foundation import web
from academy.foundation.errors import NotFound
from academy.foundation.i18n import default_language, language
from academy.learn.formats import handbook
from academy.learn.views import bp


@bp.route("/help")
@web.access(web.PUBLIC)
def help_index() -> web.Answer:
    return web.render("learn/help.html", pages=_pages())


@bp.route("/help/<page>")
@web.access(web.PUBLIC)
def help_page(page: str) -> web.Answer:
    found = _pages().get(page)
    if found is None:
        raise NotFound
    return web.render("learn/help_page.html", page=found, pages=_pages())


def _pages() -> dict[str, handbook.HelpPage]:
    return handbook.pages(language()) or handbook.pages(default_language())
