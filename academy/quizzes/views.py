"""The learner's pages of a quiz: its rules, the attempt, its review, its result."""

from __future__ import annotations

from flask import request

from academy.courses.kinds import PageContext
from academy.enrolments import queries as enrolments
from academy.foundation import clock, web
from academy.foundation.errors import Conflict
from academy.foundation.i18n import format_time, language, languages, using_language
from academy.foundation.i18n import gettext as _
from academy.foundation.i18n import lazy_gettext as _l
from academy.quizzes import actions, forms, queries
from academy.quizzes.queries import AttemptView
from academy.quizzes.rules import attempts as rules

bp = web.blueprint("quizzes", __name__)

ENDED = _l("This attempt has ended. Answers are no longer taken.")
MOST_JSON_BYTES = 16_384


def quiz_page(page: PageContext) -> str:
    """The rules before the start, with the attempts made so far."""
    now = clock.now()
    place, settings = page.place, page.part["settings"]
    attempts = queries.list_attempts(place.id, page.activity.key) if place and not page.preview else []
    running = [attempt for attempt in attempts if rules.state(attempt, now) == "open"]
    return web.render(
        "quizzes/rules.html",
        page=page,
        attempts=attempts,
        running=running[0] if running else None,
        allowance=rules.allowance(settings, attempts, now),
        settings=settings,
        count=settings["draw"] or len(page.part["items"]),
        items=queries.preview_items(page.part) if page.preview else None,
        state=lambda attempt: rules.state(attempt, now),
    )


@bp.route("/courses/<slug>/<activity_key>/start", methods=["POST"])
@web.access(web.SIGNED_IN)
def start(slug: str, activity_key: str) -> web.Answer:
    """Begins an attempt, or goes on with the one that is open."""
    place = enrolments.get_place(slug, seen_by=web.current_user)
    if place.enrolment is None:
        raise Conflict(_l("Enrol in this course to take its quizzes."), code="not_enrolled")
    with web.unit_of_work():
        uuid = actions.start_attempt(place.enrolment.id, activity_key, actor=web.current_user, now=clock.now())
    return web.see_other("quizzes.attempt", uuid=uuid)


@bp.route("/attempts/<uuid>")
@web.access(web.SIGNED_IN)
def attempt(uuid: str) -> web.Answer:
    """The questions while the attempt is open, its result afterwards."""
    found = queries.get_attempt(uuid, seen_by=web.current_user)
    now = clock.now()
    if found.state != "open":
        return web.render("quizzes/result.html", attempt=found, result=queries.result_of(found, now=now))
    if rules.state(found, now) != "open":
        return web.render("quizzes/time_over.html", attempt=found)
    return _sheet(found, forms.SentPage())


@bp.route("/attempts/<uuid>/review")
@web.access(web.SIGNED_IN)
def review(uuid: str) -> web.Answer:
    """What is answered and what is not, before handing in."""
    found = queries.get_attempt(uuid, seen_by=web.current_user)
    if rules.state(found, clock.now()) != "open":
        return web.see_other("quizzes.attempt", uuid=uuid)
    return web.render("quizzes/review.html", attempt=found, sheet=queries.sheet_of(found))


@bp.route("/attempts/<uuid>/answers/<int:number>", methods=["PUT", "POST"])
@web.access(web.SIGNED_IN)
def save_answer(uuid: str, number: int) -> web.Answer:
    """Stores one answer as soon as it is given; answers only after the commit."""
    request.max_content_length = MOST_JSON_BYTES
    found = queries.get_attempt(uuid, seen_by=web.current_user)
    item = queries.drawn_item(found, number)
    answer = forms.answer_from_json(request.get_json(silent=True), item)
    now = clock.now()
    with web.unit_of_work():
        stored = actions.save_answer(found.id, item.key, answer, language=language(), actor=web.current_user, now=now)
    if stored is None:
        _close(found)
        raise Conflict(ENDED, code="attempt_ended")
    if not stored:
        newest = queries.newest_answer(found, item)
        again = (newest.seq, newest.value) == (answer.seq, answer.value)
        return web.json_answer({"saved": again, "seq": newest.seq, "value": newest.shown})
    return web.json_answer({"saved": True, "seq": answer.seq, "time": format_time(now, web.current_user.time_zone)})


@bp.route("/attempts/<uuid>/save", methods=["POST"])
@web.access(web.SIGNED_IN)
def save(uuid: str) -> web.Answer:
    """Stores the whole page, then goes where the button said: on, to the review, or to another language."""
    found = queries.get_attempt(uuid, seen_by=web.current_user)
    items, _found = queries.drawn_items(found, language())
    page = forms.answers_from_page(request.form, items, queries.responses_of(found.id))
    with web.unit_of_work():
        saved = actions.save_answers(
            found.id, page.answers, language=language(), actor=web.current_user, now=clock.now()
        )
    if saved is None:
        return _ended(found)
    if page.errors:
        return _sheet(found, page), 422
    if not all(saved.values()):
        web.flash(_("Some answers had been changed in another window since. The newer ones are kept."), "warn")
    then = request.form.get("then", "")
    if then == "review":
        return web.see_other("quizzes.review", uuid=uuid)
    if then in languages():
        return web.see_other("quizzes.attempt", uuid=uuid, lang=then)
    web.flash(_("Your answers are saved."))
    return web.see_other("quizzes.attempt", uuid=uuid)


@bp.route("/attempts/<uuid>/submit", methods=["POST"])
@web.access(web.SIGNED_IN)
def submit(uuid: str) -> web.Answer:
    """Hands in; doing it again shows the same result."""
    found = queries.get_attempt(uuid, seen_by=web.current_user)
    with web.unit_of_work():
        actions.submit_attempt(found.id, actor=web.current_user, now=clock.now())
    return web.see_other("quizzes.attempt", uuid=uuid)


def _sheet(found: AttemptView, page: forms.SentPage) -> str:
    now = clock.now()
    left = None if found.deadline_at is None else max(0, int((found.deadline_at - now).total_seconds()))
    return web.render(
        "quizzes/sheet.html",
        attempt=found,
        sheet=queries.sheet_of(found),
        errors=page.errors,
        typed_again=page.typed,
        seconds_left=left,
        others=[(code, _show_in(code)) for code in languages() if code != language()],
    )


def _show_in(code: str) -> str:
    """“Show in English”, in the language it leads to."""
    with using_language(code):
        return _("Show in English")


def _ended(found: AttemptView) -> web.Answer:
    _close(found)
    return web.render("quizzes/ended.html", attempt=found), 409


def _close(found: AttemptView) -> None:
    """An attempt found overdue by a writing request ends here; its own unit, for the refusal rolls nothing back."""
    if found.state == "open":
        with web.unit_of_work():
            actions.close_if_overdue(found.id, actor=web.current_user, now=clock.now())
