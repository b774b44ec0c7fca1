"""All that reads courses: editions, parts, the catalogue, drafts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from academy.courses.cache import cache
from academy.courses.drafts import CourseDraft, ModuleDraft, OutcomeDraft
from academy.courses.editions import EditionView, view
from academy.courses.kinds import ActivityDraft, MediaFacts, kind
from academy.courses.models import (
    Activity,
    AnswerPart,
    Availability,
    Course,
    CourseListing,
    CourseStatus,
    Edition,
    Media,
    Module,
    Outcome,
    Part,
    PublishedFile,
)
from academy.courses.permissions import drafts_seen_by
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.i18n import LocalizedText
from academy.foundation.security import Identity


@dataclass(frozen=True)
class PublishedCourse:
    """A course that has been published, and its newest edition."""

    course_id: int
    edition_id: int
    code: str
    slug: str
    status: str


@dataclass(frozen=True)
class CatalogueLine:
    """A course as the catalogue shows it in one language. ``availability``: language → full, preparation or none.

    ``title_language`` and ``summary_language`` are what the texts really are in.
    """

    course_id: int
    code: str
    slug: str
    title: str
    title_language: str
    short_title: str
    summary: str
    summary_language: str
    theme_code: str
    tags: tuple[str, ...]
    level: str
    minutes: int
    availability: Mapping[str, Availability]
    updated_at: datetime


@dataclass(frozen=True)
class DraftLine:
    """A course on the authors' desk."""

    id: int
    code: str
    slug: str
    status: str
    source_language: str
    title: LocalizedText
    revision: int
    updated_at: datetime


def get_edition(edition_id: int) -> EditionView:
    """The edition; raises NotFound. Immutable, so it comes from memory but for the first time."""
    found: EditionView | None = cache().get(("edition", edition_id))
    if found is not None:
        return found
    row = db.session.execute(
        select(Edition.course_id, Edition.structure, Edition.texts, Edition.manifest, Edition.published_at).where(
            Edition.id == edition_id
        )
    ).first()
    if row is None:
        raise NotFound
    edition = view(
        row.manifest,
        edition_id=edition_id,
        course_id=row.course_id,
        structure=row.structure,
        texts=row.texts,
        published_at=row.published_at,
    )
    # A unit of work may yet be rolled back, and its edition's id be given to another.
    if not db.in_unit_of_work():
        cache().put(("edition", edition_id), edition, len(json.dumps(row.manifest)) * 2)
    return edition


def find_newest_edition_id(course_id: int, structure: int | None = None) -> int | None:
    """The id of the course's newest edition (of that structure), or None."""
    statement = select(Edition.id).where(Edition.course_id == course_id)
    if structure is not None:
        statement = statement.where(Edition.structure == structure)
    return db.session.scalar(statement.order_by(Edition.structure.desc(), Edition.texts.desc()).limit(1))


def newest_edition_id(course_id: int, structure: int | None = None) -> int:
    """The id of the course's newest edition (of that structure); raises NotFound."""
    found = find_newest_edition_id(course_id, structure)
    if found is None:
        raise NotFound
    return found


def find_published_course(slug: str) -> PublishedCourse | None:
    """The published or archived course of that slug with its newest edition, or None."""
    row = db.session.execute(
        select(Course.id, Edition.id, Course.code, Course.slug, Course.status)
        .join(Edition, Edition.course_id == Course.id)
        .where(Course.slug == slug, Course.status != CourseStatus.DRAFT)
        .order_by(Edition.structure.desc(), Edition.texts.desc())
        .limit(1)
    ).first()
    return PublishedCourse(*row) if row else None


def find_course_id(code: str) -> int | None:
    """The id of the course with that code, draft or published, or None."""
    return db.session.scalar(select(Course.id).where(Course.code == code))


def get_part(sha: str) -> Mapping[str, Any]:
    """What is shown, by its SHA-256; raises NotFound. It comes from memory but for the first time: never change it."""
    return _stored(Part, sha)


def get_answers(sha: str) -> Mapping[str, Any]:
    """What the grader alone may read, by its SHA-256; raises NotFound. Never change it."""
    return _stored(AnswerPart, sha)


def _stored(table: type[Part | AnswerPart], sha: str) -> Mapping[str, Any]:
    key = (table.__tablename__, sha)
    found: Mapping[str, Any] | None = cache().get(key)
    if found is None:
        found = db.session.scalar(select(table.body).where(table.sha == sha))
        if found is None:
            raise NotFound
        cache().put(key, found, len(json.dumps(found)) * 2)
    return found


# Built once: they are asked for on the first page that anybody sees.
_AVAILABILITY = select(CourseListing.course_id, CourseListing.language, CourseListing.availability)
_CATALOGUE = (
    select(
        CourseListing.course_id,
        Course.code,
        Course.slug,
        CourseListing.title,
        CourseListing.title_language,
        CourseListing.short_title,
        CourseListing.summary,
        CourseListing.summary_language,
        CourseListing.theme_code,
        CourseListing.tags,
        CourseListing.level,
        CourseListing.minutes,
        CourseListing.updated_at,
    )
    .join(Course, Course.id == CourseListing.course_id)
    .where(CourseListing.language == bindparam("language"), Course.status == CourseStatus.PUBLISHED)
    .order_by(CourseListing.sort_key, Course.code)
)


