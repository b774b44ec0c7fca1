"""Several at once: one certificate for one completion, one number for one certificate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.certificates import actions
from academy.certificates.models import Certificate, CertificateStatus, NumberSeries
from academy.foundation import db
from academy.foundation.errors import Conflict
from academy.foundation.security import OPERATOR, SYSTEM
from tests.conftest import NOW
from tests.factories.certificates import make_certificate, make_completed

AT_ONCE = 8


def at_once(app: Flask, jobs: list[tuple[str, int]]) -> list[str]:
    """Runs (what, id) in threads that start together; gives a number or the code of the refusal for each."""
    barrier = Barrier(len(jobs))

    def run(job: tuple[str, int]) -> str:
        what, row_id = job
        with app.app_context():
            barrier.wait()
            try:
                with db.current().write():
                    if what == "issue":
                        return actions.issue(row_id, actor=OPERATOR, now=NOW).number
                    if what == "automatic":
                        certificate = actions.issue_if_automatic(row_id, actor=SYSTEM, now=NOW)
                        return certificate.number if certificate else "none"
                    names = {"name_latin": "Nino", "name_cyrillic": ""}
                    return actions.replace(row_id, **names, reason="x", actor=OPERATOR, now=NOW).number
            except Conflict as refusal:
                return refusal.code

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_one_completion_has_one_certificate(app: Flask, database: db.Database) -> None:
    with database.write():
        enrolment = make_completed()
    kinds = ["issue", "automatic"] * (AT_ONCE // 2)
    assert at_once(app, [(kind, enrolment.id) for kind in kinds]) == ["TA-2026-000001"] * AT_ONCE
    with database.read():
        assert db.session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_every_certificate_has_its_own_number(app: Flask, database: db.Database) -> None:
    with database.write():
        enrolments = [make_completed().id for _ in range(AT_ONCE)]
    numbers = at_once(app, [("issue", enrolment_id) for enrolment_id in enrolments])
    assert sorted(numbers) == [f"TA-2026-{n:06d}" for n in range(1, AT_ONCE + 1)]


def test_one_certificate_is_replaced_once(app: Flask, database: db.Database) -> None:
    with database.write():
        certificate = make_certificate()
    answers = at_once(app, [("replace", certificate.id)] * AT_ONCE)
    assert sorted(answers) == sorted(["TA-2026-000002"] + ["not_valid"] * (AT_ONCE - 1))
    with database.read():
        valid = select(Certificate.number).where(Certificate.status == CertificateStatus.VALID)
        assert db.session.scalars(valid).all() == ["TA-2026-000002"]
        assert db.session.scalar(select(NumberSeries.last)) == 2


def test_the_control_clashes(app: Flask, database: db.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that comes twice is refused by the table, whoever takes it."""

    monkeypatch.setattr("academy.certificates.actions.rows.take_number", lambda _series, *, now: f"TA-{now.year}-1")
    with database.write():
        first, second = make_completed(), make_completed()
        actions.issue(first.id, actor=OPERATOR, now=NOW)
    with pytest.raises(Exception, match=r"(?i)unique"), database.write():
        actions.issue(second.id, actor=OPERATOR, now=NOW)
