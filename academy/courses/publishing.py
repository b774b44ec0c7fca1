"""From a draft to an edition: freezing everything, before any unit of work is opened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from academy.courses import rules
from academy.courses.drafts import CourseDraft
from academy.courses.editions import EditionView, view
from academy.courses.kinds import MediaFacts, kind
from academy.courses.models import Availability
from academy.foundation.i18n import LocalizedText


@dataclass(frozen=True)
class PreparedEdition:
    """All that publishing will write. ``revision`` is the draft's: publishing refuses when it has changed since."""

    course_id: int
    revision: int
    manifest: Mapping[str, Any]
    parts: Mapping[str, Mapping[str, Any]]
    answers: Mapping[str, Mapping[str, Any]]
    files: tuple[MediaFacts, ...]
    availability: Mapping[str, Availability]

    def view(self, now: datetime) -> EditionView:
        """How the edition would look, for a preview; it has the number 0.0 and the id 0."""
        return view(self.manifest, edition_id=0, course_id=self.course_id, structure=0, texts=0, published_at=now)


def content_hash(body: Mapping[str, Any]) -> str:
    """The SHA-256 under which a part is stored."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def prepare(
    draft: CourseDraft, *, course_id: int, revision: int, substances: Mapping[str, int], languages: Iterable[str]
) -> PreparedEdition:
    """The draft (which has passed its checks), frozen. Slow: renders all Markdown. Reads no database."""
    facts = draft.facts(languages)
    frozen = {activity.key: kind(activity.kind).freeze(activity, facts) for activity in draft.activities}
    parts: dict[str, Mapping[str, Any]] = {}
    answers: dict[str, Mapping[str, Any]] = {}
    entries: dict[str, dict[str, Any]] = {}
    for activity in draft.activities:
        found = frozen[activity.key]
        shas = {lang: content_hash(body) for lang, body in found.parts.items()}
        parts |= {shas[lang]: body for lang, body in found.parts.items()}
        answer_sha = content_hash(found.answers) if found.answers is not None else None
        if found.answers is not None and answer_sha is not None:
            answers[answer_sha] = found.answers
        entries[activity.key] = {
            "key": activity.key,
            "kind": activity.kind,
            "title": activity.title.to_json(),
            "minutes": activity.minutes,
            "required": activity.required,
            "purpose": found.purpose,
            "substance": substances.get(activity.key, 1),
            "parts": shas,
            "answers": answer_sha,
        }
    availability = rules.availability(draft, frozen, facts.languages)
    shown = frozenset(name for found in frozen.values() for name in found.media)
    files = tuple(media for media in draft.media if media.name in shown)
    return PreparedEdition(
        course_id=course_id,
        revision=revision,
        manifest=_manifest(draft, entries, availability),
        parts=parts,
        answers=answers,
        files=files,
        availability=availability,
    )


def _manifest(
    draft: CourseDraft, entries: Mapping[str, dict[str, Any]], availability: Mapping[str, Availability]
) -> dict[str, Any]:
    return {
        "course": {
            "code": draft.code,
            "slug": draft.slug,
            "source_language": draft.source_language,
            "title": draft.title.to_json(),
            "short_title": (draft.short_title or draft.title).to_json(),
            "summary": draft.summary.to_json(),
            "audience": _text(draft.audience, draft.source_language),
            "disclaimer": _text(draft.disclaimer, draft.source_language),
            "theme": draft.theme_code,
            "tags": list(draft.tags),
            "level": draft.level,
            "minutes": draft.minutes,
            "checked_on": _day(draft.checked_on),
            "review_by": _day(draft.review_by),
        },
        "languages": [lang for lang, found in availability.items() if found == Availability.FULL],
        "outcomes": [{"key": o.key, "bloom": o.bloom, "text": o.text.to_json()} for o in draft.outcomes],
        "modules": [
            {
                "key": module.key,
                "title": module.title.to_json(),
                "activities": [entries[activity.key] for activity in module.activities],
            }
            for module in draft.modules
        ],
        "completion": {"share": draft.completion_share, "final_test": draft.final_test_key},
        "certificate": {"kind": draft.certificate_kind, "issue": draft.certificate_issue},
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _text(text: LocalizedText | None, source: str) -> dict[str, Any]:
    return (text or LocalizedText(source, {source: ""}, {})).to_json()
