"""The drafts of quizzes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from academy.foundation import db
from academy.quizzes.models import Choice, Item, Quiz
from academy.quizzes.rules.authored import AuthoredChoice, AuthoredItem, AuthoredQuiz, Settings


def load_quizzes(activity_ids: Sequence[int]) -> dict[int, AuthoredQuiz]:
    """Activity id → the quiz of its draft rows; three statements for any number."""
    return {row.activity_id: authored(row) for row in quiz_rows(activity_ids)}


def quiz_rows(activity_ids: Sequence[int]) -> list[Quiz]:
    """The draft rows with all items and choices, as the database has them now."""
    rows = (
        select(Quiz)
        .where(Quiz.activity_id.in_(activity_ids))
        .options(selectinload(Quiz.items).selectinload(Item.choices))
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(rows))


def authored(quiz: Quiz) -> AuthoredQuiz:
    """The quiz of its draft rows."""
    settings = Settings(
        attempts=quiz.attempts,
        wait_hours=quiz.wait_hours,
        passing_score=quiz.passing_score,
        draw=quiz.draw,
        shuffle_items=quiz.shuffle_items,
        shuffle_choices=quiz.shuffle_choices,
        show=quiz.show,
        time_limit_minutes=quiz.time_limit_minutes,
    )
    return AuthoredQuiz(quiz.purpose, quiz.intro, settings, tuple(_item(item) for item in quiz.items))


def _item(item: Item) -> AuthoredItem:
    return AuthoredItem(
        key=item.key,
        kind=item.kind,
        outcome=item.outcome_key,
        bloom=item.bloom,
        text=item.text,
        points=item.points,
        feedback=item.feedback,
        choices=tuple(_choice(choice) for choice in item.choices),
        correct=item.correct,
        answer=_decimal(item.answer),
        tolerance=_decimal(item.tolerance),
        unit=item.unit,
    )


def _choice(choice: Choice) -> AuthoredChoice:
    return AuthoredChoice(choice.key, choice.role, choice.text, choice.match, choice.feedback, choice.correct)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
