"""Lessons as a kind of activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from werkzeug import Response

from academy.courses.formats import markdown
from academy.courses.formats.text_check import check_text, compare_texts
from academy.courses.kinds import (
    ActivityDraft,
    ActivityFiles,
    Change,
    CourseFacts,
    Fault,
    FrozenActivity,
    PageContext,
    ReadActivity,
    TextPiece,
)
from academy.foundation import db
from academy.foundation.i18n import gettext as _
from academy.lessons import page as lesson_page
from academy.lessons.content import LessonContent
from academy.lessons.formats.lesson_file import read_lesson, write_lesson
from academy.lessons.models import Lesson


class LessonKind:
    """Text to read, with figures."""

    name = "lesson"
    file_suffix = ".md"
    per_language = True

    @property
    def label(self) -> str:
        """What a reader calls it."""
        return _("Lesson")

    def read_package(self, files: ActivityFiles) -> ReadActivity:
        """The lesson that the files describe."""
        return read_lesson(files)

    def write_package(self, draft: ActivityDraft, course: CourseFacts) -> dict[str, str]:
        """Language → file text."""
        return write_lesson(draft, course.languages)

    def check(self, draft: ActivityDraft, course: CourseFacts) -> list[Fault]:
        """Every fault of the texts; a current translation must be built like its source."""
        content: LessonContent = draft.content
        source = content.body.texts[content.body.source]
        faults = []
        if not source.strip():
            line = content.lines.get(content.body.source, 0)
            faults.append(Fault(_file(draft, content.body.source), line, "the lesson has no text"))
        for lang, text in content.body.texts.items():
            file, line = _file(draft, lang), content.lines.get(lang, 1)
            faults += check_text(text, file, media=course.media, activity_keys=course.activity_keys, first_line=line)
            if lang != content.body.source and content.body.status(lang) == "current":
                faults += compare_texts(source, text, file, source_language=content.body.source, first_line=line)
        return faults

    def texts(self, draft: ActivityDraft) -> Sequence[TextPiece]:
        """The body."""
        return (TextPiece("body", draft.content.body, markdown=True),)

    def freeze(self, draft: ActivityDraft, course: CourseFacts) -> FrozenActivity:
        """The body as clean HTML in each language that it has."""
        content: LessonContent = draft.content
        shown: set[str] = set()

        def find(name: str) -> markdown.Picture | None:
            media = course.media.get(name)
            if media is None:
                return None
            shown.add(name)
            return markdown.Picture(f"/files/{media.sha}/{media.name}", media.width, media.height)

        parts = {}
        for lang, text in content.body.texts.items():
            rendered = markdown.render(text, media=find, prefix=draft.key)
            parts[lang] = {
                "title": draft.title.plain(lang),
                "title_language": draft.title.in_(lang).lang,
                "blocks": [[block.number, block.html] for block in rendered.blocks],
                "footnotes": rendered.footnotes,
                "sources": list(content.sources),
                "sources_language": content.body.source,
                "checked_on": content.checked_on.isoformat() if content.checked_on else None,
                "outdated": content.body.status(lang) == "outdated",
            }
        complete = frozenset(lang for lang in parts if draft.title.has(lang))
        return FrozenActivity(parts, complete, media=frozenset(shown))

    def search_text(self, part: Mapping[str, Any]) -> str:
        """All words of the body."""
        return markdown.plain_text("\n".join(html for _number, html in part["blocks"]) + part["footnotes"])

    def load(self, activity_ids: Sequence[int]) -> Mapping[int, LessonContent]:
        """Activity id → content."""
        rows = db.session.scalars(select(Lesson).where(Lesson.activity_id.in_(activity_ids)))
        return {row.activity_id: LessonContent(row.body, tuple(row.sources), row.checked_on) for row in rows}

    def store(self, activity_id: int, content: LessonContent, *, now: datetime) -> Change:
        """The draft row holds the content."""
        row = db.session.get(Lesson, activity_id)
        if row is None:
            db.session.add(
                Lesson(
                    activity_id=activity_id,
                    body=content.body,
                    sources=list(content.sources),
                    checked_on=content.checked_on,
                )
            )
            db.session.flush()
            return Change.SUBSTANCE
        old = LessonContent(row.body, tuple(row.sources), row.checked_on)
        if old == content:
            return Change.NONE
        row.body, row.sources, row.checked_on = content.body, list(content.sources), content.checked_on
        db.session.flush()
        same = old.body.source_fingerprint == content.body.source_fingerprint
        return Change.WORDS if same else Change.SUBSTANCE

    def page(self, page: PageContext) -> str | Response:
        """The lesson to read."""
        return lesson_page.show(page)

    def print_html(self, part: Mapping[str, Any]) -> Markup:
        """The text of a part in one piece, for a module on paper."""
        return lesson_page.whole(part)


def _file(draft: ActivityDraft, lang: str) -> str:
    endings = [file for file in draft.files if file.endswith(f".{lang}.md")]
    return endings[0] if endings else f"{draft.key} ({lang})"


KIND = LessonKind()
