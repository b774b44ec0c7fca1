"""The content of a lesson, as a draft carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from academy.foundation.i18n import LocalizedText


@dataclass(frozen=True)
class LessonContent:
    """Markdown in all languages, what it rests on, and when its facts were checked.

    ``lines``: language → line of its file on which the body begins, when it was read from one.
    """

    body: LocalizedText
    sources: tuple[str, ...] = ()
    checked_on: date | None = None
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, hash=False)
