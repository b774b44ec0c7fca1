"""A whole course as authors have it: read from a package, or loaded from draft rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from academy.courses.kinds import ActivityDraft, CourseFacts, MediaFacts
from academy.foundation.i18n import LocalizedText


@dataclass(frozen=True)
class OutcomeDraft:
    """What a learner will be able to do."""

    key: str
    bloom: str
    text: LocalizedText


@dataclass(frozen=True)
class ModuleDraft:
    """A chapter. Its key is the name of its folder in a package, without number."""

    key: str
    title: LocalizedText
    activities: tuple[ActivityDraft, ...]
    folder: str = field(default="", compare=False)


@dataclass(frozen=True)
class CourseDraft:
    """A course. Texts that a course does without are None."""

    code: str
    slug: str
    source_language: str
    theme_code: str
    tags: tuple[str, ...]
    level: str
    minutes: int
    title: LocalizedText
    short_title: LocalizedText | None
    summary: LocalizedText
    audience: LocalizedText | None
    disclaimer: LocalizedText | None
    checked_on: date | None
    review_by: date | None
    completion_share: float
    final_test_key: str | None
    certificate_kind: str
    certificate_issue: str
    outcomes: tuple[OutcomeDraft, ...]
    modules: tuple[ModuleDraft, ...]
    media: tuple[MediaFacts, ...]

    @property
    def activities(self) -> Iterator[ActivityDraft]:
        """All activities in order."""
        return (activity for module in self.modules for activity in module.activities)

    def facts(self, languages: Iterable[str]) -> CourseFacts:
        """What activity kinds may know of the course, when the academy has these languages."""
        return CourseFacts(
            code=self.code,
            slug=self.slug,
            source_language=self.source_language,
            languages=tuple(dict.fromkeys((self.source_language, *languages))),
            outcome_keys=frozenset(outcome.key for outcome in self.outcomes),
            activity_keys=frozenset(activity.key for activity in self.activities),
            media={media.name: media for media in self.media},
        )

    def texts(self) -> Iterator[tuple[str, LocalizedText | None]]:
        """(field, text) of all that is translated outside the activities' content, in reading order."""
        yield from (("title", self.title), ("short_title", self.short_title), ("summary", self.summary))
        yield from (("audience", self.audience), ("disclaimer", self.disclaimer))
        yield from ((f"outcomes/{outcome.key}", outcome.text) for outcome in self.outcomes)
        yield from ((f"modules/{module.key}", module.title) for module in self.modules)
