"""G3, V1, V2, V8: a process may die at any moment of saving and handing in; no acknowledged answer is lost, an
attempt ends once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import g
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from academy.foundation import audit, clock, db
from academy.foundation.db.database import _as_running
from academy.progress import actions as progress
from academy.progress.models import Completion
from academy.quizzes import actions, queries, views
from academy.quizzes.models import Attempt
from academy.quizzes.rules import grading
from tests.crash.harness import Lost, Run, die_everywhere
from tests.factories import quizzes as make
from tests.factories.accounts import identity_of, make_user, sign_in
from tests.factories.quizzes import item, quiz


@dataclass(frozen=True)
class Sitting:
    """A learner with an open attempt and a sign-in."""

    who: Any
    token: str
    uuid: str
    enrolment_id: int


class Desk:
    """Prepares sittings, does the work through the doors, and looks at what is left."""

    def __init__(self, app, client, database):
        self.app, self.client, self.database = app, client, database
        with database.write():
            content = quiz(item("single"), item("numeric"), passing_score=0.5)
            self.edition = make.publish_quiz(content)

    def prepare(self) -> Sitting:
        with self.database.write():
            user = make_user(password=None)
            who = identity_of(user)
            enrolment = make.enrol(user, self.edition)
            uuid = actions.start_attempt(enrolment.id, "check-1", actor=who, now=clock.now())
        return Sitting(who, sign_in(who), uuid, enrolment.id)

    def sit(self, sitting: Sitting, acknowledge) -> None:
        """Saves some answers, one of them anew, and hands in."""
        self.client.set_cookie("academy", sitting.token)
        base = f"/en/attempts/{sitting.uuid}"
        for number, value, seq in ((1, "0", 1), (2, "7", 1), (2, "2.5", 2)):
            answer = self.client.put(f"{base}/answers/{number}", json={"value": value, "seq": seq})
            assert answer.status_code == 200, answer.text
            acknowledge({"number": number, "seq": seq})
        assert self.client.post(f"{base}/submit").status_code == 303
        acknowledge("handed in")

    def check(self, sitting: Sitting, run: Run) -> None:
        with self.database.read():
            attempt = queries.get_attempt(sitting.uuid, seen_by=sitting.who)
            given = queries.responses_of(attempt.id)
            for said in run.acknowledged:
                if said == "handed in":
                    _require(attempt.state == "submitted", run, "was acknowledged as handed in")
                else:
                    stored = given.get(attempt.draw[said["number"] - 1][0])
                    _require(stored is not None and stored.seq >= said["seq"], run, f"lost {said}")
            self._check_whole(attempt, run)
        with self.database.write():
            again = actions.submit_attempt(attempt.id, actor=sitting.who, now=clock.now())
        _require(again is (attempt.state == "open"), run, "ended twice or never")
        with self.database.read():
            self._check_whole(queries.get_attempt(sitting.uuid, seen_by=sitting.who), run)

    def _check_whole(self, attempt: queries.AttemptView, run: Run) -> None:
        """Either nothing or everything of the end is there, and the grade is that of the stored answers."""
        ended = int(attempt.state != "open")
        done = _count(Completion, Completion.enrolment_id == attempt.enrolment_id)
        entries = _count(
            audit.AuditEntry,
            audit.AuditEntry.object_type == "attempt",
            audit.AuditEntry.object_id == str(attempt.id),
            audit.AuditEntry.action == "quizzes.attempt_submitted",
        )
        _require(
            (done, entries) == (ended, ended), run, f"{attempt.state} with {done} completions and {entries} entries"
        )
        if ended:
            values = {key: response.value for key, response in queries.responses_of(attempt.id).items()}
            grade = grading.grade(queries.answers_of(attempt), attempt.draw, values)
            _require((grade.score, grade.to_json()) == (attempt.score, attempt.grade), run, "another grade")


def _count(table: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def _require(holds: bool, run: Run, words: str) -> None:
    if not holds:
        raise Lost(f"killed at event {run.point}: {words}")


@pytest.fixture
def desk(app, client, database):
    return Desk(app, client, database)


def test_nothing_acknowledged_is_lost_wherever_the_process_dies(desk, database):
    points = die_everywhere(database, prepare=desk.prepare, work=desk.sit, check=desk.check)
    assert points > 60
    with database.read():
        assert _count(Attempt, Attempt.state == "open") == 0


def test_control_acknowledging_before_the_commit_is_seen(desk, database, monkeypatch):
    """Without the durable commit before the answer the same harness finds a loss."""
    late: list[Session] = []

    @contextmanager
    def commits_later() -> Iterator[Session]:
        while late:
            late.pop().commit()
        g.reading.rollback()
        session = Session(db.current()._writing, expire_on_commit=False)
        late.append(session)
        with _as_running(session):
            session.info["writing"] = True
            yield session
            session.flush()

    monkeypatch.setattr(views.web, "unit_of_work", commits_later)
    with pytest.raises(Lost, match="lost"):
        die_everywhere(database, prepare=desk.prepare, work=desk.sit, check=desk.check)


def test_control_two_transactions_for_one_end_are_seen(desk, database, monkeypatch):
    """With the completion in a transaction of its own the same harness finds an end without it."""
    complete = progress.complete_activity

    def apart(*given: Any, **named: Any) -> None:
        def effect() -> None:
            with db.current().write():
                complete(*given, **named)

        db.after_commit(effect)

    monkeypatch.setattr(progress, "complete_activity", apart)
    with pytest.raises(Lost, match="with 0 completions"):
        die_everywhere(database, prepare=desk.prepare, work=desk.sit, check=desk.check, first=60)
