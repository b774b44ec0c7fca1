"""The two kinds of session, what happens after a commit, column types, and statements that both databases have."""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from academy.foundation import audit, db
from academy.foundation.db import database as database_module
from academy.foundation.db.columns import UtcDateTime
from academy.foundation.security import SYSTEM
from tests.conftest import NOW


def entry(action="test.write"):
    audit.record(action, actor=SYSTEM, now=NOW, object_type="test", object_id=1)


def count(database):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(audit.AuditEntry))


def test_a_unit_of_work_commits_at_its_end(database):
    with database.write():
        entry()
    assert count(database) == 1


def test_a_unit_of_work_that_fails_leaves_nothing(database):
    with pytest.raises(RuntimeError), database.write():
        entry()
        db.session.flush()
        raise RuntimeError
    assert count(database) == 0


def test_a_reading_session_cannot_write(database):
    with database.read():
        entry()
        with pytest.raises(RuntimeError, match="outside a unit of work"):
            db.session.flush()
        db.session.expunge_all()
        db.session.execute(audit.AuditEntry.__table__.delete())
    assert count(database) == 0


def test_there_is_a_session_only_inside(database):
    with pytest.raises(RuntimeError, match="no unit of work is open"):
        db.session.flush()
    assert not db.in_unit_of_work()
    with database.read():
        assert not db.in_unit_of_work()
    with database.write():
        assert db.in_unit_of_work()


def test_effects_follow_the_commit_in_order_and_never_a_rollback(database):
    seen = []
    with database.write():
        entry()
        db.after_commit(lambda: seen.append(("first", count(database))))
        db.after_commit(lambda: seen.append(("second", db.in_unit_of_work())))
        assert seen == []
    assert seen == [("first", 1), ("second", False)]
    with pytest.raises(RuntimeError), database.write():
        db.after_commit(lambda: seen.append("never"))
        raise RuntimeError
    assert "never" not in seen


def test_writers_wait_for_each_other(database):
    """Each reads the count and writes one more: with both at once the second would not see the first's."""
    counts, ready = [], threading.Barrier(2)

    def work():
        ready.wait()
        with database.write():
            if not database.is_sqlite:
                db.session.execute(text("SELECT pg_advisory_xact_lock(1)"))
            counts.append(db.session.scalar(select(func.count()).select_from(audit.AuditEntry)))
            time.sleep(0.05)
            entry()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 1]


def test_old_releases_of_sqlite_get_a_lock_file(database, monkeypatch):
    if not database.is_sqlite:
        pytest.skip("PostgreSQL orders its writers itself")
    lock = database.path.with_suffix(".lock")
    lock.unlink(missing_ok=True)
    monkeypatch.setattr(database_module, "SAFE_SQLITE", (0, 0, 0))
    with database.write():
        entry()
    assert not lock.exists()
    monkeypatch.setattr(database_module, "SAFE_SQLITE", (99, 0, 0))
    with database.write():
        entry()
    assert lock.exists()


def test_sqlite_is_durable_and_keeps_its_references(database):
    if not database.is_sqlite:
        pytest.skip("settings of SQLite")
    with database.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_writer_takes_its_lock_before_it_reads(database):
    if not database.is_sqlite:
        pytest.skip("BEGIN IMMEDIATE is SQLite's")
    with database.write():
        other = sqlite3.connect(database.path, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_the_process_has_one_database(database, monkeypatch):
    assert db.current() is database
    monkeypatch.setattr(database_module, "_database", None)
    with pytest.raises(RuntimeError, match="not open"):
        db.current()


def test_instants_are_kept_in_utc_and_read_back_aware(database):
    vienna = datetime(2026, 3, 9, 14, 2, tzinfo=timezone(timedelta(hours=1)))
    with database.write() as session:
        session.add(
            audit.AuditEntry(
                at=vienna, actor_kind="system", actor_id=None, action="x", object_type="x", object_id="1", details={}
            )
        )
    with database.read() as session:
        read = session.scalars(select(audit.AuditEntry.at)).one()
    assert read == vienna
    assert read.utcoffset() == timedelta(0)
    assert read.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(database):
    with pytest.raises(StatementError, match="without a time zone"), database.write() as session:
        session.add(
            audit.AuditEntry(
                at=datetime(2026, 3, 9),  # noqa: DTZ001 - the case
                actor_kind="system",
                action="x",
                object_type="x",
                object_id="1",
                details={},
            )
        )


def test_no_instant_is_null(database):
    assert UtcDateTime().process_bind_param(None, None) is None
    assert UtcDateTime().process_result_value(None, None) is None


def test_constraints_of_the_database_are_named(database):
    with pytest.raises(IntegrityError, match="ck_audit_entries_outcome"), database.write() as session:
        session.add(
            audit.AuditEntry(
                at=NOW, actor_kind="system", action="x", outcome="perhaps", object_type="x", object_id="1", details={}
            )
        )


def test_json_keeps_letters_and_shape(database):
    with database.write():
        audit.record("x", actor=SYSTEM, now=NOW, object_type="x", object_id=1, codes=["DOC", "Ж"], count=2, share=0.5)
    with database.read() as session:
        entry_read = session.scalars(select(audit.AuditEntry)).one()
        stored = session.scalar(text("SELECT CAST(details AS VARCHAR(200)) FROM audit_entries"))
    assert entry_read.details == {"codes": ["DOC", "Ж"], "count": 2, "share": 0.5}
    assert "Ж" in stored


def test_uuids_are_random():
    assert len({db.new_uuid() for _ in range(100)}) == 100
    assert len(db.new_uuid()) == 36


@pytest.fixture
def pairs(database):
    table = Table("pairs_of_a_test", MetaData(), Column("key", String(10), primary_key=True), Column("value", Integer))
    with database.engine.begin() as connection:
        table.drop(connection, checkfirst=True)
        table.create(connection)
    yield table
    with database.engine.begin() as connection:
        table.drop(connection)


def values(database, table):
    with database.read() as session:
        return dict(iter(session.execute(select(table))))


def test_insert_or_ignore_tells_whether_it_was_first(database, pairs):
    with database.write():
        assert db.insert_or_ignore(pairs, {"key": "a", "value": 1}, conflict=("key",))
        assert not db.insert_or_ignore(pairs, {"key": "a", "value": 2}, conflict=("key",))
    assert values(database, pairs) == {"a": 1}


def test_upsert_updates_only_where_it_may(database, pairs):
    with database.write():
        assert db.upsert(pairs, {"key": "a", "value": 5}, conflict=("key",))
        assert db.upsert(pairs, {"key": "a", "value": 7}, conflict=("key",), where=pairs.c.value < 7)
        assert not db.upsert(pairs, {"key": "a", "value": 6}, conflict=("key",), where=pairs.c.value < 6)
        assert db.upsert(pairs, {"key": "b", "value": 1}, conflict=("key",))
    assert values(database, pairs) == {"a": 7, "b": 1}
