"""Course packages: a draft written as files for git."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from academy.courses.drafts import CourseDraft
from academy.courses.formats.toml_writing import TomlText
from academy.courses.kinds import CourseFacts, kind
from academy.courses.models import CertificateKind


def write_package(draft: CourseDraft, media: Mapping[str, bytes], languages: Iterable[str]) -> dict[str, bytes]:
    """Path inside the package → bytes. Reading them gives an equal draft, and writing that one the same bytes."""
    facts = draft.facts(languages)
    files: dict[str, str] = {"course.toml": _course_toml(draft, facts)}
    for number, module in enumerate(draft.modules, start=1):
        folder = f"{number:02}-{module.key}"
        table = TomlText()
        table.localized("title", module.title, facts.languages)
        files[f"{folder}/module.toml"] = str(table)
        for place, activity in enumerate(module.activities, start=1):
            owner = kind(activity.kind)
            for lang, text in owner.write_package(activity, facts).items():
                ending = f".{lang}{owner.file_suffix}" if lang else owner.file_suffix
                files[f"{folder}/{place:02}-{activity.stem}{ending}"] = text
    found = {name: text.encode() for name, text in files.items()}
    return found | {f"media/{entry.name}": media[entry.sha] for entry in draft.media}


def in_preparation(draft: CourseDraft, facts: CourseFacts) -> tuple[str, ...]:
    """The languages in which some text of the course is missing."""
    texts = [text for _, text in draft.texts() if text]
    for activity in draft.activities:
        texts.append(activity.title)
        texts += [piece.text for piece in kind(activity.kind).texts(activity)]
    return tuple(lang for lang in facts.languages if not all(text.has(lang) for text in texts))


def _course_toml(draft: CourseDraft, facts: CourseFacts) -> str:
    text = TomlText()
    text.values(
        {
            "code": draft.code,
            "slug": draft.slug,
            "theme": draft.theme_code or None,
            "tags": draft.tags or None,
            "level": draft.level,
            "minutes": draft.minutes,
            "source": draft.source_language,
            "in_preparation": in_preparation(draft, facts) or None,
            "checked_on": draft.checked_on,
            "review_by": draft.review_by,
        }
    )
    text.blank()
    text.table("completion", {"share": draft.completion_share, "final_test": draft.final_test_key})
    if draft.certificate_kind != CertificateKind.NONE:
        text.blank()
        text.table("certificate", {"kind": draft.certificate_kind, "issue": draft.certificate_issue})
    for name, value in draft.texts():
        if "/" not in name and value:
            text.blank()
            text.localized(name, value, facts.languages)
    for outcome in draft.outcomes:
        text.entry("outcomes", {"key": outcome.key, "bloom": outcome.bloom})
        text.localized("outcomes.text", outcome.text, facts.languages)
    return str(text)
