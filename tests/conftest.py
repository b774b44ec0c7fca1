"""What every test may use: an academy on an empty database, a client that fills in form tokens, a fixed instant."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from academy import app as house
from academy.foundation import db, security
from academy.foundation.security import Identity
from academy.foundation.web.form_token import FIELD, HEADER
from academy.settings import Settings

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
KEY = "test-key-" * 5


def _postgresql(worker: str) -> str | None:
    base = os.environ.get("ACADEMY_TEST_DATABASE_URL")
    return base and base.replace("WORKER", worker)


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("academy")


@pytest.fixture(scope="session")
def settings(home: Path, worker: str) -> Settings:
    url = _postgresql(worker) or f"sqlite:///{home / 'academy.sqlite3'}"
    return Settings(data=home, database_url=url, secret_key=KEY, base_url="http://localhost", log_level="ERROR")


@pytest.fixture(scope="session")
def _schema(settings: Settings, home: Path) -> Iterator[db.Database]:
    """A database with all tables, and on SQLite a copy of it to start each test from."""
    if settings.database_url.startswith("postgresql"):
        _make_postgresql(settings.database_url)
    database = db.Database(settings.database_address).open()
    metadata = house.metadata()
    metadata.create_all(database.engine)
    database.close()
    if database.path:
        shutil.copy(database.path, home / "empty.sqlite3")
    yield database
    database.close()


def _make_postgresql(url: str) -> None:
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url

    target = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(target.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{target.database}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{target.database}"'))
        connection.execute(text(f'ALTER DATABASE "{target.database}" SET synchronous_commit = off'))
    engine.dispose()


@pytest.fixture
def database(_schema: db.Database, home: Path) -> Iterator[db.Database]:
    """An empty academy. Changes of the test are gone after it."""
    if _schema.path:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{_schema.path}{suffix}").unlink(missing_ok=True)
        shutil.copy(home / "empty.sqlite3", _schema.path)
    else:
        _empty(_schema)
    _schema.open()
    yield _schema
    _schema.close()


def _empty(database: db.Database) -> None:
    names = [f'"{table.name}"' for table in house.metadata().sorted_tables]
    # Truncating a table costs the same whether or not it has rows, so only those that have some.
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)
    with database.engine.begin() as connection:
        used = connection.execute(text(asked)).scalars().all()
        if used:
            connection.execute(text(f"TRUNCATE {', '.join(used)} RESTART IDENTITY CASCADE"))


@pytest.fixture(scope="session")
def _app(settings: Settings, _schema: db.Database) -> Flask:
    return house.create_app(settings, testing=True)


@pytest.fixture
def app(_app: Flask, database: db.Database) -> Iterator[Flask]:
    """The academy; jobs do not run by themselves: call the sweep."""
    database.open()
    with _app.app_context():
        yield _app


@pytest.fixture
def writing(app: Flask, database: db.Database) -> Iterator[Any]:
    """An open unit of work around the test."""
    with database.write() as session:
        yield session


class Client(FlaskClient):
    """A browser without script: sends the form token, and signs in as whom one likes."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        method = str(kwargs.get("method", "GET")).upper()
        without_token = kwargs.pop("without_token", False)
        if method not in ("GET", "HEAD", "OPTIONS") and not without_token:
            token = self._alone("/form-token", method="GET").get_json()["token"]
            data = kwargs.get("data")
            if isinstance(data, dict) or (data is None and "json" not in kwargs):
                kwargs["data"] = {FIELD: token, **(data or {})}
            else:
                kwargs["headers"] = {HEADER: token, **dict(kwargs.get("headers") or {})}
        return self._alone(*args, **kwargs)

    def _alone(self, *args: Any, **kwargs: Any) -> TestResponse:
        """The request in a context of its own, as in a server: nothing of the test is around it."""
        return Context().run(super().open, *args, **kwargs)

    def as_(self, who: Identity | str | None) -> Client:
        """This browser is signed in as that person (an Identity or an e-mail address); None signs out."""
        from tests.factories.accounts import sign_in

        self.delete_cookie("academy")
        if who is not None:
            self.set_cookie("academy", sign_in(who))
        return self


@pytest.fixture
def client(app: Flask) -> Client:
    app.test_client_class = Client
    made = app.test_client()
    assert isinstance(made, Client)
    return made


security.configure(KEY)

# At the end, because the sample builds on the client above.
from tests.sample import _demo, _module_world, fresh_world, renew, statements, strict, world  # noqa: E402, F401
