"""Quizzes with valid defaults: as written, published in a course of their own, and taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from academy.accounts.models import User
from academy.courses import kinds
from academy.courses.drafts import CourseDraft, ModuleDraft, OutcomeDraft
from academy.courses.kinds import ActivityDraft
from academy.courses.models import AnswerPart, Course, Edition, Part
from academy.courses.publishing import prepare
from academy.enrolments.models import Enrolment
from academy.foundation import db
from academy.foundation.i18n import LocalizedText
from academy.foundation.security import Identity
from academy.quizzes import actions, queries
from academy.quizzes.actions import Answer
from academy.quizzes.kind import QuizKind
from academy.quizzes.kinds.grading import GRADING
from academy.quizzes.rules.authored import AuthoredChoice, AuthoredItem, AuthoredQuiz, Settings

AT = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
OUTCOMES = ("O1", "O2", "O3")
_numbers = count(1)


def text(english: str, russian: str | None = None) -> LocalizedText:
    """A text in both languages; without a Russian one it is «<english>»."""
    return LocalizedText.of("en", en=english, ru=russian or f"«{english}»")


def item(kind: str = "single", key: str | None = None, **given: Any) -> AuthoredItem:
    """A valid item of that kind; arguments are fields of AuthoredItem."""
    key = key or kind.replace("_", "-")
    values: dict[str, Any] = {
        "key": key,
        "kind": kind,
        "outcome": "O1",
        "bloom": "understand",
        "text": text(f"Question {key}?"),
        "feedback": text(f"Feedback on {key}."),
    }
    make = {
        "single": lambda: {"choices": choices("abc", right="b")},
        "multiple": lambda: {"choices": choices("abcd", right="ab"), "points": 2},
        "true_false": lambda: {"correct": True},
        "ordering": lambda: {"choices": tuple(AuthoredChoice(k, "element", text(f"Step {k}")) for k in "abcd")},
        "matching": lambda: {
            "choices": (
                *(AuthoredChoice(k, "pair", text(f"Left {k}"), text(f"Right {k}")) for k in "abc"),
                AuthoredChoice("d", "extra", None, text("Right d")),
            )
        },
        "numeric": lambda: {"answer": Decimal("2.5"), "tolerance": Decimal("0.5"), "unit": text("mm", "мм")},
    }
    return AuthoredItem(**values | make[kind]() | given)


def choices(keys: str, *, right: str) -> tuple[AuthoredChoice, ...]:
    """Choices with those keys."""
    return tuple(
        AuthoredChoice(key, "choice", text(f"Choice {key}"), None, text(f"Because {key}."), key in right)
        for key in keys
    )


KINDS = ("single", "multiple", "true_false", "ordering", "matching", "numeric")


def quiz(*items: AuthoredItem, purpose: str = "check", **settings: Any) -> AuthoredQuiz:
    """A valid quiz; without items it has one of each kind. Other arguments are Settings."""
    values: dict[str, Any] = {
        "check": {},
        "pre": {"show": "outcomes"},
        "final": {"show": "outcomes", "passing_score": 0.7, "attempts": 3},
    }[purpose]
    return AuthoredQuiz(
        purpose,
        text("A few words before."),
        Settings(**values | settings),
        items or tuple(item(kind) for kind in KINDS),
    )


def draft(content: AuthoredQuiz | None = None, **given: Any) -> ActivityDraft:
    """The quiz as an activity."""
    content = content or quiz()
    values: dict[str, Any] = {
        "kind": "quiz",
        "key": "check-1",
        "stem": "05-check",
        "title": text("Check yourself", "Проверьте себя"),
        "required": content.purpose != "pre",
        "minutes": 5,
        "content": content,
    }
    return ActivityDraft(**values | given)


def course_draft(*activities: ActivityDraft, **given: Any) -> CourseDraft:
    """A course of one module with these activities."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": f"Q{number}",
        "slug": f"quiz-course-{number}",
        "source_language": "en",
        "theme_code": "T1",
        "tags": (),
        "level": "introductory",
        "minutes": 10,
        "title": text("A course with a quiz", "Курс с тестом"),
        "short_title": None,
        "summary": text("One sentence.", "Одно предложение."),
        "audience": None,
        "disclaimer": None,
        "checked_on": None,
        "review_by": None,
        "completion_share": 1.0,
        "final_test_key": None,
        "certificate_kind": "none",
        "certificate_issue": "automatic",
        "outcomes": tuple(OutcomeDraft(key, "understand", text(f"Outcome {key}")) for key in OUTCOMES),
        "modules": (ModuleDraft("m1", text("Module", "Модуль"), activities or (draft(),)),),
        "media": (),
    }
    return CourseDraft(**values | given)


