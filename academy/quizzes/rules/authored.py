"""A quiz as its authors write it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from academy.foundation.i18n import LocalizedText

PURPOSES = ("check", "pre", "final")
SHOWS = ("feedback", "outcomes")
BLOOM_LEVELS = ("remember", "understand", "apply", "analyse", "evaluate", "create")


@dataclass(frozen=True)
class AuthoredChoice:
    """A choice, an element to order, a pair (``text`` matches ``match``) or an extra right side (only ``match``)."""

    key: str
    role: str = "choice"
    text: LocalizedText | None = None
    match: LocalizedText | None = None
    feedback: LocalizedText | None = None
    correct: bool = False


@dataclass(frozen=True)
class AuthoredItem:
    """One question. Elements stand in the right order."""

    key: str
    kind: str
    outcome: str
    bloom: str
    text: LocalizedText
    points: int = 1
    feedback: LocalizedText | None = None
    choices: tuple[AuthoredChoice, ...] = ()
    correct: bool | None = None
    answer: Decimal | None = None
    tolerance: Decimal | None = None
    unit: LocalizedText | None = None

    def of_role(self, role: str) -> tuple[AuthoredChoice, ...]:
        """The choices of one role, as written."""
        return tuple(choice for choice in self.choices if choice.role == role)


@dataclass(frozen=True)
class Settings:
    """How a quiz is taken. ``attempts`` 0 means as many as you like; ``draw`` None means all items."""

    attempts: int = 0
    wait_hours: int = 0
    passing_score: float | None = None
    draw: int | None = None
    shuffle_items: bool = False
    shuffle_choices: bool = True
    show: str = "feedback"
    time_limit_minutes: int | None = None


@dataclass(frozen=True)
class AuthoredQuiz:
    """A whole quiz, without what its activity row holds."""

    purpose: str = "check"
    intro: LocalizedText | None = None
    settings: Settings = field(default_factory=Settings)
    items: tuple[AuthoredItem, ...] = ()

    def texts(self) -> Iterator[tuple[str, LocalizedText]]:
        """Every text with its field: ``intro``, ``items/<key>/text``, ``items/<key>/choices/<key>/match`` and so on."""
        if self.intro is not None:
            yield "intro", self.intro
        for item in self.items:
            place = f"items/{item.key}"
            yield f"{place}/text", item.text
            if item.feedback is not None:
                yield f"{place}/feedback", item.feedback
            if item.unit is not None:
                yield f"{place}/unit", item.unit
            for choice in item.choices:
                for name in ("text", "match", "feedback"):
                    text: LocalizedText | None = getattr(choice, name)
                    if text is not None:
                        yield f"{place}/choices/{choice.key}/{name}", text
