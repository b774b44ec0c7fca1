"""How much one state of a quiz differs from another."""

from __future__ import annotations

from typing import Any

from academy.quizzes.rules.authored import AuthoredItem, AuthoredQuiz


def same_substance(one: AuthoredQuiz, other: AuthoredQuiz) -> bool:
    """Whether the same is asked, right and enough; words, order and the manner of taking may differ."""
    return bool(_substance(one) == _substance(other))


def _substance(quiz: AuthoredQuiz) -> Any:
    settings = quiz.settings
    items = sorted(_item(item) for item in quiz.items)
    return quiz.purpose, settings.passing_score, settings.draw, items


def _item(item: AuthoredItem) -> tuple[Any, ...]:
    choices = [(choice.role, choice.key, choice.correct) for choice in item.choices]
    in_order = item.kind == "ordering"
    return (
        item.key,
        item.kind,
        item.outcome,
        item.points,
        str(item.correct),
        str(item.answer),
        str(item.tolerance),
        tuple(choices if in_order else sorted(choices)),
    )
