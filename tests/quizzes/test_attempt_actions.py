"""Starting, saving, ending: on the database."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select

from academy.courses import queries as courses
from academy.enrolments import actions as enrolments
from academy.enrolments.models import EnrolmentStatus
from academy.foundation import audit, db
from academy.foundation.errors import Conflict, NotFound
from academy.foundation.security import ANONYMOUS, SYSTEM
from academy.progress.models import Completion
from academy.quizzes import actions, jobs, queries
from academy.quizzes.actions import Answer
from academy.quizzes.models import Attempt, Response
from academy.quizzes.rules import grading
from academy.quizzes.rules.attempts import GRACE
from tests.factories import quizzes as make
from tests.factories.accounts import identity_of, make_user
from tests.factories.quizzes import AT, item, quiz

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class Place:
    """A learner in a course whose only activity is the quiz."""

    def __init__(self, content=None, **given):
        self.edition = make.publish_quiz(content, **given)
        self.user = make_user()
        self.who = identity_of(self.user)
        self.enrolment = make.enrol(self.user, self.edition)

    def start(self, at=AT):
        return make.start(self.enrolment, self.who, at=at)

    def save(self, attempt, key="single", value=1, seq=1, at=AT, language="en", who=None):
        return actions.save_answer(
            attempt.id, key, Answer(value, seq), language=language, actor=who or self.who, now=at
        )

    def submit(self, attempt, at=AT):
        return actions.submit_attempt(attempt.id, actor=self.who, now=at)

    def again(self, attempt):
        return queries.get_attempt(attempt.uuid, seen_by=self.who)

    def completion(self):
        return db.session.execute(
            select(Completion.score, Completion.passed).where(Completion.enrolment_id == self.enrolment.id)
        ).first()


def audited():
    db.session.flush()
    return db.session.scalars(
        select(audit.AuditEntry.action).where(audit.AuditEntry.object_type == "attempt").order_by(audit.AuditEntry.id)
    ).all()


def test_a_start_writes_down_everything_that_chance_and_time_decide(writing):
    place = Place(quiz(shuffle_items=True, time_limit_minutes=20))
    uuid = actions.start_attempt(place.enrolment.id, "check-1", actor=place.who, now=AT, chance=random.Random(3))  # noqa: S311 - a test may be drawn from a seed
    attempt = queries.get_attempt(uuid, seen_by=place.who)
    assert attempt.state == "open"
    assert attempt.number == 1
    assert attempt.edition_id == place.edition.id
    assert attempt.deadline_at == AT + 20 * MINUTE
    assert attempt.started_at == AT
    assert sorted(key for key, _ in attempt.draw) == sorted(i.key for i in quiz().items)
    assert [sorted(order) for key, order in attempt.draw if key == "multiple"] == [[0, 1, 2, 3]]
    assert attempt.edition.id == place.edition.id
    assert audited() == ["quizzes.attempt_started"]


def test_e08_e09_a_second_start_gives_the_same_attempt(writing):
    place = Place()
    assert place.start().uuid == place.start(AT + HOUR).uuid
    assert audited() == ["quizzes.attempt_started"]


def test_what_is_no_quiz_or_not_ones_own_cannot_be_started(writing):
    place = Place()
    stranger = identity_of(make_user())
    for key, who in (("nothing", place.who), ("check-1", stranger), ("check-1", ANONYMOUS)):
        with pytest.raises(NotFound):
            actions.start_attempt(place.enrolment.id, key, actor=who, now=AT)
    with pytest.raises(NotFound):
        actions.start_attempt(99999, "check-1", actor=place.who, now=AT)


def test_a_lesson_is_not_started_as_a_quiz(writing, monkeypatch):
    place = Place()
    edition = courses.get_edition(place.edition.id)
    module = edition.modules[0]
    lesson = replace(module, activities=(replace(module.activities[0], kind="lesson"),))
    monkeypatch.setattr(courses, "get_edition", lambda _id: replace(edition, modules=(lesson,)))
    with pytest.raises(NotFound):
        place.start()


def test_after_withdrawing_nothing_is_started_saved_or_handed_in(writing):
    place = Place()
    attempt = place.start()
    place.enrolment.status, place.enrolment.withdrawn_at = EnrolmentStatus.WITHDRAWN, AT
    db.session.flush()
    for act in (place.start, lambda: place.save(attempt)):
        with pytest.raises(Conflict) as refusal:
            act()
        assert refusal.value.code == "not_active"


def test_an_attempt_left_by_withdrawing_still_ends_but_counts_for_nothing(writing):
    place = Place(quiz(item("single"), time_limit_minutes=10))
    attempt = place.start()
    place.enrolment.status, place.enrolment.withdrawn_at = EnrolmentStatus.WITHDRAWN, AT
    db.session.flush()
    assert actions.close_if_overdue(attempt.id, actor=SYSTEM, now=AT + HOUR)
    assert place.again(attempt).state == "expired"
    assert place.completion() is None


def test_attempts_are_limited(writing):
    place = Place(quiz(item("single"), attempts=2))
    for number in (1, 2):
        attempt = place.start()
        assert attempt.number == number
        place.submit(attempt)
    with pytest.raises(Conflict) as refusal:
        place.start()
    assert refusal.value.code == "none_left"


def test_e18_enrolling_again_does_not_give_the_attempts_back(writing):
    place = Place(quiz(item("single"), attempts=1, passing_score=0.5))
    place.submit(place.start())
    enrolments.withdraw(place.enrolment.id, actor=place.who, now=AT)
    again = enrolments.enrol(place.user.id, place.edition.course_id, actor=place.who, now=AT)
    with pytest.raises(Conflict, match="none_left"):
        make.start(again, place.who)


def test_the_waiting_time_is_kept(writing):
    place = Place(quiz(item("single"), wait_hours=24, passing_score=1.0))
    place.submit(place.start())
    with pytest.raises(Conflict) as refusal:
        place.start(AT + 24 * HOUR - SECOND)
    assert refusal.value.code == "wait"
    assert place.start(AT + 24 * HOUR).number == 2


def test_an_answer_is_stored_with_its_language_and_time(writing):
    place = Place()
    attempt = place.start()
    assert place.save(attempt, value=2, seq=1, language="ru", at=AT + SECOND) is True
    row = db.session.execute(select(Response.value, Response.seq, Response.language, Response.saved_at)).one()
    assert tuple(row) == (2, 1, "ru", AT + SECOND)


def test_an_answer_can_be_taken_back(writing):
    place = Place()
    attempt = place.start()
    place.save(attempt, value=1, seq=1)
    place.save(attempt, value=None, seq=2)
    assert queries.responses_of(attempt.id)["single"].value is None


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_e12_an_older_save_never_overwrites_a_newer(writing, order):
    place = Place()
    attempt = place.start()
    newest = 0
    for seq in order:
        assert place.save(attempt, value=seq % 3, seq=seq) is (seq > newest)
        newest = max(newest, seq)
    assert queries.responses_of(attempt.id)["single"].value == 0
    assert queries.responses_of(attempt.id)["single"].seq == 3


def test_the_same_save_again_changes_nothing(writing):
    place = Place()
    attempt = place.start()
    assert place.save(attempt, value=1, seq=5) is True
    assert place.save(attempt, value=2, seq=5) is False
    assert queries.responses_of(attempt.id)["single"].value == 1


def test_e14_an_answer_to_what_was_not_drawn_is_refused(writing):
    place = Place(quiz(item("single", "one"), item("single", "two"), draw=1))
    attempt = place.start()
    other = ({"one", "two"} - {attempt.draw[0][0]}).pop()
    for key in (other, "nothing"):
        with pytest.raises(NotFound):
            place.save(attempt, key)
    assert queries.responses_of(attempt.id) == {}


def test_a01_nobody_saves_or_submits_for_another(writing):
    place = Place()
    attempt = place.start()
    stranger = identity_of(make_user(role="admin"))
    with pytest.raises(NotFound):
        place.save(attempt, who=stranger)
    with pytest.raises(NotFound):
        actions.submit_attempt(attempt.id, actor=stranger, now=AT)
    with pytest.raises(NotFound):
        queries.get_attempt(attempt.uuid, seen_by=stranger)
    with pytest.raises(NotFound):
        actions.save_answer(99999, "single", Answer(1, 1), language="en", actor=place.who, now=AT)
    with pytest.raises(NotFound):
        actions.submit_attempt(99999, actor=place.who, now=AT)


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ([("single", 1, "ru"), ("numeric", "5", "ru")], "ru"),
        ([("single", 1, "ru"), ("numeric", "5", "en")], None),
        ([("single", 1, "ru"), ("numeric", None, "en")], "ru"),
        ([("single", 1, "kk")], "en"),
        ([], None),
    ],
)
def test_the_record_says_in_which_language_it_was_answered(writing, answered, expected):
    """One of several is none; a language that the quiz does not have was read in the source language."""
    place = Place()
    attempt = place.start()
    for key, value, language in answered:
        place.save(attempt, key, value=value, language=language)
    place.submit(attempt)
    assert db.session.scalars(select(Completion.language)).one() == expected


def test_submitting_grades_and_completes_once(writing):
    place = Place(quiz(passing_score=0.9))
    attempt = place.start()
    make.answer_all(attempt, place.who)
    assert place.submit(attempt, AT + HOUR) is True
    ended = place.again(attempt)
    assert (ended.state, ended.score, ended.passed, ended.ended_at) == ("submitted", 1.0, True, AT + HOUR)
    assert tuple(place.completion()) == (1.0, True)
    assert place.submit(attempt, AT + 2 * HOUR) is False
    assert place.again(attempt) == ended
    assert audited() == ["quizzes.attempt_started", "quizzes.attempt_submitted"]


def test_v2_the_grade_can_be_computed_again_from_the_responses(writing):
    place = Place(quiz(passing_score=0.5))
    attempt = place.start()
    place.save(attempt, "single", 1)
    place.save(attempt, "multiple", [0])
    place.submit(attempt)
    ended = place.again(attempt)
    given = {key: response.value for key, response in queries.responses_of(attempt.id).items()}
    again = grading.grade(queries.answers_of(ended), ended.draw, given)
    assert again.to_json() == ended.grade
    assert (again.score, again.passed) == (ended.score, ended.passed)


def test_a_quiz_with_pass_mark_is_done_only_when_passed(writing):
    place = Place(quiz(passing_score=0.5))
    place.submit(place.start())
    assert tuple(place.completion()) == (0.0, False)
    attempt = place.start()
    make.answer_all(attempt, place.who)
    place.submit(attempt)
    assert tuple(place.completion()) == (1.0, True)


def test_a_quiz_without_pass_mark_is_done_by_handing_in(writing):
    place = Place(quiz(purpose="pre"))
    place.submit(place.start())
    assert tuple(place.completion()) == (0.0, None)


def test_after_the_end_nothing_is_saved(writing):
    place = Place()
    attempt = place.start()
    place.submit(attempt)
    assert place.save(attempt) is None
    assert queries.responses_of(attempt.id) == {}


def test_e07_saves_are_taken_until_the_grace_is_over(writing):
    place = Place(quiz(item("single"), time_limit_minutes=10))
    attempt = place.start()
    deadline = AT + 10 * MINUTE
    assert place.save(attempt, seq=1, at=deadline + GRACE) is True
    assert place.save(attempt, seq=2, at=deadline + GRACE + SECOND) is None
    assert queries.responses_of(attempt.id)["single"].seq == 1


def test_e06_who_never_hands_in_is_marked_by_what_was_saved_in_time(writing):
    place = Place(quiz(item("single"), item("true_false"), time_limit_minutes=10, passing_score=0.5))
    attempt = place.start()
    place.save(attempt, at=AT + MINUTE)
    assert place.submit(attempt, AT + 5 * HOUR) is True
    ended = place.again(attempt)
    assert (ended.state, ended.score, ended.passed) == ("expired", 0.5, True)
    assert ended.ended_at == AT + 10 * MINUTE
    assert place.completion().passed is True
    assert "quizzes.attempt_expired" in audited()


def test_close_if_overdue_leaves_a_running_attempt_alone(writing):
    place = Place(quiz(item("single"), time_limit_minutes=10))
    attempt = place.start()
    assert not actions.close_if_overdue(attempt.id, actor=place.who, now=AT)
    assert place.again(attempt).state == "open"


def test_a_start_ends_the_overdue_attempt_before_it(writing):
    place = Place(quiz(item("single"), time_limit_minutes=10))
    first = place.start()
    second = place.start(AT + HOUR)
    assert place.again(first).state == "expired"
    assert (second.number, second.state) == (2, "open")


def test_the_sweep_ends_what_is_overdue_and_nothing_else(app, database):
    with database.write():
        timed = Place(quiz(item("single"), time_limit_minutes=10))
        overdue = timed.start()
        timed.save(overdue)
        running = Place(quiz(item("single"), time_limit_minutes=600)).start()
        endless = Place().start()
    jobs.close_overdue(AT + 10 * MINUTE + GRACE)
    with database.read():
        assert timed.again(overdue).state == "open"
    jobs.close_overdue(AT + 10 * MINUTE + GRACE + SECOND)
    jobs.close_overdue(AT + 2 * HOUR)
    with database.read() as session:
        states = dict(session.execute(select(Attempt.id, Attempt.state)).all())
        assert states == {overdue.id: "expired", running.id: "open", endless.id: "open"}
        assert (
            session.scalar(
                select(func.count())
                .select_from(audit.AuditEntry)
                .where(audit.AuditEntry.action == "quizzes.attempt_expired")
            )
            == 1
        )


def test_one_attempt_that_cannot_be_ended_does_not_keep_others_open(app, database, monkeypatch, caplog):
    with database.write():
        places = [Place(quiz(item("single"), time_limit_minutes=10)) for _ in range(3)]
        attempts = [place.start() for place in places]
    close = actions.close_if_overdue

    def failing(attempt_id, **given):
        if attempt_id == attempts[0].id:
            raise RuntimeError("broken")
        return close(attempt_id, **given)

    monkeypatch.setattr(actions, "close_if_overdue", failing)
    jobs.close_overdue(AT + HOUR)
    with database.read():
        assert [place.again(attempt).state for place, attempt in zip(places, attempts, strict=True)] == [
            "open",
            "expired",
            "expired",
        ]
    assert "could not be ended" in caplog.text


def test_e17_an_attempt_is_marked_by_the_key_it_was_shown_under(app, database):
    with database.write():
        place = Place(quiz(item("single")))
        attempt = place.start()
        place.save(attempt, value=1)
        changed = make.draft(quiz(item("single", choices=make.choices("abc", right="a"))))
        make.publish(make.course_draft(changed), before=place.edition)
        place.enrolment.structure = 2
    with database.write():
        place.submit(attempt)
        assert place.again(attempt).score == 1.0
        assert place.again(attempt).edition_id == place.edition.id
        second = place.start()
        assert second.edition_id != place.edition.id
        place.save(second, value=1)
        place.submit(second)
        assert place.again(second).score == 0.0


def test_attempts_of_others_and_other_quizzes_are_not_counted(writing):
    content = quiz(item("single"), attempts=1)
    edition = make.publish(make.course_draft(make.draft(content), make.draft(content, key="check-2")))
    user = make_user()
    who, enrolment = identity_of(user), make.enrol(user, edition)
    other = make_user()
    first = make.start(make.enrol(other, edition), identity_of(other))
    actions.submit_attempt(first.id, actor=identity_of(other), now=AT)
    for key in ("check-1", "check-2"):
        attempt = make.start(enrolment, who, key=key)
        assert attempt.number == 1
        actions.submit_attempt(attempt.id, actor=who, now=AT)


def test_an_edition_without_answers_cannot_be_graded(writing, monkeypatch):
    place = Place()
    attempt = place.start()
    edition = courses.get_edition(place.edition.id)
    module = edition.modules[0]
    keyless = replace(module, activities=(replace(module.activities[0], answers=None),))
    monkeypatch.setattr(courses, "get_edition", lambda _id: replace(edition, modules=(keyless,)))
    with pytest.raises(NotFound):
        queries.answers_of(attempt)


def test_an_item_without_an_answer_has_no_newest_one(writing):
    place = Place()
    attempt = place.start()
    with pytest.raises(NotFound):
        queries.newest_answer(attempt, queries.drawn_item(attempt, 1))
