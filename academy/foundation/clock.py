"""The one clock. Doors, commands and jobs read it; everything below takes ``now``."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
