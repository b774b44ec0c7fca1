"""Runs the migrations on the connection that ``academy db`` hands over, or for developers on the configured database."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection

from academy import app as house
from academy import settings
from academy.foundation import db

# The full-text index of SQLite lives in tables of its own that no model describes.
_NOT_OURS = ("search_stems", "huey_")


def include_object(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    return not (kind in ("table", "index") and name is not None and name.startswith(_NOT_OURS))


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=house.metadata(),
        render_as_batch=connection.dialect.name == "sqlite",
        include_object=include_object,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = db.Database(settings.read().database_address)
    with database.engine.begin() as opened:
        run(opened)
