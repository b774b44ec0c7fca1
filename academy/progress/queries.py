"""All that is read about progress."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Executable, Row, bindparam, literal, null, select, union_all

from academy.courses import queries as courses
from academy.courses.editions import EditionView
from academy.enrolments.models import Enrolment, EnrolmentStatus
from academy.foundation import db
from academy.progress import rules
from academy.progress.models import Completion, Position
from academy.progress.rules import Impact, ProgressView, Record


def progress_of(enrolment_id: int, edition: EditionView) -> ProgressView:
    """How far the enrolment is in that edition; one query, columns only."""
    return progress_of_many([(enrolment_id, edition)])[enrolment_id]


def progress_of_many(places: Sequence[tuple[int, EditionView]]) -> dict[int, ProgressView]:
    """Enrolment id → how far it is in the edition it reads; one query for all."""
    records, positions = _read([enrolment_id for enrolment_id, _ in places])
    return {
        enrolment_id: rules.progress(edition, records[enrolment_id], positions.get(enrolment_id))
        for enrolment_id, edition in places
    }


def list_records(enrolment_ids: Collection[int]) -> dict[int, list[Record]]:
    """Enrolment id → what came of each activity, in the order in which they were done; one query for all."""
    records, _ = _read(enrolment_ids)
    return {
        enrolment_id: sorted(records[enrolment_id], key=lambda record: (record.completed_at, record.activity_key))
        for enrolment_id in enrolment_ids
    }


def impact_of(course_id: int, edition: EditionView) -> Impact:
    """What publishing that edition (which need not be stored) does to those who have not completed the course."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.structure)
        .where(Enrolment.course_id == course_id, Enrolment.status == EnrolmentStatus.ACTIVE)
        .order_by(Enrolment.id)
    ).all()
    records, _ = _read([row.id for row in rows])
    read = {
        structure: courses.get_edition(courses.newest_edition_id(course_id, structure))
        for structure in {row.structure for row in rows}
    }
    return rules.impact(edition, [(read[row.structure], records[row.id]) for row in rows])


_WANTED: BindParameter[Any] = bindparam("enrolment_ids", expanding=True)
# Built once: it is asked on every page of a course.
_RECORDS: Executable = union_all(
    select(
        Completion.enrolment_id,
        Completion.activity_key,
        Completion.completed_at,
        Completion.substance,
        Completion.part_sha,
        Completion.edition_id,
        Completion.score,
        Completion.passed,
        Completion.language,
        literal(False).label("is_position"),
    ).where(Completion.enrolment_id.in_(_WANTED)),
    select(
        Position.enrolment_id,
        Position.activity_key,
        Position.at,
        null(),
        null(),
        null(),
        null(),
        null(),
        null(),
        literal(True),
    ).where(Position.enrolment_id.in_(_WANTED)),
)


def _read(enrolment_ids: Collection[int]) -> tuple[dict[int, list[Record]], dict[int, str]]:
    if not enrolment_ids:
        return defaultdict(list), {}
    return _sort(db.fetch(_RECORDS, enrolment_ids=list(enrolment_ids)))


def _sort(rows: Iterable[Row[Any]]) -> tuple[dict[int, list[Record]], dict[int, str]]:
    records: dict[int, list[Record]] = defaultdict(list)
    positions: dict[int, str] = {}
    for row in rows:
        if row.is_position:
            positions[row.enrolment_id] = row.activity_key
        else:
            records[row.enrolment_id].append(
                Record(
                    activity_key=row.activity_key,
                    substance=row.substance,
                    completed_at=row.completed_at,
                    part_sha=row.part_sha,
                    edition_id=row.edition_id,
                    score=row.score,
                    passed=row.passed,
                    language=row.language,
                )
            )
    return records, positions
