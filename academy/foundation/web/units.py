"""Units of work of a request: one reading session throughout, a short writing one where the door asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from flask import g
from sqlalchemy.orm import Session

from academy.foundation import db


def begin_reading() -> None:
    """The request has a reading session; its transaction begins with the first query."""
    g.units = ExitStack()
    g.reading = g.units.enter_context(db.current().read())


def end_reading(_fault: BaseException | None = None) -> None:
    """The reading session is rolled back and closed."""
    units: ExitStack | None = g.pop("units", None)
    if units is not None:
        units.close()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One short writing transaction: the reading one ends first, what was loaded stays as it was read.

    Commits at the end of the block, rolls back on an exception. What was read before is to be checked again inside.
    """
    reading: Session = g.reading
    reading.expunge_all()
    reading.rollback()
    with db.current().write() as writing:
        yield writing


# What a door writes besides its work (refusals, misses, who saw whose data) is a short unit of its own.
apart = unit_of_work
