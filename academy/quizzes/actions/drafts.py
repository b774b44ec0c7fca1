"""Changing the drafts of quizzes."""

from __future__ import annotations

from typing import Any

from academy.foundation import db
from academy.quizzes import queries
from academy.quizzes.models import Choice, Item, Quiz
from academy.quizzes.rules.authored import AuthoredChoice, AuthoredItem, AuthoredQuiz


def store_quiz(activity_id: int, quiz: AuthoredQuiz) -> AuthoredQuiz | None:
    """The draft rows hold this quiz afterwards; gives what they held before.

    Items and choices keep their rows by their keys.
    """
    rows = queries.quiz_rows([activity_id])
    before = queries.authored(rows[0]) if rows else None
    if before == quiz:
        return before
    row = rows[0] if rows else Quiz(activity_id=activity_id, items=[])
    db.session.add(row)
    settings = quiz.settings
    _set(
        row,
        purpose=quiz.purpose,
        intro=quiz.intro,
        attempts=settings.attempts,
        wait_hours=settings.wait_hours,
        passing_score=settings.passing_score,
        draw=settings.draw,
        shuffle_items=settings.shuffle_items,
        shuffle_choices=settings.shuffle_choices,
        show=settings.show,
        time_limit_minutes=settings.time_limit_minutes,
    )
    known = {item.key: item for item in row.items}
    row.items = [_item(known.get(item.key), item, position) for position, item in enumerate(quiz.items, start=1)]
    db.session.flush()
    return before


def _item(row: Item | None, item: AuthoredItem, position: int) -> Item:
    row = row or Item(key=item.key, choices=[])
    _set(
        row,
        kind=item.kind,
        position=position,
        outcome_key=item.outcome,
        bloom=item.bloom,
        points=item.points,
        text=item.text,
        feedback=item.feedback,
        correct=item.correct,
        answer=None if item.answer is None else str(item.answer),
        tolerance=None if item.tolerance is None else str(item.tolerance),
        unit=item.unit,
    )
    known = {choice.key: choice for choice in row.choices}
    row.choices = [_choice(known.get(c.key), c, position) for position, c in enumerate(item.choices, start=1)]
    return row


def _choice(row: Choice | None, choice: AuthoredChoice, position: int) -> Choice:
    row = row or Choice(key=choice.key)
    _set(
        row,
        role=choice.role,
        position=position,
        correct=choice.correct,
        text=choice.text,
        match=choice.match,
        feedback=choice.feedback,
    )
    return row


def _set(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
