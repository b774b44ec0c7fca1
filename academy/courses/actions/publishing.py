"""Publishing: a short switch to an edition that was prepared before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, select

from academy.courses import publishing, queries, rules
from academy.courses.models import (
    AnswerPart,
    Availability,
    Course,
    CourseListing,
    CourseStatus,
    Edition,
    OwedIndexing,
    Part,
    PublishedFile,
)
from academy.courses.permissions import may_edit
from academy.courses.publishing import PreparedEdition
from academy.foundation import audit, db, jobs
from academy.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from academy.foundation.i18n import LocalizedText, languages, sort_key
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Identity

_CHUNK = 20


def prepare_edition(course_id: int) -> PreparedEdition:
    """The draft, checked and frozen. Slow: in a reading session, before the unit of work. Changes nothing.

    Raises NotFound, and Invalid with every fault.
    """
    draft = queries.load_draft(course_id)
    revision = queries.course_revision(course_id)
    faults = [f for f in rules.check_course(draft, draft.facts(languages())) if not f.warning]
    if faults:
        raise Invalid({"": [str(fault) for fault in faults]})
    return publishing.prepare(
        draft,
        course_id=course_id,
        revision=revision,
        substances=queries.substances(course_id),
        languages=languages(),
    )


def stage(prepared: PreparedEdition, *, now: datetime) -> Iterator[None]:
    """Stores the contents that are not there yet, a few at each step: one short unit of work for each.

    What is staged is seen by nobody until an edition names it.
    """
    bodies: list[tuple[type[Part | AnswerPart], str, Mapping[str, Any]]] = []
    bodies += [(Part, sha, body) for sha, body in prepared.parts.items()]
    bodies += [(AnswerPart, sha, body) for sha, body in prepared.answers.items()]
    pending = iter(bodies)
    while chunk := list(islice(pending, _CHUNK)):
        for table, sha, body in chunk:
            _store(table, sha, body)
        yield
    _store_files(prepared, now)


def publish(
    course_id: int, *, note: str = "", actor: Identity, now: datetime, prepared: PreparedEdition | None = None
) -> Edition:
    """There is a new edition, which is read from now on; the catalogue shows it, the search is owed its texts.

    *prepared* comes from `prepare_edition`; without it the draft is prepared here, which is slow. Numbers: a first
    edition is 1.0; one with another structure or substance is N+1.0; one in which only words changed is N.k.
    Raises NotFound, NotAllowed, Invalid (faults), Conflict (``draft_changed``, ``nothing_changed``).
    """
    course = db.session.scalar(select(Course).where(Course.id == course_id).with_for_update())
    if course is None:
        raise NotFound
    if not may_edit(actor, course.code):
        raise NotAllowed
    prepared = prepared or prepare_edition(course_id)
    if prepared.revision != course.revision:
        raise Conflict(_l("The course was changed in the meantime. Please publish again."), code="draft_changed")
    edition = _edition(prepared, note=note, actor=actor, now=now)
    for _ in stage(prepared, now=now):
        pass
    course.status = CourseStatus.PUBLISHED
    _list_course(prepared, now)
    db.upsert(
        OwedIndexing.__table__,  # type: ignore[arg-type]  # declared as FromClause
        {"course_id": course_id, "owed_at": now},
        conflict=("course_id",),
    )
    jobs.enqueue_after_commit("courses.index_course", course_id)
    audit.record(
        "courses.published",
        actor=actor,
        now=now,
        object_type="course",
        object_id=course_id,
        code=course.code,
        edition=f"{edition.structure}.{edition.texts}",
    )
    return edition


def archive(course_id: int, *, actor: Identity, now: datetime) -> None:
    """Nobody new can enrol; those who are in the course go on. Raises NotFound, NotAllowed."""
    course = db.session.get(Course, course_id)
    if course is None:
        raise NotFound
    if not may_edit(actor, course.code):
        raise NotAllowed
    course.status = CourseStatus.ARCHIVED
    audit.record("courses.archived", actor=actor, now=now, object_type="course", object_id=course_id, code=course.code)
    db.session.flush()


def _edition(prepared: PreparedEdition, *, note: str, actor: Identity, now: datetime) -> Edition:
    newest = queries.newest_manifest(prepared.course_id)
    same_structure = False
    if newest is not None:
        if newest[2] == prepared.manifest:
            raise Conflict(
                _l("Nothing has changed since edition %(number)s.", number=f"{newest[0]}.{newest[1]}"),
                code="nothing_changed",
            )
        same_structure = rules.structure_of(newest[2]) == rules.structure_of(prepared.manifest)
    structure, texts = rules.next_number(newest[:2] if newest else None, same_structure=same_structure)
    edition = Edition(
        course_id=prepared.course_id,
        structure=structure,
        texts=texts,
        manifest=dict(prepared.manifest),
        published_at=now,
        note=note,
        actor_id=actor.id,
    )
    db.session.add(edition)
    db.session.flush()
    return edition


def _store(table: type[Part | AnswerPart], sha: str, body: Mapping[str, Any]) -> None:
    db.insert_or_ignore(table.__table__, {"sha": sha, "body": body}, conflict=("sha",))  # type: ignore[arg-type]  # declared as FromClause


def _store_files(prepared: PreparedEdition, now: datetime) -> None:
    for media in prepared.files:
        values = {"sha": media.sha, "media_type": media.media_type, "bytes": media.bytes, "published_at": now}
        db.insert_or_ignore(PublishedFile.__table__, values, conflict=("sha",))  # type: ignore[arg-type]  # declared as FromClause


def _list_course(prepared: PreparedEdition, now: datetime) -> None:
    course = prepared.manifest["course"]
    title, short_title, summary = (LocalizedText.from_json(course[k]) for k in ("title", "short_title", "summary"))
    db.session.execute(delete(CourseListing).where(CourseListing.course_id == prepared.course_id))
    for lang in languages():
        db.session.add(
            CourseListing(
                course_id=prepared.course_id,
                language=lang,
                title=title.plain(lang),
                title_language=title.in_(lang).lang,
                short_title=short_title.plain(lang),
                summary=summary.plain(lang),
                summary_language=summary.in_(lang).lang,
                sort_key=sort_key(title.plain(lang), lang),
                availability=prepared.availability.get(lang, Availability.NONE),
                theme_code=course["theme"],
                tags=course["tags"],
                level=course["level"],
                minutes=course["minutes"],
                updated_at=now,
            )
        )
    db.session.flush()
