"""Editions to reckon with, and records in them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from academy.courses.editions import ActivityView, CompletionRule, EditionView, ModuleView
from academy.foundation.i18n import LocalizedText
from academy.progress.rules import Record

AT = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


def text(english: str, russian: str | None = None) -> LocalizedText:
    """A text in both languages, or in English alone when the Russian is empty."""
    return LocalizedText.of("en", en=english, ru=russian) if russian else LocalizedText.of("en", en=english)


def activity_view(key: str, *, module_key: str = "m1", position: int = 1, **changes: Any) -> ActivityView:
    """A required lesson of ten minutes; a key that begins with ``check``, ``pre`` or ``final`` is a quiz."""
    purpose = next((word for word in ("check", "pre", "final") if key.startswith(word)), "")
    values: dict[str, Any] = {
        "key": key,
        "kind": "quiz" if purpose else "lesson",
        "title": text(f"Activity {key}", f"Занятие {key}"),
        "minutes": 10,
        "required": purpose != "pre",
        "position": position,
        "module_key": module_key,
        "parts": {"en": f"{key}-en", "ru": f"{key}-ru"},
        "purpose": purpose,
    }
    return ActivityView(**values | changes)


def edition_view(
    modules: Sequence[Sequence[str | ActivityView]] = (("pre-test", "lesson-1", "check-1"), ("lesson-2", "final-test")),
    *,
    share: float = 0.8,
    final_test_key: str | None = "final-test",
    **changes: Any,
) -> EditionView:
    """A course of two modules with a pre-test, two lessons, a check and a final test."""
    views = tuple(
        ModuleView(
            key=f"m{number}",
            title=text(f"Module {number}", f"Модуль {number}"),
            position=number,
            activities=tuple(
                activity
                if isinstance(activity, ActivityView)
                else activity_view(activity, module_key=f"m{number}", position=place)
                for place, activity in enumerate(activities, start=1)
            ),
        )
        for number, activities in enumerate(modules, start=1)
    )
    values: dict[str, Any] = {
        "id": 1,
        "course_id": 1,
        "course_code": "DOC",
        "slug": "document-fraud",
        "structure": 1,
        "texts": 0,
        "source_language": "en",
        "languages": ("en", "ru"),
        "title": text("Recognising document fraud", "Распознавание поддельных документов"),
        "short_title": text("Document fraud", "Поддельные документы"),
        "summary": text("Check a document in order.", "Проверяйте документ по порядку."),
        "audience": text("For officers.", "Для сотрудников."),
        "disclaimer": text("No legal advice.", "Не юридическая консультация."),
        "theme_code": "T1",
        "tags": (),
        "level": "introductory",
        "minutes": 150,
        "checked_on": None,
        "review_by": None,
        "outcomes": (),
        "modules": views,
        "completion": CompletionRule(share, final_test_key),
        "certificate_kind": "completion",
        "certificate_issue": "automatic",
        "published_at": AT,
    }
    return EditionView(**values | changes)


def record(key: str, **changes: Any) -> Record:
    """The activity was done on the content of today."""
    values: dict[str, Any] = {
        "activity_key": key,
        "substance": 1,
        "completed_at": AT,
        "part_sha": f"{key}-en",
        "edition_id": 1,
    }
    return Record(**values | changes)
