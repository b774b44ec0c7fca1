"""After a publication: people move to the new structure, a few in each unit of work."""

from datetime import datetime

from academy.enrolments import queries as enrolments
from academy.foundation import clock, db
from academy.foundation.jobs import job, sweep
from academy.progress import actions

CHUNK = 20


@job("progress.reconsider")
def reconsider(course_id: int) -> None:
    """All running enrolments of the course have been reconsidered."""
    _reconsider(course_id, clock.now())


def _reconsider(course_id: int, now: datetime) -> None:
    after: int | None = 0
    while after is not None:
        with db.current().write():
            after = actions.reconsider(course_id, now=now, after_id=after, limit=CHUNK)


@sweep("progress.reconsider")
def reconsider_courses_behind(now: datetime) -> None:
    """No running enrolment reads a structure that it should have left."""
    with db.current().read():
        behind = enrolments.list_courses_behind()
    for course_id in behind:
        _reconsider(course_id, now)
