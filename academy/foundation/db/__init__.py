"""The database: tables' base, column types, and the session of the running unit of work."""

from academy.foundation.db.columns import Base, Json, UtcDateTime, new_uuid
from academy.foundation.db.database import Database, after_commit, current, fetch, in_unit_of_work, session
from academy.foundation.db.statements import insert_or_ignore, upsert, upsert_newest

__all__ = [
    "Base",
    "Database",
    "Json",
    "UtcDateTime",
    "after_commit",
    "current",
    "fetch",
    "in_unit_of_work",
    "insert_or_ignore",
    "new_uuid",
    "session",
    "upsert",
    "upsert_newest",
]
