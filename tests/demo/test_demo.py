"""The demo academy: a believable past, made by the academy's own actions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy import demo
from academy.accounts.models import User
from academy.certificates import queries as certificates
from academy.certificates.models import Certificate
from academy.courses.formats.package_files import read_files
from academy.courses.packages import read_package, write_package
from academy.demo.past import answer, identity_of
from academy.demo.people import ACCOUNTS, LEARNER, LEARNER_2, LEARNERS
from academy.enrolments.models import Enrolment
from academy.foundation import clock, db
from academy.foundation.audit import AuditEntry
from academy.foundation.mail import Mail
from academy.progress.models import Completion
from academy.quizzes.kinds.grading import GRADING
from academy.settings import Settings

PACKAGE = demo.COURSES / "document-fraud"


@pytest.fixture
def built(app: Flask, settings: Settings, tmp_path: Path) -> Settings:
    own = replace(settings, data=tmp_path, demo=True)
    with db.current().write():
        demo.accounts.seed_states()
    demo.build(own)
    return own


def test_the_past_is_believable(built: Settings) -> None:
    assert demo.is_complete(built)
    with db.current().read() as session:
        people = session.scalar(select(func.count()).select_from(User))
        assert people == len(ACCOUNTS) + 2 + len(LEARNERS)
        kinds = Counter(session.scalars(select(Enrolment.status)))
        assert kinds["completed"] >= 20
        assert kinds["active"] >= 10
        assert kinds["withdrawn"] == 1
        papers = Counter(session.scalars(select(Certificate.status)))
        assert papers["replaced"] == papers["revoked"] == 1
        assert papers["valid"] >= 15
        waiting = certificates.waiting_for_issue(seen_by=identity_of(ACCOUNTS[0]))
        assert sum(not candidate.obstacles for candidate in waiting) >= 3
        assert sum(bool(candidate.obstacles) for candidate in waiting) >= 2
        newest = session.scalar(select(func.max(AuditEntry.at)))
        assert newest is not None
        assert newest <= clock.now()
        assert not session.scalar(select(func.count()).select_from(Mail).where(Mail.state != "sent"))


def test_the_learner_of_the_tour_stands_in_module_three(built: Settings) -> None:
    with db.current().read() as session:
        learner = identity_of(LEARNER)
        done = session.scalars(
            select(Completion.activity_key).join(Enrolment).where(Enrolment.user_id == learner.id)
        ).all()
        second = session.scalars(
            select(Completion.activity_key).join(Enrolment).where(Enrolment.user_id == identity_of(LEARNER_2).id)
        ).all()
    assert "look-feel-tilt" in done
    assert "final-test" not in done
    assert second == []


def test_the_welcome_names_every_account(built: Settings) -> None:
    words = demo.welcome(built, seconds=1.0)
    assert all(person.email in words for person in (LEARNER, LEARNER_2, *ACCOUNTS))


def test_the_course_package_has_no_fault_and_comes_back_byte_for_byte() -> None:
    files = read_files(PACKAGE)
    read = read_package(files, ("en", "ru"))
    assert [str(fault) for fault in read.faults if not fault.warning] == []
    assert read.package is not None
    written = write_package(read.package.draft, read.package.media, ("en", "ru"))
    assert sorted(written) == sorted(files)
    assert [name for name in files if files[name] != written[name]] == []


@pytest.mark.parametrize("kind", sorted(GRADING))
def test_a_plausible_wrong_answer_is_wrong(kind: str) -> None:
    keys = {
        "single": 0,
        "multiple": {"right": [0, 2], "of": 4},
        "true_false": True,
        "ordering": [2, 1, 3],
        "matching": [1, 0, 2],
        "numeric": {"answer": "3", "tolerance": "0"},
    }
    item = {"kind": kind, "key": keys[kind], "names": ["a", "b", "c", "d"]}
    assert GRADING[kind].share(item["key"], answer(item, right=True)) == 1
    assert GRADING[kind].share(item["key"], answer(item, right=False)) < 1
