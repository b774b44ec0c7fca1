"""A quiz as editions keep it: what is shown, in each language, and what the grader alone reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from academy.foundation.i18n import LocalizedText
from academy.quizzes.kinds.grading import GRADING
from academy.quizzes.rules.authored import AuthoredChoice, AuthoredItem, AuthoredQuiz, Settings

# A text in the language of the part, or {"text", "lang"} where it had to fall back.
Words = str | dict[str, str]


def shown(quiz: AuthoredQuiz, lang: str) -> dict[str, Any]:
    """What a page in that language needs. Neither keys of choices nor anything about what is right is in it."""
    return {
        "purpose": quiz.purpose,
        "intro": words(quiz.intro, lang) if quiz.intro else None,
        "settings": settings_json(quiz.settings),
        "items": [_item(item, lang) for item in quiz.items],
    }


def answers(quiz: AuthoredQuiz, languages: Sequence[str]) -> dict[str, Any]:
    """What is right, and what is explained afterwards: ``{"passing_score", "items": {key: {"kind", "key", …}}}``.

    ``feedback`` is language → words, ``choices`` language → words or None for each frozen choice; ``names`` are the
    authors' keys of the frozen choices, for statistics.
    """
    return {
        "passing_score": quiz.settings.passing_score,
        "items": {item.key: _answer(item, languages) for item in quiz.items},
    }


def settings_json(settings: Settings) -> dict[str, Any]:
    """The settings as a part keeps them."""
    return {
        "attempts": settings.attempts,
        "wait_hours": settings.wait_hours,
        "passing_score": settings.passing_score,
        "draw": settings.draw,
        "shuffle_items": settings.shuffle_items,
        "shuffle_choices": settings.shuffle_choices,
        "show": settings.show,
        "time_limit_minutes": settings.time_limit_minutes,
    }


def words(text: LocalizedText, lang: str) -> Words:
    """The text in that language, or the source text marked as such."""
    found = text.in_(lang)
    return found.text if found.lang == lang else {"text": found.text, "lang": found.lang}


def _item(item: AuthoredItem, lang: str) -> dict[str, Any]:
    grading = GRADING[item.kind]
    frozen: dict[str, Any] = {
        "key": item.key,
        "kind": item.kind,
        "outcome": item.outcome,
        "points": item.points,
        "text": words(item.text, lang),
    }
    if choices := grading.frozen(item):
        frozen["choices"] = [_choice(choice, lang) for choice in choices]
    if prompts := grading.prompts(item):
        frozen["prompts"] = [_side(choice.text, lang) for choice in prompts]
    if item.unit:
        frozen["unit"] = words(item.unit, lang)
    return frozen


def _choice(choice: AuthoredChoice, lang: str) -> Words:
    return _side(choice.match if choice.match is not None else choice.text, lang)


def _side(text: LocalizedText | None, lang: str) -> Words:
    return "" if text is None else words(text, lang)


def _answer(item: AuthoredItem, languages: Sequence[str]) -> dict[str, Any]:
    grading = GRADING[item.kind]
    choices = grading.frozen(item)
    answer: dict[str, Any] = {
        "kind": item.kind,
        "outcome": item.outcome,
        "points": item.points,
        "key": grading.key(item),
        "names": [choice.key for choice in choices],
    }
    if item.feedback is not None:
        answer["feedback"] = {lang: words(item.feedback, lang) for lang in languages}
    if any(choice.feedback is not None for choice in choices):
        answer["choices"] = {lang: [_explained(choice, lang) for choice in choices] for lang in languages}
    return answer


def _explained(choice: AuthoredChoice, lang: str) -> Words | None:
    return None if choice.feedback is None else words(choice.feedback, lang)
