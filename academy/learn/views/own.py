"""My learning, the transcript and the letter to the supervisor."""

from academy.accounts import queries as accounts
from academy.foundation import clock, web
from academy.foundation.errors import NotFound
from academy.learn import queries
from academy.learn.formats import words
from academy.learn.views import bp


@bp.route("/my")
@web.access(web.SIGNED_IN)
def my() -> web.Answer:
    taken = queries.list_taken(web.current_user, now=clock.now())
    return web.render("learn/my.html", taken=taken, going_on=queries.going_on(taken), words=words)


@bp.route("/my/transcript")
@web.access(web.SIGNED_IN)
def transcript() -> web.Answer:
    now = clock.now()
    lines = queries.transcript(web.current_user, now=now)
    person = accounts.get_own(web.current_user)
    return web.render("learn/transcript.html", lines=lines, person=person, now=now, words=words)


@bp.route("/my/letters/<slug>")
@web.access(web.SIGNED_IN)
def letter(slug: str) -> web.Answer:
    now = clock.now()
    page = queries.get_course_page(slug, seen_by=web.current_user, now=now)
    if page.place.enrolment is None:
        raise NotFound
    person = accounts.get_own(web.current_user)
    return web.render("learn/letter.html", page=page, person=person, now=now, words=words)
