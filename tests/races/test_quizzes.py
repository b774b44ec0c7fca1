"""E08–E12 and V2: starting, saving and handing in by several hands at once; and the same with each guard taken away."""

from __future__ import annotations

import random
import threading
from functools import partial

import pytest
from sqlalchemy import func, select, text, true

from academy.foundation import audit, db
from academy.foundation.errors import Conflict
from academy.progress.models import Completion
from academy.quizzes import actions, queries
from academy.quizzes.actions import Answer
from academy.quizzes.actions import attempts as inside
from academy.quizzes.models import Attempt, Response
from academy.quizzes.rules import grading
from tests.factories import quizzes as make
from tests.factories.accounts import identity_of, make_user
from tests.factories.quizzes import AT, item, quiz
from tests.races.harness import at_once, faults

HANDS = 8
ROUNDS = 6
NUMBERED = "CONSTRAINT uq_attempts_enrolment_id_activity_key_number UNIQUE (enrolment_id, activity_key, number)"
ONE_OPEN = "uq_attempts_one_open ON attempts (enrolment_id, activity_key) WHERE state = 'open'"


class Learner:
    """A learner in a course with a quiz; every act is a unit of work of its own."""

    def __init__(self, database, content=None):
        self.database = database
        with database.write():
            self.edition = make.publish_quiz(content or quiz(item("single"), item("numeric"), passing_score=0.5))
        self.again()

    def again(self):
        """Another learner, who has done nothing yet."""
        with self.database.write():
            user = make_user(password=None)
            self.who = identity_of(user)
            self.enrolment_id = make.enrol(user, self.edition).id

    def start(self):
        with self.database.write():
            return actions.start_attempt(self.enrolment_id, "check-1", actor=self.who, now=AT)

    def attempt(self, uuid):
        with self.database.read():
            return queries.get_attempt(uuid, seen_by=self.who)

    def begin(self):
        return self.attempt(self.start())

    def save(self, attempt, value, seq, key="numeric"):
        with self.database.write():
            return actions.save_answer(attempt.id, key, Answer(value, seq), language="en", actor=self.who, now=AT)

    def submit(self, attempt):
        with self.database.write():
            return actions.submit_attempt(attempt.id, actor=self.who, now=AT)

    def stored(self, attempt):
        with self.database.read():
            return queries.responses_of(attempt.id)

    def count(self, table, *where):
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(table).where(*where))

    def attempts(self):
        return self.count(Attempt, Attempt.enrolment_id == self.enrolment_id)


@pytest.fixture
def learner(app, database):
    return Learner(database)


# Starting -------------------------------------------------------------------------------------------------------------


def test_e08_e09_many_starts_give_one_attempt(learner):
    for _ in range(ROUNDS):
        learner.again()
        started = at_once(*[learner.start] * HANDS)
        assert faults(started) == []
        assert len(set(started)) == 1
        assert learner.attempts() == 1


def looked_before(learner, monkeypatch):
    """Everyone has looked for earlier attempts before anyone starts: as if it were done outside the lock."""
    with learner.database.read():
        past = queries.list_attempts(learner.enrolment_id, "check-1")
    monkeypatch.setattr(inside.queries, "list_attempts", lambda *_: past)


def test_the_index_alone_still_allows_one(learner, monkeypatch):
    looked_before(learner, monkeypatch)
    started = at_once(*[learner.start] * HANDS)
    assert len(faults(started)) == HANDS - 1
    assert learner.attempts() == 1


def drop_uniqueness(database):
    """The table has neither unique index: made again without them, empty as it is."""
    with database.engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("DROP INDEX uq_attempts_one_open"))
        if not database.is_sqlite:
            connection.execute(
                text("ALTER TABLE attempts DROP CONSTRAINT uq_attempts_enrolment_id_activity_key_number")
            )
            return
        wanted = connection.execute(text("SELECT sql FROM sqlite_schema WHERE name = 'attempts'")).scalar_one()
        assert NUMBERED in wanted
        connection.execute(text("DROP TABLE attempts"))
        connection.execute(text(wanted.replace(f"\t{NUMBERED}, \n", "").replace(f", \n\t{NUMBERED}", "")))


@pytest.fixture
def without_uniqueness(database):
    drop_uniqueness(database)
    yield
    if not database.is_sqlite:
        with database.engine.begin() as connection:
            connection.execute(text("TRUNCATE attempts CASCADE"))
            connection.execute(text(f"ALTER TABLE attempts ADD {NUMBERED}"))
            connection.execute(text(f"CREATE UNIQUE INDEX {ONE_OPEN}"))


def test_control_without_lock_and_index_there_are_many(learner, without_uniqueness, monkeypatch):
    looked_before(learner, monkeypatch)
    assert faults(at_once(*[learner.start] * HANDS)) == []
    assert learner.attempts() == HANDS


def start_and_hand_in(learner):
    try:
        uuid = learner.start()
    except Conflict:
        return
    learner.submit(learner.attempt(uuid))


