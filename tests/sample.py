"""The demo academy as the house's sample: made once per worker, the same for every test that asks for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.engine import make_url

from academy import demo
from academy.accounts.models import User, UserGrant
from academy.certificates.models import Certificate, CorrectionRequest
from academy.courses import queries as courses
from academy.courses.models import Course, PublishedFile
from academy.demo.people import ACCOUNTS, LEARNER, LEARNER_2
from academy.enrolments.models import Enrolment
from academy.foundation import clock, db
from academy.foundation.errors import Conflict
from academy.quizzes import actions as quizzes
from academy.quizzes.models import Attempt
from academy.settings import Settings
from tests.conftest import Client
from tests.factories.accounts import identity_of, make_user

ROOT = Path(__file__).parents[1]
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
NOWHERE = "00000000-0000-4000-8000-000000000000"


def in_git(*patterns: str) -> list[str]:
    """The files that belong to the project: in git, or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted(name for name in names if (ROOT / name).is_file())


@dataclass(frozen=True)
class World:
    """The sample: an app on it, who there is, and one address part for every name that stands in a route."""

    app: Flask
    people: dict[str, str]
    parts: dict[str, dict[str, Any]]
    foreign: dict[str, dict[str, Any]]

    def client(self, who: str | None) -> Client:
        """A browser of that person."""
        made = self.app.test_client()
        assert isinstance(made, Client)
        return made.as_(self.people[who]) if who else made

    def address(self, endpoint: str, *, lang: str = "en", parts: str = "own") -> str:
        """The address of the endpoint for something that is there (own), or that is not (none)."""
        values: dict[str, Any] = {"lang": lang}
        for name in self.arguments(endpoint):
            if name == "lang":
                continue
            values[name] = self._part(endpoint, name, parts)
        with self.app.test_request_context():
            adapter = self.app.create_url_adapter(None) or self.app.url_map.bind("localhost")
            return urlsplit(adapter.build(endpoint, values)).path or "/"

    def arguments(self, endpoint: str) -> set[str]:
        return {name for rule in self.app.url_map.iter_rules(endpoint) for name in rule.arguments}

    def _part(self, endpoint: str, name: str, parts: str) -> Any:
        room = endpoint.split(".", maxsplit=1)[0]
        for table in ([self.foreign] if parts == "none" else []) + [self.parts]:
            for place in (endpoint, room, ""):
                if name in table.get(place, {}):
                    return table[place][name]
        raise LookupError(f"the sample has no {name} for {endpoint}: add one to tests/sample.py")


@pytest.fixture(scope="session")
def _demo(_app: Flask, _schema: db.Database, settings: Settings, home: Path) -> World:
    """The demo academy in the database, and a copy of it."""
    _schema.open()
    _clear(_schema, home)
    with _app.app_context():
        with _schema.write():
            demo.accounts.seed_states()
        demo.build(replace(settings, demo=True))
        with _schema.write():
            world = _describe(_app)
    _schema.close()
    _keep(_schema, home)
    return world


def _clear(database: db.Database, home: Path) -> None:
    if database.path:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{database.path}{suffix}").unlink(missing_ok=True)
        shutil.copy(home / "empty.sqlite3", database.path)
        return
    names = ", ".join(f'"{table.name}"' for table in db.Base.metadata.sorted_tables)
    with database.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


def _keep(database: db.Database, home: Path) -> None:
    if database.path:
        shutil.copy(database.path, home / "demo.sqlite3")
    else:
        _copy_postgresql(database, str(database.engine.url.database), f"{database.engine.url.database}_demo")


def _restore(database: db.Database, home: Path) -> None:
    if database.path:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{database.path}{suffix}").unlink(missing_ok=True)
        shutil.copy(home / "demo.sqlite3", database.path)
    else:
        _copy_postgresql(database, f"{database.engine.url.database}_demo", str(database.engine.url.database))