def list_catalogue(
    language: str, *, theme: str | None = None, level: str | None = None, available_in: str | None = None
) -> list[CatalogueLine]:
    """The published courses, sorted by title in that language. ``available_in``: only those whole in this language."""
    availability: dict[int, dict[str, Availability]] = defaultdict(dict)
    for course_id, lang, found in db.fetch(_AVAILABILITY):
        availability[course_id][lang] = Availability(found)
    lines = [
        CatalogueLine(**{**row, "tags": tuple(row["tags"])}, availability=availability[row["course_id"]])
        for row in db.fetch(_CATALOGUE, language=language).mappings()
    ]
    return [
        line
        for line in lines
        if (not theme or line.theme_code == theme)
        and (not level or line.level == level)
        and (not available_in or line.availability.get(available_in) == Availability.FULL)
    ]


def find_published_file(sha: str) -> tuple[str, int] | None:
    """(media type, bytes) of a file that occurs in some edition, or None."""
    row = db.session.execute(
        select(PublishedFile.media_type, PublishedFile.bytes).where(PublishedFile.sha == sha)
    ).first()
    return (row[0], row[1]) if row else None


def list_drafts(*, seen_by: Identity) -> list[DraftLine]:
    """The courses whose draft the person may see, by code."""
    rows = db.session.execute(
        select(
            Course.id,
            Course.code,
            Course.slug,
            Course.status,
            Course.source_language,
            Course.title,
            Course.revision,
            Course.updated_at,
        )
        .where(drafts_seen_by(seen_by))
        .order_by(Course.code)
    )
    return [DraftLine(*row) for row in rows]


def get_draft_line(code: str, *, seen_by: Identity) -> DraftLine:
    """The course with that code, if the person may see its draft; raises NotFound."""
    for line in list_drafts(seen_by=seen_by):
        if line.code == code:
            return line
    raise NotFound


def load_draft(course_id: int) -> CourseDraft:
    """The whole draft of the course; raises NotFound."""
    course = db.session.get(Course, course_id)
    if course is None:
        raise NotFound
    outcomes = db.session.scalars(select(Outcome).where(Outcome.course_id == course_id).order_by(Outcome.position))
    media = db.session.scalars(select(Media).where(Media.course_id == course_id).order_by(Media.name))
    return CourseDraft(
        code=course.code,
        slug=course.slug,
        source_language=course.source_language,
        theme_code=course.theme_code,
        tags=tuple(course.tags),
        level=course.level,
        minutes=course.minutes,
        title=course.title,
        short_title=course.short_title or None,
        summary=course.summary,
        audience=course.audience or None,
        disclaimer=course.disclaimer or None,
        checked_on=course.checked_on,
        review_by=course.review_by,
        completion_share=course.completion_share,
        final_test_key=course.final_test_key,
        certificate_kind=course.certificate_kind,
        certificate_issue=course.certificate_issue,
        outcomes=tuple(OutcomeDraft(outcome.key, outcome.bloom, outcome.text) for outcome in outcomes),
        modules=_module_drafts(course_id),
        media=tuple(MediaFacts(m.name, m.sha, m.media_type, m.width, m.height, m.bytes) for m in media),
    )


def _module_drafts(course_id: int) -> tuple[ModuleDraft, ...]:
    modules = db.session.scalars(select(Module).where(Module.course_id == course_id).order_by(Module.position)).all()
    rows = db.session.scalars(
        select(Activity).where(Activity.course_id == course_id).order_by(Activity.module_id, Activity.position)
    ).all()
    drafts = _activity_drafts(rows)
    return tuple(
        ModuleDraft(module.key, module.title, tuple(drafts[row.id] for row in rows if row.module_id == module.id))
        for module in modules
    )


def _activity_drafts(rows: Sequence[Activity]) -> dict[int, ActivityDraft]:
    contents: dict[int, Any] = {}
    for name in sorted({row.kind for row in rows}):
        contents |= kind(name).load([row.id for row in rows if row.kind == name])
    return {
        row.id: ActivityDraft(
            kind=row.kind,
            key=row.key,
            stem=row.stem,
            title=row.title,
            required=row.required,
            minutes=row.minutes,
            content=contents[row.id],
        )
        for row in rows
    }


def substances(course_id: int) -> dict[str, int]:
    """Activity key → how often what it teaches or asks has changed."""
    rows = db.session.execute(select(Activity.key, Activity.substance).where(Activity.course_id == course_id))
    return {row.key: row.substance for row in rows}


def course_revision(course_id: int) -> int:
    """The number of the last save of the draft; raises NotFound."""
    found = db.session.scalar(select(Course.revision).where(Course.id == course_id))
    if found is None:
        raise NotFound
    return found


def newest_manifest(course_id: int) -> tuple[int, int, Mapping[str, Any]] | None:
    """(structure, texts, manifest) of the newest edition, or None."""
    row = db.session.execute(
        select(Edition.structure, Edition.texts, Edition.manifest)
        .where(Edition.course_id == course_id)
        .order_by(Edition.structure.desc(), Edition.texts.desc())
        .limit(1)
    ).first()
    return (row[0], row[1], row[2]) if row else None


def list_editions(course_id: int) -> list[tuple[int, int, int, datetime, str]]:
    """(id, structure, texts, published_at, note) of the editions, newest first."""
    rows = db.session.execute(
        select(Edition.id, Edition.structure, Edition.texts, Edition.published_at, Edition.note)
        .where(Edition.course_id == course_id)
        .order_by(Edition.structure.desc(), Edition.texts.desc())
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]
