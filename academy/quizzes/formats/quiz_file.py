"""``NN-key.quiz.toml``: a quiz as people write it, all languages side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from academy.courses.formats.faults import Fault
from academy.courses.formats.toml_reading import Table, parse
from academy.courses.formats.toml_writing import TomlText
from academy.foundation.i18n import LocalizedText
from academy.quizzes.rules.authored import (
    BLOOM_LEVELS,
    PURPOSES,
    SHOWS,
    AuthoredChoice,
    AuthoredItem,
    AuthoredQuiz,
    Settings,
)

KINDS_IN_FILES = ("single", "multiple", "true_false", "ordering", "matching", "numeric")
# Role → name of its list of tables.
LISTS = {"choice": "choices", "element": "elements", "pair": "pairs", "extra": "extras"}
ROLES = {
    "single": ("choice",),
    "multiple": ("choice",),
    "true_false": (),
    "ordering": ("element",),
    "matching": ("pair", "extra"),
    "numeric": (),
}


@dataclass(frozen=True)
class QuizFile:
    """The whole file: the quiz, and what its activity keeps."""

    key: str
    title: LocalizedText
    minutes: int
    required: bool
    quiz: AuthoredQuiz


def read(text: str, *, file: str, source: str, languages: Sequence[str]) -> tuple[QuizFile | None, list[Fault]]:
    """The quiz of the file, or None when it has no key or title, and every fault of form with its line."""
    faults: list[Fault] = []
    table = parse(text, file, faults)
    if table is None:
        return None, faults
    key = table.key()
    purpose = table.one_of("purpose", PURPOSES, "check")
    minutes = table.integer("minutes", least=1, most=600)
    required = table.flag("required", default=True)
    title = table.localized("title", source, languages)
    intro = table.localized("intro", source, languages, required=False)
    settings = _settings(table.table("settings"))
    items = [_item(entry, source, languages) for entry in table.tables("item")]
    table.close()
    if not key or title is None:
        return None, faults
    quiz = AuthoredQuiz(purpose, intro, settings, tuple(item for item in items if item is not None))
    return QuizFile(key, title, minutes, required, quiz), faults


def write(file: QuizFile, languages: Sequence[str]) -> str:
    """The file's text, in its one canonical form."""
    quiz, settings = file.quiz, file.quiz.settings
    toml = TomlText()
    toml.values({"key": file.key, "purpose": quiz.purpose, "minutes": file.minutes, "required": file.required})
    toml.localized("title", file.title, languages)
    toml.localized("intro", quiz.intro, languages)
    toml.table(
        "settings",
        {
            "attempts": settings.attempts,
            "wait_hours": settings.wait_hours,
            "passing_score": settings.passing_score,
            "time_limit_minutes": settings.time_limit_minutes,
            "draw": settings.draw,
            "shuffle_items": settings.shuffle_items,
            "shuffle_choices": settings.shuffle_choices,
            "show": settings.show,
        },
    )
    for item in quiz.items:
        _write_item(toml, item, languages)
    return str(toml)


def _settings(table: Table | None) -> Settings:
    if table is None:
        return Settings()
    settings = Settings(
        attempts=table.integer("attempts", 0, most=100),
        wait_hours=table.integer("wait_hours", 0, most=10_000),
        passing_score=table.number("passing_score", least=0.01, most=1) if table.has("passing_score") else None,
        draw=table.integer("draw", least=1, most=1000) if table.has("draw") else None,
        shuffle_items=table.flag("shuffle_items", default=False),
        shuffle_choices=table.flag("shuffle_choices", default=True),
        show=table.one_of("show", SHOWS, "feedback"),
        time_limit_minutes=(
            table.integer("time_limit_minutes", least=1, most=1440) if table.has("time_limit_minutes") else None
        ),
    )
    table.close()
    return settings


def _item(table: Table, source: str, languages: Sequence[str]) -> AuthoredItem | None:
    key = table.key()
    kind = table.one_of("kind", KINDS_IN_FILES)
    outcome = table.text("outcome")
    bloom = table.one_of("bloom", BLOOM_LEVELS)
    points = table.integer("points", 1, least=1, most=100)
    correct = table.flag("correct") if kind == "true_false" else None
    answer = _decimal(table, "answer") if kind == "numeric" else None
    tolerance = _decimal(table, "tolerance") if kind == "numeric" and table.has("tolerance") else None
    text = table.localized("text", source, languages)
    feedback = table.localized("feedback", source, languages, required=False)
    unit = table.localized("unit", source, languages, required=False) if kind == "numeric" else None
    choices = [_choice(entry, role, source, languages) for role in ROLES[kind] for entry in table.tables(LISTS[role])]
    table.close()
    if not key or text is None:
        return None
    return AuthoredItem(
        key, kind, outcome, bloom, text, points, feedback, tuple(choices), correct, answer, tolerance, unit
    )


def _choice(table: Table, role: str, source: str, languages: Sequence[str]) -> AuthoredChoice:
    key = table.key()
    correct = table.flag("correct", default=False) if role == "choice" else False
    left, right = None, None
    if role == "pair":
        left = table.localized("left", source, languages)
        right = table.localized("right", source, languages)
    elif role == "extra":
        right = table.localized("text", source, languages)
    else:
        left = table.localized("text", source, languages)
    feedback = table.localized("feedback", source, languages, required=False) if role == "choice" else None
    table.close()
    return AuthoredChoice(key, role, left, right, feedback, correct)


def _decimal(table: Table, key: str) -> Decimal:
    return Decimal(repr(table.number(key, least=-1e15, most=1e15)))


def _write_item(toml: TomlText, item: AuthoredItem, languages: Sequence[str]) -> None:
    toml.entry(
        "item",
        {
            "key": item.key,
            "kind": item.kind,
            "outcome": item.outcome,
            "bloom": item.bloom,
            "points": item.points,
            "correct": item.correct,
            "answer": None if item.answer is None else float(item.answer),
            "tolerance": None if item.tolerance is None else float(item.tolerance),
        },
    )
    toml.localized("item.text", item.text, languages)
    toml.localized("item.feedback", item.feedback, languages)
    toml.localized("item.unit", item.unit, languages)
    for choice in item.choices:
        _write_choice(toml, choice, languages)


def _write_choice(toml: TomlText, choice: AuthoredChoice, languages: Sequence[str]) -> None:
    name = f"item.{LISTS[choice.role]}"
    toml.entry(name, {"key": choice.key, "correct": choice.correct if choice.role == "choice" else None}, blank=False)
    if choice.role == "pair":
        toml.localized(f"{name}.left", choice.text, languages)
        toml.localized(f"{name}.right", choice.match, languages)
    elif choice.role == "extra":
        toml.localized(f"{name}.text", choice.match, languages)
    else:
        toml.localized(f"{name}.text", choice.text, languages)
    toml.localized(f"{name}.feedback", choice.feedback, languages)
