"""The demo's past: what its people did, by the academy's own actions with ``now`` given.

One unit of work per person and day.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from academy.accounts import actions as accounts
from academy.accounts import queries as account_queries
from academy.certificates import actions as certificates
from academy.courses import queries as courses
from academy.courses.editions import ActivityView
from academy.demo.people import Person
from academy.enrolments import actions as enrolments
from academy.enrolments import queries as enrolment_queries
from academy.foundation import db
from academy.foundation.security import Identity
from academy.progress import actions as progress
from academy.quizzes import actions as quizzes
from academy.quizzes import queries as quiz_queries
from academy.quizzes.kinds.grading import GRADING

# Answers of a learner: how many of ten are right.
GOOD, FAIR, POOR = 9, 7, 3


@dataclass(frozen=True, slots=True)
class Story:
    """What one learner did. *days*: for each day, how many activities; *skill*: right answers of ten.

    *first_final*: the skill at the first try of the final test, when it went otherwise.
    *names*: confirms the name at the end.
    *waits*: the certificate is still in the admins' queue.
    """

    begin: int
    days: tuple[int, ...]
    skill: int = GOOD
    first_final: int | None = None
    names: bool = True
    withdraws: bool = False
    waits: bool = False


def identity_of(person: Person) -> Identity:
    """The person as they act."""
    found = account_queries.find_identity_by_email(person.email)
    if found is None:
        raise LookupError(person.email)
    return found


def live(person: Person, story: Story, *, course_id: int, start: datetime) -> None:
    """The story has happened, beginning *story.begin* days after *start*."""
    at = start + timedelta(days=story.begin, minutes=37 * (story.begin % 11))
    chance = random.Random(person.email)
    with db.current().write():
        actor = identity_of(person)
        enrolment_id = enrolments.enrol(_id(actor), course_id, actor=actor, now=at).id
        edition = courses.get_edition(enrolment_queries.place_of(enrolment_id).edition_id)
    done, now = 0, at
    for day, amount in enumerate(story.days):
        now = at + timedelta(days=2 * day, minutes=5)
        with db.current().write():
            for activity in edition.activities[done : done + amount]:
                now += timedelta(minutes=activity.minutes + 1)
                _do(enrolment_id, activity, story, actor=actor, now=now, chance=chance)
            done += amount
    with db.current().write():
        if story.withdraws:
            enrolments.withdraw(enrolment_id, actor=actor, now=now + timedelta(days=3))
        elif story.names and done >= len(edition.activities):
            confirm(person, actor=actor, now=now + timedelta(minutes=4))


def confirm(person: Person, *, actor: Identity, now: datetime) -> None:
    """The person has confirmed the name as it is printed, and has the certificate that was owed but for it."""
    accounts.confirm_name(person.latin, person.cyrillic, actor=actor, now=now)
    certificates.issue_owed(_id(actor), now=now, actor=actor)


def _do(
    enrolment_id: int, activity: ActivityView, story: Story, *, actor: Identity, now: datetime, chance: random.Random
) -> None:
    if activity.kind != "quiz":
        progress.complete_activity(enrolment_id, activity.key, actor=actor, now=now)
        progress.remember_position(enrolment_id, activity.key, now=now)
        return
    skills = [story.skill]
    if activity.purpose == "final" and story.first_final is not None:
        skills.insert(0, story.first_final)
    for go, skill in enumerate(skills):
        take(enrolment_id, activity, skill, actor=actor, now=now + timedelta(hours=go), chance=chance)


def take(
    enrolment_id: int,
    activity: ActivityView,
    skill: int,
    *,
    actor: Identity,
    now: datetime,
    chance: random.Random,
    submit: bool = True,
) -> None:
    """One attempt at the quiz, with about *skill* right answers of ten; handed in unless *submit* is False."""
    began = now - timedelta(minutes=activity.minutes)
    uuid = quizzes.start_attempt(enrolment_id, activity.key, actor=actor, now=began, chance=chance)
    attempt = quiz_queries.get_attempt(uuid, seen_by=actor)
    items: Mapping[str, Mapping[str, Any]] = quiz_queries.answers_of(attempt)["items"]
    drawn: Sequence[str] = [key for key, _order in attempt.draw]
    right = set(chance.sample(drawn, round(len(drawn) * skill / 10)))
    given = drawn if submit else drawn[: len(drawn) // 2]
    answers = {key: quizzes.Answer(answer(items[key], key in right), seq=1) for key in given}
    quizzes.save_answers(attempt.id, answers, language=actor.language, actor=actor, now=now - timedelta(minutes=1))
    if submit:
        quizzes.submit_attempt(attempt.id, actor=actor, now=now)


def answer(item: Mapping[str, Any], right: bool) -> Any:
    """The best answer to the item, or a plausible wrong one."""
    key, kind = item["key"], item["kind"]
    best = GRADING[kind].best(key)
    if right:
        return best
    if kind == "true_false":
        return not best
    if kind == "numeric":
        return str(int(float(best)) + 1)
    if kind == "single":
        return (best + 1) % len(item["names"])
    if kind == "multiple":
        return best[:-1] or [0]
    return [*best[1:], best[0]]


def _id(actor: Identity) -> int:
    if actor.id is None:
        raise LookupError("nobody")
    return actor.id
