"""One database, and the session of the running unit of work.

A *reading* session begins plainly and is always rolled back; a *writing* one begins with ``BEGIN IMMEDIATE`` on SQLite,
so that it can never read first and then fail to write, and commits at its end. Nobody else commits.
"""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Executable, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, UOWTransaction
from werkzeug.local import LocalProxy

from academy.foundation.i18n.text import dump_json

_running: ContextVar[Session | None] = ContextVar("session", default=None)
# Below this release two connections that write and checkpoint at the same instant can damage a WAL database (https://www.sqlite.org/wal.html).
SAFE_SQLITE = (3, 51, 3)
BUSY_SECONDS = 30


def _current() -> Session:
    found = _running.get()
    if found is None:
        raise RuntimeError("no unit of work is open")
    return found


session: Session = cast(Session, LocalProxy(_current))
_database: Database | None = None


def current() -> Database:
    """The database of this process."""
    if _database is None:
        raise RuntimeError("the database is not open")
    return _database


def in_unit_of_work() -> bool:
    """Whether a writing session is open here."""
    found = _running.get()
    return found is not None and bool(found.info.get("writing"))


def fetch(statement: Executable, **parameters: Any) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a statement that was built once, without the session's own work: for hot pages, columns only."""
    opened = _current()
    connection: Connection | None = opened.info.get("connection")
    if connection is None or connection.closed:
        connection = opened.info["connection"] = opened.connection()
    return connection.execute(statement, parameters)


def after_commit(effect: Callable[[], None]) -> None:
    """Runs *effect* once the running unit of work is committed; never when it is rolled back."""
    session.info.setdefault("after_commit", []).append(effect)


class ReadingSession(Session):
    """A session that refuses to write."""


class Database:
    """An engine with its two kinds of session."""

    def __init__(self, address: str, *, pool_size: int = 10) -> None:
        url = make_url(address)
        if url.get_backend_name() == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.path = Path(url.database) if self.is_sqlite and url.database else None
        options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": pool_size, "json_serializer": dump_json}
        # Values are names, addresses and hashes: they stand in no message of a fault, and so in no log.
        options["hide_parameters"] = True
        if self.is_sqlite:
            options |= {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
        else:
            options |= {"pool_pre_ping": True}
        self.engine = create_engine(url, **options)
        self._writing = self.engine.execution_options(writing=True)
        self._lock = threading.Lock()
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    def open(self) -> Database:
        """Makes this the database of the process."""
        global _database  # noqa: PLW0603 - one database per process
        _database = self
        return self

    def close(self) -> None:
        """Closes all connections."""
        with self.one_writer():
            self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that can only read; rolled back at the end."""
        with ReadingSession(self.engine, expire_on_commit=False) as opened, _as_running(opened):
            yield opened

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One unit of work: committed at the end, rolled back on an exception; then its after_commit effects run."""
        with self.one_writer(), Session(self._writing, expire_on_commit=False) as opened, _as_running(opened):
            opened.info["writing"] = True
            opened.connection()
            yield opened
            opened.commit()
            effects: list[Callable[[], None]] = opened.info.pop("after_commit", [])
        for effect in effects:
            effect()

    @contextmanager
    def one_writer(self) -> Iterator[None]:
        """Orders writers of all processes by one file lock where SQLite needs it; elsewhere the database does."""
        if not self.is_sqlite or self.path is None or sqlite3.sqlite_version_info >= SAFE_SQLITE:
            yield
            return
        with self._lock, self.path.with_suffix(".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def _as_running(opened: Session) -> Iterator[None]:
    token = _running.set(opened)
    try:
        yield
    finally:
        _running.reset(token)


def _refuse_flush(opened: Session, _context: UOWTransaction, _instances: Any) -> None:
    if opened.new or opened.dirty or opened.deleted:
        raise RuntimeError("a change outside a unit of work")


event.listen(ReadingSession, "before_flush", _refuse_flush)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA cache_size=-2048")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
