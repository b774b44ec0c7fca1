"""Insert statements that both databases have but SQLAlchemy spells apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite

from academy.foundation.db.database import session


def _insert(table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(table)


def insert_or_ignore(table: Table, values: Mapping[str, Any], *, conflict: Sequence[str]) -> bool:
    """Inserts the row unless one with the same *conflict* columns is there; tells whether it was inserted."""
    statement = _insert(table).values(**values).on_conflict_do_nothing(index_elements=list(conflict))
    return _wrote(statement)


def upsert(
    table: Table, values: Mapping[str, Any], *, conflict: Sequence[str], where: ColumnElement[bool] | None = None
) -> bool:
    """Inserts the row, or updates the one with the same *conflict* columns where *where* holds; tells whether it wrote.

    In *where*, the row that is there is named by the table's own columns.
    """
    insert = _insert(table).values(**values)
    changes = {name: insert.excluded[name] for name in values if name not in conflict}
    statement = insert.on_conflict_do_update(index_elements=list(conflict), set_=changes, where=where)
    return _wrote(statement)


def _wrote(statement: sqlite.Insert | postgresql.Insert) -> bool:
    # Without this option the count is lost on PostgreSQL, where an insert returns its new key.
    result = cast("CursorResult[Any]", session.execute(statement.execution_options(preserve_rowcount=True)))
    return result.rowcount > 0


def upsert_newest(table: Table, values: Mapping[str, Any], *, conflict: tuple[str, ...], by: str) -> bool:
    """Inserts the row, or updates the one with the same *conflict* columns if its *by* is smaller; True: it wrote.

    The statement is built once for all calls with the same columns, and goes past the session's own work.
    """
    connection = session.connection()
    statement = _newest(table, tuple(values), conflict, by, connection.dialect.name)
    return connection.execute(statement, dict(values)).rowcount > 0


@cache
def _newest(
    table: Table, names: tuple[str, ...], conflict: tuple[str, ...], by: str, dialect: str
) -> sqlite.Insert | postgresql.Insert:
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    changes = {name: insert.excluded[name] for name in names if name not in conflict}
    newest = insert.on_conflict_do_update(
        index_elements=list(conflict), set_=changes, where=table.c[by] < insert.excluded[by]
    )
    return newest.execution_options(preserve_rowcount=True)
