"""Taking published courses into the search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from academy.courses import queries
from academy.courses.editions import EditionView
from academy.courses.kinds import kind
from academy.courses.models import OwedIndexing
from academy.foundation import db, search
from academy.foundation.jobs import job, sweep
from academy.foundation.search import SearchDocument


@job("courses.index_course")
def index_course(course_id: int) -> None:
    """The search finds the newest edition of the course, and nothing older of it, if that was owed.

    One short unit of work for each text: to find the stems of words takes its time.
    """
    with db.current().read():
        owed_at = db.session.scalar(select(OwedIndexing.owed_at).where(OwedIndexing.course_id == course_id))
        if owed_at is None:
            return
        edition = queries.get_edition(queries.newest_edition_id(course_id))
        texts = [*_course_texts(edition), *_activity_texts(edition)]
        rows = db.session.execute(
            select(SearchDocument.kind, SearchDocument.key, SearchDocument.lang).where(
                SearchDocument.group_key == edition.course_code
            )
        )
        there = {(row.kind, row.key, row.lang) for row in rows}
    for text in texts:
        with db.current().write():
            search.put(
                text.kind,
                text.key,
                text.lang,
                title=text.title,
                text=text.text,
                group=edition.course_code,
                url_key=text.url_key,
            )
    with db.current().write():
        for kind_, key, lang in there - {(text.kind, text.key, text.lang) for text in texts}:
            db.session.execute(
                delete(SearchDocument).where(
                    SearchDocument.kind == kind_, SearchDocument.key == key, SearchDocument.lang == lang
                )
            )
        db.session.execute(
            delete(OwedIndexing).where(OwedIndexing.course_id == course_id, OwedIndexing.owed_at == owed_at)
        )


@sweep("courses.index_owed")
def index_owed(now: datetime) -> None:
    """Every course whose indexing was owed is indexed."""
    with db.current().read():
        owed = db.session.scalars(select(OwedIndexing.course_id).where(OwedIndexing.owed_at <= now)).all()
    for course_id in owed:
        index_course(course_id)


@dataclass(frozen=True)
class _Text:
    """What the search shall know of one thing in one language."""

    kind: str
    key: str
    lang: str
    title: str
    text: str
    url_key: str


def _activity_texts(edition: EditionView) -> Iterator[_Text]:
    for activity in edition.activities:
        for lang, sha in activity.parts.items():
            text = kind(activity.kind).search_text(queries.get_part(sha))
            if text:
                key = f"{edition.course_code}/{activity.key}"
                address = f"{edition.slug}/{activity.key}"
                yield _Text(activity.kind, key, lang, activity.title.plain(lang), text, address)


def _course_texts(edition: EditionView) -> Iterator[_Text]:
    parts = [edition.short_title, edition.summary, edition.audience]
    parts += [outcome.text for outcome in edition.outcomes] + [module.title for module in edition.modules]
    for lang in edition.title.languages:
        text = " ".join(part.texts[lang] for part in parts if part.has(lang))
        yield _Text("course", edition.course_code, lang, edition.title.plain(lang), text, edition.slug)
