"""Runs the migrations on the connection that ``academy db`` hands over, or for developers on the configured database."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from academy import app as house
from academy import settings
from academy.foundation import db
from academy.foundation.i18n import LocalizedTextType

# The full-text index of SQLite lives in tables of its own that no model describes.
_NOT_OURS = ("search_stems", "huey_")


def include_object(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    return not (kind in ("table", "index") and name is not None and name.startswith(_NOT_OURS))


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Migrations spell our column types by what the database sees, so that they outlive our code."""
    if kind != "type":
        return False
    if isinstance(item, db.UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, LocalizedTextType | sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=house.metadata(),
        render_as_batch=connection.dialect.name == "sqlite",
        include_object=include_object,
        render_item=render_item,
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
