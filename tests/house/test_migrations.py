"""Migrations: one head, speaking names, up and down and up again, and no drift from the models."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, Table, inspect, text

from academy.foundation import db
from academy.foundation.db import migrations
from tests.sample import ROOT, in_git


@pytest.fixture(scope="module")
def scripts():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config)


@pytest.fixture
def bare(database):
    """A database without a single table; the tests' own is laid anew afterwards."""
    _drop(database)
    yield database
    if not database.is_sqlite:
        _drop(database)
        db.Base.metadata.create_all(database.engine)


def _drop(database):
    database.close()
    if database.path:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{database.path}{suffix}").unlink(missing_ok=True)
        return
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def test_there_is_one_head_and_the_code_knows_it(scripts):
    assert scripts.get_heads() == [migrations.newest()]


def test_files_are_named_by_number_verb_and_noun(scripts):
    names = [name.rpartition("/")[2] for name in in_git("migrations/versions/*.py")]
    assert names
    assert [name for name in names if not re.fullmatch(r"\d{4}_[a-z]+_[a-z0-9_]+\.py", name)] == []
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert sorted(revisions) == [name[:4] for name in sorted(names)]
    assert revisions == sorted(revisions, reverse=True)


def test_up_down_and_up_again(bare):
    migrations.upgrade(bare)
    first = _tables(bare)
    assert migrations.revision(bare) == migrations.newest()
    migrations.downgrade(bare, "base")
    assert _tables(bare) <= {"alembic_version"}
    migrations.upgrade(bare)
    assert _tables(bare) == first


def _tables(database):
    with database.engine.connect() as connection:
        return {name for name in inspect(connection).get_table_names() if not name.startswith("sqlite_")}


def test_the_schema_is_that_of_the_models(bare):
    migrations.upgrade(bare)
    assert migrations.differences(bare) == []
    assert set(db.Base.metadata.tables) <= _tables(bare)


def test_constraints_and_indexes_are_those_of_the_models(bare):
    """Alembic does not compare check constraints and partial indexes; names are enough to miss one."""
    migrations.upgrade(bare)
    with bare.engine.connect() as connection:
        found = _names(inspect(connection))
    _drop(bare)
    db.Base.metadata.create_all(bare.engine)
    with bare.engine.connect() as connection:
        assert found == _names(inspect(connection))


def _names(inspector):
    tables = set(db.Base.metadata.tables)
    return {
        (table, kind, thing["name"])
        for table in tables
        for kind, things in (
            ("check", inspector.get_check_constraints(table)),
            ("index", inspector.get_indexes(table)),
            ("unique", inspector.get_unique_constraints(table)),
            ("foreign", inspector.get_foreign_keys(table)),
        )
        for thing in things
    }


def test_control_a_column_without_a_migration_is_noticed(bare):
    migrations.upgrade(bare)
    table = Table("audit_entries", db.Base.metadata)
    extra = Column("forgotten", Integer)
    table.append_column(extra)
    try:
        assert migrations.differences(bare) != []
    finally:
        table._columns.remove(extra)


def test_two_processes_may_upgrade_at_once(bare):
    import threading

    faults = []

    def work():
        try:
            migrations.upgrade(bare)
        except Exception as fault:  # noqa: BLE001 - whatever it is fails the test
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert migrations.revision(bare) == migrations.newest()