def test_e10_never_more_attempts_than_allowed(app, database):
    learner = Learner(database, quiz(item("single"), attempts=3))
    for _ in range(ROUNDS):
        learner.again()
        for _ in range(3):
            assert faults(at_once(*[partial(start_and_hand_in, learner)] * HANDS)) == []
        assert learner.attempts() == 3


def test_e10_control_a_limit_looked_up_before_is_passed(app, database, without_uniqueness, monkeypatch):
    learner = Learner(database, quiz(item("single"), attempts=3))
    looked_before(learner, monkeypatch)
    at_once(*[partial(start_and_hand_in, learner)] * HANDS)
    assert learner.attempts() > 3


# Handing in -----------------------------------------------------------------------------------------------------------


def ends(learner, attempt):
    """How often the attempt has ended, by its completion and its audit entries."""
    entries = learner.count(
        audit.AuditEntry,
        audit.AuditEntry.object_type == "attempt",
        audit.AuditEntry.object_id == str(attempt.id),
        audit.AuditEntry.action == "quizzes.attempt_submitted",
    )
    return entries, learner.count(Completion, Completion.enrolment_id == learner.enrolment_id)


def test_v2_many_hand_in_and_the_attempt_ends_once(learner):
    for _ in range(ROUNDS):
        learner.again()
        attempt = learner.begin()
        results = at_once(*[partial(learner.submit, attempt)] * HANDS)
        assert sorted(results) == [False] * (HANDS - 1) + [True]
        assert ends(learner, attempt) == (1, 1)


def test_the_conditional_update_alone_still_ends_once(learner, monkeypatch):
    attempt = learner.begin()
    monkeypatch.setattr(inside, "_lock_both", lambda *_: attempt)
    results = at_once(*[partial(learner.submit, attempt)] * HANDS)
    assert faults(results) == []
    assert results.count(True) == 1
    assert ends(learner, attempt) == (1, 1)


def test_control_without_lock_and_condition_it_ends_many_times(learner, monkeypatch):
    attempt = learner.begin()
    monkeypatch.setattr(inside, "_lock_both", lambda *_: attempt)
    monkeypatch.setattr(inside, "_still_open", true)
    results = at_once(*[partial(learner.submit, attempt)] * HANDS)
    assert results.count(True) > 1
    assert ends(learner, attempt)[0] > 1


# Saving against handing in --------------------------------------------------------------------------------------------


class Race:
    """Saves, each newer than the last, while another hand hands in."""

    def __init__(self, learner):
        self.learner, self.attempt = learner, learner.begin()
        self.acknowledged: list[int] = []

    def keep_saving(self):
        for seq in range(1, 12):
            if self.learner.save(self.attempt, str(seq), seq):
                self.acknowledged.append(seq)

    def hand_in(self):
        threading.Event().wait(random.random() * 0.02)  # noqa: S311 - a test may be drawn from a seed
        self.learner.submit(self.attempt)

    def violations(self):
        """Acknowledged answers that were not marked."""
        ended = self.learner.attempt(self.attempt.uuid)
        stored = self.learner.stored(self.attempt)
        with self.learner.database.read():
            given = {key: response.value for key, response in stored.items()}
            grade = grading.grade(queries.answers_of(ended), ended.draw, given)
        newest = stored["numeric"].seq if "numeric" in stored else 0
        lost = [f"lost {seq}" for seq in self.acknowledged if seq > newest]
        return lost if grade.to_json() == ended.grade else [*lost, "marked without an acknowledged answer"]


def test_e11_what_was_acknowledged_is_marked(learner):
    for _ in range(ROUNDS * 2):
        learner.again()
        race = Race(learner)
        assert faults(at_once(race.keep_saving, race.hand_in)) == []
        assert race.violations() == []
        assert learner.save(race.attempt, "99", 99) is None


def test_e11_control_a_state_looked_up_before_loses_answers(learner, monkeypatch):
    """The saver has seen the attempt open, then it is handed in, then the answer is stored and acknowledged."""
    race = Race(learner)
    race.hand_in()
    monkeypatch.setattr(inside.rules, "state", lambda *_: "open")
    assert learner.save(race.attempt, "2.5", 1) is True
    race.acknowledged.append(1)
    assert race.violations() == ["marked without an acknowledged answer"]


# Old after new --------------------------------------------------------------------------------------------------------


def test_e12_the_newest_answer_stays_in_whatever_order_they_come(learner):
    for _ in range(ROUNDS):
        learner.again()
        attempt = learner.begin()
        hands = [partial(learner.save, attempt, str(seq), seq) for seq in range(1, HANDS + 1)]
        random.shuffle(hands)
        results = at_once(*hands)
        assert faults(results) == []
        newest = learner.stored(attempt)["numeric"]
        assert (newest.value, newest.seq) == (str(HANDS), HANDS)


def test_e12_control_without_the_sequence_an_older_answer_wins(learner, monkeypatch):
    attempt = learner.begin()

    def last_wins(table, values, *, conflict, by):
        return db.upsert(table, values, conflict=conflict)

    monkeypatch.setattr(inside.db, "upsert_newest", last_wins)
    learner.save(attempt, "2", 2)
    learner.save(attempt, "1", 1)
    assert learner.stored(attempt)["numeric"].value == "1"
    assert learner.count(Response) == 1
