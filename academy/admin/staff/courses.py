"""Who is in a course: listed, enrolled, withdrawn, given more time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import request

from academy.admin import actions, forms, permissions, rules
from academy.admin.queries import enrolments as queries
from academy.admin.queries.enrolments import EnrolmentLine
from academy.admin.queries.states import list_states
from academy.admin.staff.blueprint import CHANGE, READ, bp, chosen, note_access, sent
from academy.courses.models import Course
from academy.enrolments import actions as enrolments
from academy.enrolments.models import Enrolment
from academy.foundation import clock, web
from academy.foundation.errors import Conflict, Invalid, NotFound, Refusal
from academy.foundation.i18n import gettext as _
from academy.foundation.i18n import ngettext

# What can be done to several enrolments at once, and the status in which it can.
CHANGES = {"extend": "active", "withdraw": "active", "again": "completed"}


@dataclass(frozen=True)
class Outcome:
    """What came of one address."""

    address: str
    refusal: str | None = None


@bp.route("/admin/courses")
@web.access(READ)
def courses() -> web.Answer:
    return web.render("admin/courses.html", courses=queries.list_courses(seen_by=web.current_user, now=clock.now()))


@bp.route("/admin/courses/<code>")
@web.access(READ)
def course(code: str) -> web.Answer:
    found, now = queries.get_course(code, seen_by=web.current_user), clock.now()
    states = list_states(now)
    form = forms.EnrolmentFilter(states.choices)
    page = web.paginate(
        queries.find_enrolments(
            found.id,
            now=now,
            text=form.value("q"),
            state_code=form.value("state"),
            standing=form.value("standing"),
            order=form.value("sort"),
        )
    )
    lines = queries.lines(page.items, now=now)
    shown = web.render("admin/course.html", course=found, form=form, page=page, lines=lines, states=states)
    return shown, 200 if form.is_valid else 400


@bp.route("/admin/courses/<code>/enrol", methods=["GET", "POST"])
@web.access(CHANGE)
def enrol(code: str) -> web.Answer:
    found, form = _changed(code), forms.EnrolForm()
    if not sent(form):
        return web.render("admin/enrol.html", course=found, form=form), 422 if form.errors else 200
    pasted = rules.read_addresses(form.addresses.data or "")
    if len(pasted.addresses) > rules.MOST_ADDRESSES:
        many = _("At most %(most)s addresses at a time.", most=rules.MOST_ADDRESSES)
        web.add_errors(form, Invalid({"addresses": [many]}))
        return web.render("admin/enrol.html", course=found, form=form), 422
    seen = queries.look_up(found.id, pasted.addresses)
    if form.step.data == "enrol":
        return web.render("admin/enrolled.html", course=found, outcomes=_enrol(found, form, seen))
    shown = web.render("admin/enrol_preview.html", course=found, form=form, pasted=pasted, seen=seen)
    note_access(
        "admin.look_up_people",
        object_type="course",
        object_id=found.code,
        now=clock.now(),
        people=len(pasted.addresses) - len(seen.unknown),
    )
    return shown


def _enrol(course: Course, form: forms.EnrolForm, seen: rules.Sorted) -> list[Outcome]:
    """Enrols each person in a transaction of their own, so that one refusal stops nobody else."""
    actor, outcomes = web.current_user, []
    for person in seen.enrol:
        enrol_one = partial(actions.enrol, person.user_id, course.id, actor=actor)
        outcomes.append(Outcome(person.email, _refusal(enrol_one)))
    for address in seen.unknown if form.invite.data else ():
        invite_one = partial(actions.invite_and_enrol, address, course.id, language=form.language.data, actor=actor)
        outcomes.append(Outcome(address, _refusal(invite_one)))
    return outcomes


def _refusal(change: Callable[..., Enrolment]) -> str | None:
    """Why the change was refused; None when it was made."""
    try:
        with web.unit_of_work():
            change(now=clock.now())
    except (Conflict, Invalid) as refusal:
        return _words(refusal)
    return None


def _words(refusal: Refusal) -> str:
    if isinstance(refusal, Invalid):
        return " ".join(str(message) for messages in refusal.fields.values() for message in messages)
    return str(refusal.message or "")


@bp.route("/admin/courses/<code>/change", methods=["GET", "POST"])
@web.access(CHANGE)
def change_enrolments(code: str) -> web.Answer:
    found, now = _changed(code), clock.now()
    do, wanted = request.values.get("do", ""), chosen()
    if do not in CHANGES:
        raise NotFound
    if not wanted:
        web.flash(_("Choose at least one person first."), "warn")
        return web.see_other("admin.course", code=code)
    lines, form = queries.get_chosen(found.id, wanted, now=now), forms.DueForm()
    able = [line for line in lines if line.status == CHANGES[do]]
    if sent(form):
        try:
            done = sum(_change(line, do, form) for line in able)
        except Invalid as refusal:
            web.add_errors(form, refusal)
        else:
            _say(do, done, len(lines) - done)
            return web.see_other("admin.course", code=code)
    rest = [line for line in lines if line.status != CHANGES[do]]
    shown = web.render("admin/change.html", course=found, do=do, form=form, able=able, rest=rest)
    return shown, 422 if form.errors else 200


def _change(line: EnrolmentLine, do: str, form: forms.DueForm) -> bool:
    """Changes one enrolment in a transaction of its own; False where its state no longer lets it."""
    actor, now = web.current_user, clock.now()
    try:
        with web.unit_of_work():
            if do == "extend":
                enrolments.extend(line.id, due_on=form.due_on.data, actor=actor, now=now)
            elif do == "withdraw":
                enrolments.withdraw(line.id, actor=actor, now=now)
            else:
                enrolments.open_cycle(line.person.id, line.edition.course_id, actor=actor, now=now)
    except Conflict:
        return False
    return True


def _say(do: str, done: int, left: int) -> None:
    if do == "extend":
        web.flash(ngettext("The due date of %(num)s person is set.", "The due date of %(num)s people is set.", done))
    elif do == "withdraw":
        web.flash(ngettext("%(num)s person is withdrawn.", "%(num)s people are withdrawn.", done))
    else:
        web.flash(
            ngettext(
                "%(num)s person can take the course once more.", "%(num)s people can take the course once more.", done
            )
        )
    if left:
        web.flash(
            ngettext("%(num)s person was left as they were.", "%(num)s people were left as they were.", left), "warn"
        )


def _changed(code: str) -> Course:
    """The course that the actor may change; raises NotFound, NotAllowed."""
    found = queries.get_course(code, seen_by=web.current_user)
    permissions.demand_change_course(web.current_user, course_code=code)
    return found
