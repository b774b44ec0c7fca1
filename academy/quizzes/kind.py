"""The quiz as a kind of activity: what ``courses`` asks of every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from werkzeug import Response

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
from academy.foundation.i18n import gettext as _
from academy.quizzes import actions, queries, views
from academy.quizzes.formats import quiz_file
from academy.quizzes.formats.quiz_file import QuizFile
from academy.quizzes.rules import checking, comparing, freezing
from academy.quizzes.rules.authored import AuthoredQuiz


class QuizKind:
    """Registered by ``app.py``."""

    name = "quiz"
    file_suffix = ".quiz.toml"
    per_language = False

    @property
    def label(self) -> str:
        """“Quiz”, in the running language."""
        return _("Quiz")

    def read_package(self, files: ActivityFiles) -> ReadActivity:
        """The draft that the file describes, with every fault of form."""
        name = files.names[""]
        read, faults = quiz_file.read(
            files.texts[""], file=name, source=files.source_language, languages=files.languages
        )
        if read is None:
            return ReadActivity(None, tuple(faults))
        draft = ActivityDraft(
            self.name, read.key, files.stem, read.title, read.required, read.minutes, read.quiz, (name,)
        )
        return ReadActivity(draft, tuple(faults))

    def check(self, draft: ActivityDraft, course: CourseFacts) -> list[Fault]:
        """Every fault of content."""
        name = draft.files[0] if draft.files else draft.key
        found = checking.faults(draft.content, required=draft.required, outcomes=course.outcome_keys)
        return [Fault(name, 0, words) for words in found]

    def write_package(self, draft: ActivityDraft, course: CourseFacts) -> dict[str, str]:
        """The one file of all languages."""
        file = QuizFile(draft.key, draft.title, draft.minutes, draft.required, draft.content)
        return {"": quiz_file.write(file, course.languages)}

    def texts(self, draft: ActivityDraft) -> Sequence[TextPiece]:
        """Every text of the quiz, in reading order."""
        return [TextPiece(field, text) for field, text in draft.content.texts()]

    def freeze(self, draft: ActivityDraft, course: CourseFacts) -> FrozenActivity:
        """What is shown, in each language that the quiz has anything in, and what the grader alone reads."""
        quiz: AuthoredQuiz = draft.content
        texts = [draft.title, *(text for _field, text in quiz.texts())]
        there = [lang for lang in course.languages if any(text.has(lang) for text in texts)]
        return FrozenActivity(
            parts={lang: freezing.shown(quiz, lang) for lang in there},
            complete=frozenset(lang for lang in there if all(text.has(lang) for text in texts)),
            answers=freezing.answers(quiz, there),
            purpose=quiz.purpose,
        )

    def search_text(self, part: Mapping[str, Any]) -> str:
        """Nothing: questions are not to be found by a search."""
        return ""

    def load(self, activity_ids: Sequence[int]) -> Mapping[int, AuthoredQuiz]:
        """Activity id → quiz."""
        return queries.load_quizzes(activity_ids)

    def store(self, activity_id: int, content: AuthoredQuiz, *, now: datetime) -> Change:
        """The draft rows hold the quiz afterwards."""
        before = actions.store_quiz(activity_id, content)
        if before == content:
            return Change.NONE
        words_only = before is not None and comparing.same_substance(before, content)
        return Change.WORDS if words_only else Change.SUBSTANCE

    def page(self, page: PageContext) -> str | Response:
        """The rules of the quiz, what came of earlier attempts, and the start."""
        return views.quiz_page(page)


KIND = QuizKind()