def publish(course: CourseDraft | None = None, *, before: Edition | None = None, at: datetime = AT) -> Edition:
    """An edition of the course; the next structure of that of *before*. In an open unit of work."""
    kinds.register(QuizKind())
    course = course or course_draft()
    row = db.session.get(Course, before.course_id) if before else _course_row(course, at)
    assert row is not None
    prepared = prepare(course, course_id=row.id, revision=1, substances={}, languages=("en", "ru"))
    for table, bodies in ((Part, prepared.parts), (AnswerPart, prepared.answers)):
        for sha, body in bodies.items():
            if db.session.get(table, sha) is None:
                db.session.add(table(sha=sha, body=body))
    edition = Edition(
        course_id=row.id,
        structure=before.structure + 1 if before else 1,
        texts=0,
        manifest=prepared.manifest,
        published_at=at,
        note="",
    )
    db.session.add(edition)
    db.session.flush()
    return edition


def _course_row(course: CourseDraft, at: datetime) -> Course:
    row = Course(
        code=course.code,
        slug=course.slug,
        source_language="en",
        status="published",
        title=course.title,
        short_title=course.title,
        summary=course.summary,
        audience=text("All"),
        disclaimer=text("None"),
        certificate_kind=course.certificate_kind,
        completion_share=course.completion_share,
        final_test_key=course.final_test_key,
        created_at=at,
        updated_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def publish_quiz(content: AuthoredQuiz | None = None, **given: Any) -> Edition:
    """An edition of a course whose only activity is the quiz; it is the final test where it says so."""
    activity = draft(content, **given)
    final = activity.key if activity.content.purpose == "final" else None
    return publish(course_draft(activity, final_test_key=final))


def enrol(user: User, edition: Edition, **given: Any) -> Enrolment:
    """The person in the course of the edition."""
    values: dict[str, Any] = {
        "user_id": user.id,
        "course_id": edition.course_id,
        "structure": edition.structure,
        "enrolled_at": AT,
    }
    enrolment = Enrolment(**values | given)
    db.session.add(enrolment)
    db.session.flush()
    return enrolment


def start(enrolment: Enrolment, who: Identity, *, key: str = "check-1", at: datetime = AT) -> queries.AttemptView:
    """An open attempt of the person."""
    uuid = actions.start_attempt(enrolment.id, key, actor=who, now=at)
    return queries.get_attempt(uuid, seen_by=who)


def best_values(attempt: queries.AttemptView) -> dict[str, Any]:
    """Item key → the value that earns everything, for each item drawn."""
    answers = queries.answers_of(attempt)["items"]
    return {key: GRADING[answers[key]["kind"]].best(answers[key]["key"]) for key, _order in attempt.draw}


def answer_all(
    attempt: queries.AttemptView, who: Identity, *, values: Mapping[str, Any] | None = None, at: datetime = AT
) -> None:
    """The values (default: all right) are saved."""
    for key, value in (best_values(attempt) if values is None else values).items():
        actions.save_answer(attempt.id, key, Answer(value, 1), language="en", actor=who, now=at)


def without_texts(content: AuthoredQuiz, *languages: str) -> AuthoredQuiz:
    """The quiz with only these languages in its questions."""

    def cut(words: LocalizedText) -> LocalizedText:
        return LocalizedText(words.source, {lang: words.texts[lang] for lang in languages if words.has(lang)}, {})

    return replace(content, items=tuple(replace(each, text=cut(each.text)) for each in content.items))
