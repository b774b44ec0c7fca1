"""What a certificate keeps of the world at its issue: enough to print and verify it for ever, and no name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from academy.courses.editions import EditionView
from academy.foundation.i18n import LocalizedText

# Grows when a certificate printed from an older snapshot would need another template.
LAYOUT = 1


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues, in all languages; ``project`` and ``signatory_name`` may be empty."""

    series: str
    name: LocalizedText
    project: LocalizedText
    signatory_role: LocalizedText
    signatory_name: str = ""


def snapshot(
    edition: EditionView,
    *,
    issuer: Issuer,
    rule: Mapping[str, Any],
    values: Mapping[str, Any],
    form: str = "self-paced",
) -> dict[str, Any]:
    """The facts as JSON: course, edition, rule and what was reached (never a score), issuer, outcomes and track.

    ``track``: modules with [kind, done] of each activity; all count as done where the values do not say which were.
    An attendance certificate keeps no outcomes and nothing about results.
    """
    assessed = edition.certificate_kind == "completion"
    done = values.get("done")
    return {
        "layout": LAYOUT,
        "kind": edition.certificate_kind,
        "course": {"code": edition.course_code, "title": edition.title.to_json()},
        "edition": edition.number,
        "minutes": edition.minutes,
        "form": form,
        "rule": {"share": rule["share"], "final_test": assessed and rule["final_test_key"] is not None},
        "test_language": values.get("final_test_language") if assessed else None,
        "issuer": {
            "name": issuer.name.to_json(),
            "project": issuer.project.to_json(),
            "signatory_role": issuer.signatory_role.to_json(),
            "signatory_name": issuer.signatory_name,
        },
        "outcomes": [outcome.text.to_json() for outcome in edition.outcomes] if assessed else [],
        "track": [
            {
                "title": module.title.to_json(),
                "activities": [[activity.kind, done is None or activity.key in done] for activity in module.activities],
            }
            for module in edition.modules
        ]
        if assessed
        else [],
    }
