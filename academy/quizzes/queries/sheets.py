"""The page of questions of an attempt.

Items are known to the page by their numbers on it, choices by their places: keys are written by authors and may say
too much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from academy.foundation.errors import NotFound
from academy.foundation.i18n import language
from academy.quizzes.kinds.grading import GRADING
from academy.quizzes.kinds.taking import TAKING
from academy.quizzes.queries.attempts import AttemptView, Given, responses_of, shown_quiz
from academy.quizzes.rules.freezing import Words


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """An item of an attempt: its number on the page from 1, its frozen content, and the order of its choices there."""

    number: int
    key: str
    shown: Mapping[str, Any]
    order: Sequence[int]

    @property
    def name(self) -> str:
        """The name of its fields."""
        return f"q{self.number}"


@dataclass(frozen=True, slots=True)
class SheetItem:
    """An item as the page shows it, with the answer given so far in the shape that its template needs."""

    number: int
    kind: str
    points: int
    text: Words
    choices: Sequence[Words]
    prompts: Sequence[Words]
    unit: Words | None
    value: Any
    answered: bool
    begun: bool
    seq: int

    @property
    def name(self) -> str:
        """The name of its fields."""
        return f"q{self.number}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """All items of an attempt, the language that they are in, and when the last answer was saved."""

    items: Sequence[SheetItem]
    language: str
    saved_at: datetime | None = None

    @property
    def answered(self) -> int:
        """How many items are answered wholly."""
        return sum(item.answered for item in self.items)


def drawn_items(attempt: AttemptView, lang: str) -> tuple[list[DrawnItem], str]:
    """The items of the attempt in the order of its page, and the language they are in."""
    shown, found = shown_quiz(attempt, lang)
    by_key = {item["key"]: item for item in shown["items"]}
    drawn = enumerate(attempt.draw, start=1)
    return [DrawnItem(number, key, by_key[key], order) for number, (key, order) in drawn], found


def drawn_item(attempt: AttemptView, number: int) -> DrawnItem:
    """The item with that number on the attempt's page; raises NotFound."""
    if not 1 <= number <= len(attempt.draw):
        raise NotFound
    shown, _lang = shown_quiz(attempt, language())
    key, order = attempt.draw[number - 1]
    return DrawnItem(number, key, next(item for item in shown["items"] if item["key"] == key), order)


def sheet_of(attempt: AttemptView) -> Sheet:
    """The page of questions in the running language with the answers given so far."""
    items, found = drawn_items(attempt, language())
    given = responses_of(attempt.id)
    saved_at = max((answer.saved_at for answer in given.values()), default=None)
    return Sheet([sheet_item(item, given.get(item.key)) for item in items], found, saved_at)


def preview_items(part: Mapping[str, Any]) -> list[SheetItem]:
    """All items of a frozen quiz as authors look at them: nothing drawn, nothing given."""
    return [
        sheet_item(DrawnItem(number, item["key"], item, list(range(len(item.get("choices", ()))))), None)
        for number, item in enumerate(part["items"], start=1)
    ]


def sheet_item(item: DrawnItem, given: Given | None) -> SheetItem:
    """The item with the answer given so far."""
    shown, kind = item.shown, item.shown["kind"]
    value = given.value if given else None
    choices = shown.get("choices", ())
    return SheetItem(
        number=item.number,
        kind=kind,
        points=shown["points"],
        text=shown["text"],
        choices=[choices[number] for number in item.order],
        prompts=shown.get("prompts", ()),
        unit=shown.get("unit"),
        value=TAKING[kind].show(value, shown, item.order),
        answered=GRADING[kind].complete(shown, value),
        begun=not is_empty(value),
        seq=given.seq if given else 0,
    )


def is_empty(value: Any) -> bool:
    """Whether nothing at all is given."""
    return value is None or (isinstance(value, list) and all(each is None for each in value))


@dataclass(frozen=True, slots=True)
class NewestAnswer:
    """The newest answer to an item: as stored, and as the script puts it back on the page."""

    seq: int
    value: Any
    shown: Any


def newest_answer(attempt: AttemptView, item: DrawnItem) -> NewestAnswer:
    """The newest answer to the item; raises NotFound when there is none."""
    given = responses_of(attempt.id).get(item.key)
    if given is None:
        raise NotFound
    return NewestAnswer(given.seq, given.value, TAKING[item.shown["kind"]].show(given.value, item.shown, item.order))