def _copy_postgresql(database: db.Database, source: str, target: str) -> None:
    engine = create_engine(make_url(database.engine.url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{target}" TEMPLATE "{source}"'))
        connection.execute(text(f'ALTER DATABASE "{target}" SET synchronous_commit = off'))
    engine.dispose()


def _describe(app: Flask) -> World:
    """Adds who and what the demo lacks, and notes what stands in addresses. In a unit of work."""
    now = clock.now()
    certificate = db.session.scalars(
        select(Certificate).where(Certificate.status == "valid").order_by(Certificate.id)
    ).first()
    assert certificate is not None
    owner = db.session.get_one(User, certificate.user_id)
    auditor = make_user("auditor@demo.example", role="auditor")
    suspended = make_user("suspended@demo.example", role="admin", status="suspended")
    unconfirmed = make_user("unconfirmed@demo.example", status="unconfirmed", confirmed_at=None)
    people = {person.email.split("@")[0]: person.email for person in (*ACCOUNTS, LEARNER, LEARNER_2)}
    people |= {"owner": owner.email, "auditor": auditor.email}
    people |= {"suspended": suspended.email, "unconfirmed": unconfirmed.email}
    enrolment = db.session.get_one(Enrolment, certificate.enrolment_id)
    course = db.session.get_one(Course, certificate.course_id)
    edition = courses.get_edition(courses.newest_edition_id(course.id))
    lesson = next(activity for activity in edition.activities if activity.kind == "lesson")
    quiz = next(activity for activity in edition.activities if activity.kind == "quiz")
    attempt = _open_attempt(enrolment, edition, owner, now)
    correction = db.session.scalars(select(CorrectionRequest)).first()
    assert correction is not None
    file = db.session.scalars(select(PublishedFile)).first()
    assert file is not None
    trainer = db.session.scalars(select(User).where(User.email == "trainer@demo.example")).one()
    grant = db.session.scalars(select(UserGrant).where(UserGrant.user_id == trainer.id)).one()
    with app.test_request_context():
        static = app.jinja_env.globals["asset"]("web/app.css").split("/")  # type: ignore[operator]
    parts: dict[str, dict[str, Any]] = {
        "": {
            "slug": course.slug,
            "code": course.code,
            "activity_key": quiz.key,
            "key": lesson.key,
            "page": "accessibility",
            "token": "x" * 43,
            "session_id": 999_999,
            "grant_id": grant.id,
            "number": 1,
        },
        "quizzes": {"uuid": attempt},
        "certificates": {"uuid": certificate.uuid, "code": certificate.code},
        "certificates_anywhere": {"code": certificate.code},
        "admin": {"uuid": trainer.uuid},
        "files": {"sha": file.sha, "name": "figure.svg"},
        "static": {"version": static[2], "name": "web/app.css"},
        "learn.print_module": {"key": edition.modules[0].key},
        "learn.download_module": {"key": edition.modules[0].key},
    }
    for endpoint in ("admin.certificate", "admin.replace", "admin.revoke"):
        parts[endpoint] = {"uuid": certificate.uuid}
    parts["admin.decline_correction"] = {"uuid": correction.uuid}
    nothing = {
        "": {
            "uuid": NOWHERE, "slug": "no-such-course", "code": "NONE", "key": "none", "activity_key": "none",
            "page": "none", "token": "y" * 43, "session_id": 999_998, "grant_id": 999_998, "number": 99,
            "sha": "0" * 64, "version": "0" * 12,
        },
        "static": {"name": "web/none.css"},
    }  # fmt: skip
    return World(app, people, parts, nothing)


def _open_attempt(enrolment: Enrolment, edition: Any, owner: User, now: Any) -> str:
    """The person's attempt at a quiz, still open."""
    for activity in edition.activities:
        if activity.kind == "quiz":
            try:
                return quizzes.start_attempt(enrolment.id, activity.key, actor=identity_of(owner), now=now)
            except Conflict:
                continue
    uuid = db.session.scalars(select(Attempt.uuid).where(Attempt.user_id == owner.id)).first()
    assert uuid is not None, "the sample has no attempt"
    return uuid


@pytest.fixture(scope="module")
def _module_world(_demo: World, _schema: db.Database, home: Path) -> Iterator[World]:
    _schema.close()
    _restore(_schema, home)
    _schema.open()
    yield _demo
    _schema.close()


@pytest.fixture
def world(_module_world: World, _schema: db.Database) -> Iterator[World]:
    """The demo academy, the same throughout a module: its tests leave it as it was, or do not mind."""
    _schema.open()
    _module_world.app.test_client_class = Client
    with _module_world.app.app_context():
        yield _module_world


@pytest.fixture
def fresh_world(_demo: World, _schema: db.Database, home: Path) -> Iterator[World]:
    """The demo academy as it was made, for a test that changes it."""
    _schema.close()
    _restore(_schema, home)
    _schema.open()
    _demo.app.test_client_class = Client
    with _demo.app.app_context():
        yield _demo
    _schema.close()
    _restore(_schema, home)


@pytest.fixture
def renew(fresh_world: World, _schema: db.Database, home: Path) -> Callable[[], None]:
    """Puts the demo academy back to how it was made."""

    def back() -> None:
        _schema.close()
        _restore(_schema, home)
        _schema.open()

    return back


@pytest.fixture
def statements(_schema: db.Database) -> Iterator[list[str]]:
    """Every statement that reaches the database, in order."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(_schema.engine, "before_cursor_execute", note)
    yield seen
    event.remove(_schema.engine, "before_cursor_execute", note)


def written(statements: list[str]) -> list[str]:
    """Those statements that change rows."""
    return [statement for statement in statements if statement.lstrip().upper().startswith(WRITES)]


@pytest.fixture(scope="session")
def strict() -> Callable[[str], None]:
    """Skips a check that this machine cannot make; in CI it fails instead."""

    def missing(words: str) -> None:
        if os.environ.get("ACADEMY_TEST_STRICT"):
            pytest.fail(words)
        pytest.skip(words)

    return missing
