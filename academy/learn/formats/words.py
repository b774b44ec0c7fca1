"""Plain words for places, rules and progress, in the running language."""

from collections.abc import Mapping
from dataclasses import dataclass

from academy.courses.editions import ActivityView, EditionView
from academy.foundation.i18n import format_minutes, format_percent, languages, ngettext, pgettext
from academy.foundation.i18n import gettext as _
from academy.learn.rules import NextStep, Step
from academy.progress.rules import ProgressView, needed, track
from academy.progress.rules import Step as Segment

_EXACT_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that completing the course asks for; ``met`` is None for readers who are not enrolled."""

    words: str
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class FinalTest:
    """What the final test asks: ``passing_score`` 0 to 1, ``attempts`` 0 for any number."""

    passing_score: float | None = None
    attempts: int = 0


def place(edition: EditionView, activity: ActivityView) -> str:
    """Where an activity stands: “module 2, lesson 3”."""
    module = edition.module_of(activity.key).position
    number, count = activity.of_same_kind
    if activity.purpose == "pre":
        return _("test before the course")
    if activity.purpose == "final":
        return _("final test")
    if activity.kind == "lesson":
        return _("module %(module)s, lesson %(number)s", module=module, number=number)
    if activity.kind == "quiz" and count == 1:
        return _("module %(module)s, knowledge check", module=module)
    if activity.kind == "quiz":
        return _("module %(module)s, test %(number)s", module=module, number=number)
    return _("module %(module)s, activity %(number)s", module=module, number=activity.position)


def button(edition: EditionView, step: NextStep, *, started: bool) -> str:
    """What the one clear button says; empty where there is none."""
    if step.step is Step.CONTINUE and step.activity is not None:
        where = place(edition, step.activity)
        return _("Continue: %(place)s", place=where) if started else _("Begin: %(place)s", place=where)
    return {
        Step.SIGN_IN: _("Sign in to enrol"),
        Step.ENROL: _("Enrol"),
        Step.RETURN: _("Return to the course"),
        Step.GET_CERTIFICATE: _("Get the certificate"),
        Step.CONFIRM_NAME: _("Confirm your name for the certificate"),
    }.get(step.step, "")


def done_of(progress: ProgressView) -> str:
    """“9 of 17 done”."""
    return ngettext("%(done)s of %(num)s done", "%(done)s of %(num)s done", progress.total, done=len(progress.done))


def modules_of(progress: ProgressView) -> str:
    """“2 of 4 modules”."""
    return ngettext(
        "%(done)s of %(num)s module", "%(done)s of %(num)s modules", progress.modules_total, done=progress.modules_done
    )


def left(progress: ProgressView) -> str:
    """“about 1 h 10 min left”; empty when nothing is left."""
    if progress.complete or not progress.minutes_left:
        return ""
    return _("about %(time)s left", time=about(progress.minutes_left))


def about(minutes: int) -> str:
    """A length of time as one says it: from ten minutes on in steps of five, rounded up."""
    return format_minutes(minutes if minutes <= _EXACT_MINUTES else -(-minutes // 5) * 5)


def demands(
    edition: EditionView, progress: ProgressView | None, test: FinalTest | None, *, name_confirmed: bool | None = None
) -> list[Demand]:
    """What completing the course, and getting its certificate, asks for, with what is met.

    *name_confirmed* is None where the name plays no part or nobody is signed in.
    """
    rule = edition.completion
    total = sum(1 for a in edition.activities if a.required and a.key != rule.final_test_key)
    asked = needed(rule.share, total)
    found = []
    if asked:
        found.append(Demand(_share(rule.share, asked, total), progress.required_done >= asked if progress else None))
    if rule.final_test_key is not None:
        found.append(Demand(_final_test(test or FinalTest()), progress.final_test_passed is True if progress else None))
    if edition.certificate_kind != "none" and edition.certificate_issue == "automatic":
        found.append(Demand(_("confirm how your name is written"), name_confirmed))
    return found


def _share(share: float, asked: int, total: int) -> str:
    if asked == total:
        return ngettext("complete the %(num)s required activity", "complete all %(num)s required activities", total)
    return ngettext(
        "complete at least %(share)s of the required activities (%(asked)s of %(num)s)",
        "complete at least %(share)s of the required activities (%(asked)s of %(num)s)",
        total,
        share=format_percent(share),
        asked=asked,
    )


def _final_test(test: FinalTest) -> str:
    if test.passing_score is None:
        return _("pass the final test")
    if not test.attempts:
        return _(
            "reach at least %(score)s in the final test (as many attempts as you like)",
            score=format_percent(test.passing_score),
        )
    return ngettext(
        "reach at least %(score)s in the final test (%(num)s attempt)",
        "reach at least %(score)s in the final test (%(num)s attempts)",
        test.attempts,
        score=format_percent(test.passing_score),
    )


def availability(lang: str, state: str) -> str:
    """How much of a course there is in a language: “English”, “Russian in preparation”; empty for none."""
    if state == "none":
        return ""
    return {
        ("en", "full"): pgettext("language of a course", "English"),
        ("ru", "full"): pgettext("language of a course", "Russian"),
        ("en", "preparation"): _("English in preparation"),
        ("ru", "preparation"): _("Russian in preparation"),
    }.get((lang, state), lang.upper())


def wholly_in(lang: str) -> str:
    """The filter for courses that are whole in that language."""
    return {"en": _("in English"), "ru": _("in Russian")}.get(lang, lang.upper())


def in_preparation(lang: str) -> str:
    """The word to readers of a course that is not whole in their language."""
    return {
        "en": _("The English of this course is in preparation. What is not there yet is shown in Russian and marked."),
        "ru": _("The Russian of this course is in preparation. What is not there yet is shown in English and marked."),
    }.get(lang, "")


def shown_in(lang: str) -> str:
    """The word before a text that had to fall back to that language."""
    return {
        "en": _("This is not yet available in Russian. It is shown in English."),
        "ru": _("This is not yet available in English. It is shown in Russian."),
    }.get(lang, "")


def languages_of(found: Mapping[str, str]) -> str:
    """The languages of a course: “English · Russian in preparation”."""
    return " · ".join(filter(None, (availability(lang, found.get(lang, "none")) for lang in languages())))


def modules(count: int) -> str:
    """“4 modules”."""
    return ngettext("%(num)s module", "%(num)s modules", count)


def so_far(progress: ProgressView) -> str:
    """What is met of the share: “So far 9 of 13 activities”."""
    return ngettext(
        "So far %(done)s of %(num)s activity",
        "So far %(done)s of %(num)s activities",
        progress.required_needed,
        done=min(progress.required_done, progress.required_needed),
    )


def level(code: str) -> str:
    """The level of a course."""
    return {
        "introductory": _("introductory level"),
        "intermediate": _("intermediate level"),
        "advanced": _("advanced level"),
    }.get(code, code)


def drawn(
    edition: EditionView, progress: ProgressView | None, current: str | None = None
) -> list[list[tuple[str, bool]]]:
    """The track as it is drawn: (class, is quiz) of each segment, by module."""
    return [[_segment(step) for step in group] for group in track(edition, progress, current)]


def _segment(step: Segment) -> tuple[str, bool]:
    return "done updated" if step.state == "updated" else step.state, step.kind == "quiz"


def track_label(progress: ProgressView) -> str:
    """The track for those who hear it."""
    return ", ".join(filter(None, (done_of(progress), modules_of(progress), left(progress))))
