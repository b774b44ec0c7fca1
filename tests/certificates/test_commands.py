"""``academy certificate`` at the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from academy.certificates import actions
from academy.certificates.cli import certificate as group
from academy.certificates.models import Certificate
from academy.courses.models import Course
from academy.foundation import commands, db
from academy.foundation.audit import AuditEntry
from academy.foundation.security import OPERATOR, format_code
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.factories.certificates import make_certificate, make_completed, make_edition

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setattr(commands, "_open", lambda _settings: app)
    monkeypatch.setattr(commands, "settings_for", lambda _data, **_given: app.extensions["academy"])
    return lambda *words: CliRunner().invoke(group, [*words])


def answer(result: Result) -> Any:
    return json.loads(result.stdout)


def made(database: db.Database) -> Certificate:
    with database.write():
        return make_certificate(make_completed(make_user(name_latin="Nino Beridze")))


def code_of(course_id: int, database: db.Database) -> str:
    with database.read():
        return db.session.scalars(select(Course.code).where(Course.id == course_id)).one()


def test_list(run: Run, database: db.Database) -> None:
    assert "No certificates" in run("list").stdout
    first, second = made(database), made(database)
    with database.write():
        actions.revoke(first.id, reason="x", actor=OPERATOR, now=NOW)
    assert answer(run("list", "--json")) == [
        {
            "code": format_code(c.code),
            "number": c.number,
            "status": status,
            "course": code_of(c.course_id, database),
            "issued_at": "2026-03-09T10:00:00+00:00",
        }
        for c, status in ((second, "valid"), (first, "revoked"))
    ]
    assert [c["number"] for c in answer(run("list", "--json", "--status", "revoked"))] == [first.number]
    course = code_of(second.course_id, database)
    assert [c["number"] for c in answer(run("list", "--json", "--course", course))] == [second.number]
    assert second.number in run("list").stdout


def test_issue_for_a_course(run: Run, database: db.Database) -> None:
    with database.write():
        edition = make_edition(code="QUE", issue="queue")
        make_completed(edition=edition)
        unnamed = make_completed(make_user(name_confirmed_at=None), edition)
        make_completed()
    result = run("issue", "--course", "QUE", "--json")
    assert result.exit_code == 1, "one was refused"
    report = answer(result)
    assert (len(report["taken"]), report["changed"]) == (1, [])
    assert report["refused"] == [{"where": unnamed.uuid, "why": "name_not_confirmed"}]
    again = run("issue", "--course", "QUE", "--json")
    assert answer(again)["taken"] == []
    with database.read():
        assert db.session.scalars(select(AuditEntry.actor_label).where(AuditEntry.actor_kind == "operator")).first()


def test_issue_for_one_enrolment(run: Run, database: db.Database) -> None:
    with database.write():
        enrolment = make_completed()
    assert run("issue", "--enrolment", enrolment.uuid).exit_code == 0
    assert run("issue", "--enrolment", enrolment.uuid).exit_code == 1
    assert run("issue").exit_code == run("issue", "--course", "A", "--enrolment", "b").exit_code == 2
    assert "Nobody waits" in run("issue", "--course", "NONE").stdout


def test_revoke_and_verify(run: Run, database: db.Database) -> None:
    certificate = made(database)
    found = run("verify", format_code(certificate.code).lower(), "--json")
    assert found.exit_code == 0
    assert answer(found) == {
        "status": "valid",
        "name": "Nino Beridze",
        "name_cyrillic": "",
        "title": {"en": "Recognising document fraud", "ru": "Распознавание поддельных документов"},
        "kind": "completion",
        "minutes": 150,
        "issued_at": "2026-03-09T10:00:00+00:00",
    }
    assert "Nino Beridze" in run("verify", certificate.code).stdout
    assert run("revoke", certificate.number).exit_code == 2, "no reason"
    assert answer(run("revoke", certificate.number, "--reason", "x", "--json")) == {
        "number": certificate.number,
        "status": "revoked",
    }
    assert run("verify", certificate.code).exit_code == 1
    missing = run("verify", "nothing", "--json")
    assert missing.exit_code == 1
    assert answer(missing) == {"status": "not found"}
    assert run("revoke", "nothing", "--reason", "x").exit_code == 1


def test_export(run: Run, database: db.Database, tmp_path: Path) -> None:
    certificate = made(database)
    out = tmp_path / "c.pdf"
    result = run("export", certificate.code, "--out", str(out), "--json")
    assert answer(result) == {"number": certificate.number, "format": "pdf", "file": str(out)}
    assert out.read_bytes().startswith(b"%PDF")
    with database.read():
        newest = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert newest is not None
        assert (newest.action, newest.object_id) == ("certificates.downloaded", str(certificate.id))
    with database.write():
        actions.revoke(certificate.id, reason="x", actor=OPERATOR, now=NOW)
    out.unlink()
    refused = run("export", certificate.code, "--out", str(out))
    assert refused.exit_code == 1
    assert not out.exists()
    assert "not valid" in refused.output


def test_as_somebody_without_the_right(run: Run, database: db.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = made(database)
    nobody = replace(OPERATOR, kind="user", id=10_000)
    monkeypatch.setattr(commands, "_find_actor", lambda _email: nobody)
    assert answer(run("list", "--json", "--as", "x@x.example")) == []
    assert run("revoke", certificate.code, "--reason", "x", "--as", "x@x.example").exit_code == 1
