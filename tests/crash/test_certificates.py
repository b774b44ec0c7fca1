"""Issuing a certificate, killed at every statement: nothing is issued twice, no number comes again, nothing is lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select

from academy.certificates import actions
from academy.certificates.actions.rows import take_number
from academy.certificates.models import Certificate, CertificateEvent, CertificatePerson, NumberSeries
from academy.enrolments.models import Enrolment
from academy.foundation import db
from academy.foundation.mail import Mail
from academy.foundation.security import OPERATOR
from tests.conftest import NOW
from tests.factories.certificates import make_completed

KILLED = 77
Work = Callable[[db.Database, list[int]], None]


def issue(database: db.Database, enrolments: list[int]) -> None:
    """What the command does: each certificate in a unit of work of its own."""
    for enrolment_id in enrolments:
        with database.write():
            actions.issue(enrolment_id, actor=OPERATOR, now=NOW)


def issue_in_pieces(database: db.Database, enrolments: list[int]) -> None:
    """The control: the number is committed apart from the certificate, and what is there is not looked at."""
    for enrolment_id in enrolments:
        with database.write():
            number = take_number("TA", now=NOW)
        with database.write() as session:
            row = session.get_one(Enrolment, enrolment_id)
            session.add(
                Certificate(
                    enrolment_id=enrolment_id,
                    user_id=row.user_id,
                    course_id=row.course_id,
                    number=number,
                    code=os.urandom(13).hex(),
                    kind="completion",
                    snapshot={},
                    issued_at=NOW,
                )
            )


def run_and_die(database: db.Database, work: Work, enrolments: list[int], *, at: int) -> bool:
    """Runs the work in a process that is killed before its statement number *at*; True when it finished first."""
    database.engine.dispose()
    child = os.fork()
    if child == 0:
        seen = 0

        def count(*_arguments: Any) -> None:
            nonlocal seen
            seen += 1
            if seen == at:
                os._exit(KILLED)

        try:
            for name in ("before_cursor_execute", "commit"):
                event.listen(database.engine, name, count)
            work(database, enrolments)
        except BaseException:  # noqa: BLE001 - whatever it is, the parent must know
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, KILLED), f"the work failed by itself with {code}"
    return code == 0


def faults(database: db.Database, enrolments: list[int], *, finished: bool) -> list[str]:
    """What is wrong with the register."""
    with database.read() as session:
        certificates = session.scalars(select(Certificate).order_by(Certificate.id)).all()
        people = set(session.scalars(select(CertificatePerson.certificate_id)))
        events = session.scalars(select(CertificateEvent.certificate_id)).all()
        last = session.scalar(select(NumberSeries.last)) or 0
        mails = len(session.scalars(select(Mail)).all())
    found = []
    issued = [c.enrolment_id for c in certificates]
    if len(issued) != len(set(issued)):
        found.append("issued twice")
    if [c.number for c in certificates] != [f"TA-2026-{n:06d}" for n in range(1, last + 1)]:
        found.append("numbers and certificates do not match")
    if people != {c.id for c in certificates} or sorted(events) != sorted(people):
        found.append("a certificate without its name or event")
    if mails != len(certificates):
        found.append("mails and certificates do not match")
    if finished and sorted(issued) != sorted(enrolments):
        found.append("somebody has no certificate")
    return found


def crash_everywhere(database: db.Database, work: Work) -> tuple[int, list[str]]:
    """Kills the work at each of its statements, each time on new people, then lets it finish; (kills, all faults)."""
    found: list[str] = []
    everybody: list[int] = []
    at = 0
    while True:
        at += 1
        with database.write():
            people = [make_completed().id]
        everybody += people
        done = run_and_die(database, work, people, at=at)
        found += [f"after a kill at {at}: {fault}" for fault in faults(database, everybody, finished=False)]
        if not done:
            run_and_die(database, work, people, at=0)
        found += [f"after the retry of {at}: {fault}" for fault in faults(database, everybody, finished=True)]
        if done or found:
            return at - 1, found


@pytest.fixture
def open_database(app: Any, database: db.Database) -> db.Database:
    return database


def test_killed_anywhere(open_database: db.Database) -> None:
    kills, found = crash_everywhere(open_database, issue)
    assert found == []
    assert kills >= 12, "the work has more statements than that"


def test_the_search_finds_what_is_wrong(open_database: db.Database) -> None:
    _, found = crash_everywhere(open_database, issue_in_pieces)
    assert found
