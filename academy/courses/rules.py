"""What follows for editions and translations, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from academy.courses.drafts import CourseDraft
from academy.courses.formats.faults import Fault
from academy.courses.formats.markdown import blocks
from academy.courses.kinds import CourseFacts, FrozenActivity, TextPiece, kind
from academy.courses.models import Availability, TextState
from academy.foundation.i18n import fingerprint


@dataclass(frozen=True)
class Unit:
    """One piece of text to translate into one language; ``segment`` counts from 0."""

    activity_key: str
    field: str
    segment: int
    language: str
    source_fingerprint: str
    approved_fingerprint: str | None
    state: TextState
    words: int


def next_number(newest: tuple[int, int] | None, *, same_structure: bool) -> tuple[int, int]:
    """The number of the next edition: structure and texts. Texts alone make N.k, anything else N+1.0."""
    if newest is None:
        return 1, 0
    structure, texts = newest
    return (structure, texts + 1) if same_structure else (structure + 1, 0)


def structure_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a manifest that is taught, asked and counted, without wording and translations."""
    return {
        "source_language": manifest["course"]["source_language"],
        "outcomes": [[outcome["key"], outcome["bloom"]] for outcome in manifest["outcomes"]],
        "modules": [
            [
                module["key"],
                [
                    [activity[name] for name in ("key", "kind", "required", "purpose", "substance")]
                    for activity in module["activities"]
                ],
            ]
            for module in manifest["modules"]
        ],
        "completion": manifest["completion"],
        "certificate": manifest["certificate"],
    }


def availability(
    draft: CourseDraft, frozen: Mapping[str, FrozenActivity], languages: Sequence[str]
) -> dict[str, Availability]:
    """Language → how much of the course exists in it, the source language first."""
    texts = [text for _, text in draft.texts() if text] + [activity.title for activity in draft.activities]
    found = {}
    for lang in languages:
        whole = all(text.has(lang) for text in texts) and all(lang in part.complete for part in frozen.values())
        some = any(lang in part.parts for part in frozen.values()) or draft.title.has(lang)
        found[lang] = Availability.FULL if whole else Availability.PREPARATION if some else Availability.NONE
    return found


def check_activities(draft: CourseDraft, facts: CourseFacts) -> list[Fault]:
    """Every fault of content within the activities."""
    return [fault for activity in draft.activities for fault in kind(activity.kind).check(activity, facts)]


def check_course(draft: CourseDraft, facts: CourseFacts) -> list[Fault]:
    """Every fault of content, of the course and of its activities; empty when it may be published."""
    faults = check_activities(draft, facts)
    keys = [activity.key for activity in draft.activities]
    for activity in draft.activities:
        if keys.count(activity.key) > 1:
            file = activity.files[0] if activity.files else activity.key
            faults.append(Fault(file, 0, f"the key “{activity.key}” is given to more than one activity"))
    if not keys:
        faults.append(Fault("course.toml", 0, "the course has no activity"))
    faults += [
        Fault(f"{module.folder or module.key}/module.toml", 0, f"the module “{module.key}” has no activity")
        for module in draft.modules
        if not module.activities
    ]
    if draft.final_test_key and draft.final_test_key not in keys:
        faults.append(Fault("course.toml", 0, f"the final test “{draft.final_test_key}” is no activity of the course"))
    return sorted(faults)


def units(activity_key: str, piece: TextPiece, languages: Iterable[str], sources: Mapping[str, str]) -> list[Unit]:
    """The units of work of one text. *sources*: fingerprint → earlier source text, as far as it is kept.

    A long text is cut at its blocks. When a translation is behind, only the blocks that changed since the source it was
    approved for are outdated; when that source is not known any more, all of them are.
    """
    found = []
    source_cut = _segments(piece, piece.text.texts[piece.text.source])
    for lang in languages:
        if lang == piece.text.source:
            continue
        approved = _approved(piece, lang, source_cut, sources)
        for segment, text in enumerate(source_cut):
            mark = fingerprint(text)
            state = (
                TextState.MISSING
                if approved[segment] is None
                else TextState.CURRENT
                if approved[segment] == mark
                else TextState.OUTDATED
            )
            found.append(
                Unit(activity_key, piece.field, segment, lang, mark, approved[segment], state, len(text.split()))
            )
    return found


def _segments(piece: TextPiece, text: str) -> tuple[str, ...]:
    return (blocks(text) or (text,)) if piece.markdown else (text,)


def _approved(piece: TextPiece, lang: str, source_cut: Sequence[str], sources: Mapping[str, str]) -> list[str | None]:
    """For each segment of the source: the fingerprint that its translation was approved for, or None."""
    text = piece.text
    if not text.has(lang):
        return [None] * len(source_cut)
    of = text.approved_for.get(lang, "")
    if of == text.source_fingerprint:
        return [fingerprint(part) for part in source_cut]
    old = sources.get(of)
    if old is None:
        return [of or "0" * 16] * len(source_cut)
    old_marks = [fingerprint(part) for part in _segments(piece, old)]
    new_marks = [fingerprint(part) for part in source_cut]
    found: list[str | None] = [None] * len(new_marks)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old_marks, new_marks, autojunk=False).get_opcodes():
        if tag in ("equal", "replace"):
            for old_place, new_place in zip(range(i1, i2), range(j1, j2), strict=False):
                found[new_place] = old_marks[old_place]
    return found
