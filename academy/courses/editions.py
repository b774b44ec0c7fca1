"""What an edition looks like to those who read it: frozen views, made from its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from academy.foundation.i18n import LocalizedText


@dataclass(frozen=True)
class CompletionRule:
    """When a course is complete: ``share`` (0 to 1) of the required activities done, and any final test passed."""

    share: float
    final_test_key: str | None = None


@dataclass(frozen=True)
class OutcomeView:
    """What a learner will be able to do."""

    key: str
    bloom: str
    text: LocalizedText


@dataclass(frozen=True)
class ActivityView:
    """One activity of an edition. ``parts``: language → SHA-256 of what is shown; ``answers``: what the grader reads.

    ``purpose`` is a word of the kind (a quiz: check, pre or final; a lesson: empty). ``position`` counts from 1 in the
    module, ``of_same_kind`` is (which, of how many) among the activities of this kind in the module.
    """

    key: str
    kind: str
    title: LocalizedText
    minutes: int
    required: bool
    position: int
    module_key: str
    parts: Mapping[str, str]
    answers: str | None = None
    purpose: str = ""
    substance: int = 1
    of_same_kind: tuple[int, int] = (1, 1)

    def part_in(self, language: str) -> tuple[str, str]:
        """(SHA-256, language) of the content in that language, else in the source language, which always has one."""
        if language in self.parts:
            return self.parts[language], language
        return self.source_part, self.title.source

    @property
    def source_part(self) -> str:
        """The SHA-256 of the content in the source language."""
        return self.parts[self.title.source]


@dataclass(frozen=True)
class ModuleView:
    """A chapter of an edition; ``position`` counts from 1."""

    key: str
    title: LocalizedText
    position: int
    activities: tuple[ActivityView, ...]

    @property
    def minutes(self) -> int:
        """How long its activities take together."""
        return sum(activity.minutes for activity in self.activities)


@dataclass(frozen=True)
class EditionView:
    """A published course. Immutable, so it may be kept as long as one likes."""

    id: int
    course_id: int
    course_code: str
    slug: str
    structure: int
    texts: int
    source_language: str
    languages: tuple[str, ...]
    title: LocalizedText
    short_title: LocalizedText
    summary: LocalizedText
    audience: LocalizedText
    disclaimer: LocalizedText
    theme_code: str
    tags: tuple[str, ...]
    level: str
    minutes: int
    checked_on: date | None
    review_by: date | None
    outcomes: tuple[OutcomeView, ...]
    modules: tuple[ModuleView, ...]
    completion: CompletionRule
    certificate_kind: str
    certificate_issue: str
    published_at: datetime

    @property
    def number(self) -> str:
        """``structure.texts``, as attempts and certificates state it."""
        return f"{self.structure}.{self.texts}"

    @cached_property
    def activities(self) -> tuple[ActivityView, ...]:
        """All activities in order."""
        return tuple(activity for module in self.modules for activity in module.activities)

    @cached_property
    def _by_key(self) -> dict[str, ActivityView]:
        return {activity.key: activity for activity in self.activities}

    @cached_property
    def _modules_by_key(self) -> dict[str, ModuleView]:
        return {module.key: module for module in self.modules}

    def activity(self, key: str) -> ActivityView:
        """The activity with that key; KeyError when this edition has none."""
        return self._by_key[key]

    def find_activity(self, key: str) -> ActivityView | None:
        """The activity with that key, or None."""
        return self._by_key.get(key)

    def module(self, key: str) -> ModuleView:
        """The module with that key; KeyError when this edition has none."""
        return self._modules_by_key[key]

    def find_module(self, key: str) -> ModuleView | None:
        """The module with that key, or None."""
        return self._modules_by_key.get(key)

    def module_of(self, activity_key: str) -> ModuleView:
        """The module in which the activity stands."""
        return self._modules_by_key[self._by_key[activity_key].module_key]

    def next_after(self, key: str) -> ActivityView | None:
        """The activity after this one, over module ends; None after the last."""
        place = self.activities.index(self._by_key[key]) + 1
        return self.activities[place] if place < len(self.activities) else None

    def previous_before(self, key: str) -> ActivityView | None:
        """The activity before this one, over module ends; None before the first."""
        place = self.activities.index(self._by_key[key])
        return self.activities[place - 1] if place else None

    def track(self) -> tuple[tuple[ActivityView, ...], ...]:
        """The activities grouped by module, as the track draws them."""
        return tuple(module.activities for module in self.modules)


def view(
    manifest: Mapping[str, Any], *, edition_id: int, course_id: int, structure: int, texts: int, published_at: datetime
) -> EditionView:
    """The view of an edition with this manifest (as ``publishing.manifest`` writes it)."""
    course = manifest["course"]
    return EditionView(
        id=edition_id,
        course_id=course_id,
        course_code=course["code"],
        slug=course["slug"],
        structure=structure,
        texts=texts,
        source_language=course["source_language"],
        languages=tuple(manifest["languages"]),
        title=LocalizedText.from_json(course["title"]),
        short_title=LocalizedText.from_json(course["short_title"]),
        summary=LocalizedText.from_json(course["summary"]),
        audience=LocalizedText.from_json(course["audience"]),
        disclaimer=LocalizedText.from_json(course["disclaimer"]),
        theme_code=course["theme"],
        tags=tuple(course["tags"]),
        level=course["level"],
        minutes=course["minutes"],
        checked_on=_day(course["checked_on"]),
        review_by=_day(course["review_by"]),
        outcomes=tuple(
            OutcomeView(o["key"], o["bloom"], LocalizedText.from_json(o["text"])) for o in manifest["outcomes"]
        ),
        modules=tuple(_module(module, place) for place, module in enumerate(manifest["modules"], start=1)),
        completion=CompletionRule(manifest["completion"]["share"], manifest["completion"]["final_test"]),
        certificate_kind=manifest["certificate"]["kind"],
        certificate_issue=manifest["certificate"]["issue"],
        published_at=published_at,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _module(module: Mapping[str, Any], position: int) -> ModuleView:
    kinds = [activity["kind"] for activity in module["activities"]]
    return ModuleView(
        key=module["key"],
        title=LocalizedText.from_json(module["title"]),
        position=position,
        activities=tuple(
            ActivityView(
                key=activity["key"],
                kind=activity["kind"],
                title=LocalizedText.from_json(activity["title"]),
                minutes=activity["minutes"],
                required=activity["required"],
                position=place + 1,
                module_key=module["key"],
                parts=activity["parts"],
                answers=activity["answers"],
                purpose=activity["purpose"],
                substance=activity["substance"],
                of_same_kind=(kinds[: place + 1].count(activity["kind"]), kinds.count(activity["kind"])),
            )
            for place, activity in enumerate(module["activities"])
        ),
    )
