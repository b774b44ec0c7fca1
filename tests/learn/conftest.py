"""A published course and people who may or may not read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from academy.foundation import db
from tests.factories.accounts import make_user
from tests.factories.courses import Published, published_course
from tests.factories.enrolments import make_enrolment

LEARNER, STRANGER, TRAINER = "learner@ministry.example", "stranger@ministry.example", "trainer@ministry.example"


@pytest.fixture
def course(app: Any, database: db.Database) -> Published:
    """A course of two modules; LEARNER is in it, STRANGER is not, TRAINER looks after it."""
    with database.write():
        course = published_course()
        make_enrolment(make_user(LEARNER, time_zone="Asia/Dushanbe"), course)
        make_user(STRANGER)
        make_user(TRAINER, role="trainer", scope="course", scope_id=course.code)
    return course


@contextmanager
def counting(database: db.Database) -> Iterator[list[str]]:
    """The SELECT statements that run inside the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "INSERT")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
