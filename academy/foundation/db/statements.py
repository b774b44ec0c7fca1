"""Insert statements that both databases have but SQLAlchemy spells apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
