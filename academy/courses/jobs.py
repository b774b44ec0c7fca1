"""Taking published courses into the search."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from academy.courses import queries
from academy.courses.editions import ActivityView, EditionView
from academy.courses.kinds import kind
from academy.courses.models import OwedIndexing
from academy.foundation import db, search
from academy.foundation.jobs import job, sweep


@job("courses.index_course")
def index_course(course_id: int) -> None:
    """The search finds the newest edition of the course, if that was owed."""
    with db.current().read():
        owed_at = db.session.scalar(select(OwedIndexing.owed_at).where(OwedIndexing.course_id == course_id))
        if owed_at is None:
            return
        edition = queries.get_edition(queries.newest_edition_id(course_id))
        lessons = [entry for activity in edition.activities for entry in _texts(activity)]
    with db.current().write():
        search.remove_group(edition.course_code)
        _put_course(edition)
        for activity, lang, title, text in lessons:
            search.put(
                activity.kind,
                f"{edition.course_code}/{activity.key}",
                lang,
                title=title,
                text=text,
                group=edition.course_code,
                url_key=f"{edition.slug}/{activity.key}",
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


def _texts(activity: ActivityView) -> list[tuple[ActivityView, str, str, str]]:
    found = []
    for lang, sha in activity.parts.items():
        text = kind(activity.kind).search_text(queries.get_part(sha))
        if text:
            found.append((activity, lang, activity.title.plain(lang), text))
    return found


def _put_course(edition: EditionView) -> None:
    for lang in edition.title.languages:
        texts = [edition.short_title, edition.summary, edition.audience, *(o.text for o in edition.outcomes)]
        texts += [module.title for module in edition.modules]
        search.put(
            "course",
            edition.course_code,
            lang,
            title=edition.title.plain(lang),
            text=" ".join(text.texts[lang] for text in texts if text.has(lang)),
            group=edition.course_code,
            url_key=edition.slug,
        )
