"""Completed courses and certificates with valid defaults; to be called in an open unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from academy.accounts.models import User
from academy.certificates import actions
from academy.certificates.formats.snapshot import Issuer, snapshot
from academy.certificates.models import Certificate
from academy.courses.editions import EditionView, view
from academy.courses.models import Course, Edition
from academy.enrolments.models import Enrolment
from academy.foundation import db
from academy.foundation.i18n import LocalizedText
from academy.foundation.security import OPERATOR
from tests.factories.accounts import make_user

AT = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
RULE = {"share": 0.8, "final_test_key": "final-test"}
VALUES = {
    "edition": "4.1",
    "required_done": 3,
    "required_total": 3,
    "share": 1.0,
    "final_test_passed": True,
    "final_test_score": 0.9,
    "final_test_language": "ru",
}
ISSUER = Issuer(
    series="TA",
    name=LocalizedText.of("en", en="Training Academy", ru="Учебная академия"),
    project=LocalizedText.of("en", en="Demonstration project", ru="Демонстрационный проект"),
    signatory_role=LocalizedText.of("en", en="Head of the Academy", ru="Руководитель академии"),
)
_numbers = count(1)


def both(en: str, ru: str) -> dict[str, Any]:
    """A text in both languages as JSON."""
    return LocalizedText.of("en", en=en, ru=ru).to_json()


def manifest(
    code: str = "DOC",
    *,
    kind: str = "completion",
    issue: str = "automatic",
    title: Mapping[str, Any] | None = None,
    outcomes: int = 3,
) -> dict[str, Any]:
    """The manifest of an edition: two modules, three lessons and a final test."""

    def activity(key: str, kind: str) -> dict[str, Any]:
        return {
            "key": key,
            "kind": kind,
            "title": both(key, f"{key} по-русски"),
            "minutes": 30,
            "required": True,
            "parts": {"en": "0" * 64},
            "answers": None,
            "purpose": "final" if key == "final-test" else "",
            "substance": 1,
        }

    return {
        "languages": ["en", "ru"],
        "course": {
            "code": code,
            "slug": code.lower(),
            "source_language": "en",
            "title": title or both("Recognising document fraud", "Распознавание поддельных документов"),
            "short_title": both("Document fraud", "Поддельные документы"),
            "summary": both("Check documents.", "Проверка документов."),
            "audience": both("Officers.", "Сотрудники."),
            "disclaimer": both("Training material.", "Учебный материал."),
            "theme": "T1",
            "tags": [],
            "level": "introductory",
            "minutes": 150,
            "checked_on": None,
            "review_by": None,
        },
        "outcomes": [
            {"key": f"O{n}", "bloom": "apply", "text": both(f"carry out check {n}", f"проводить проверку {n}")}
            for n in range(1, outcomes + 1)
        ],
        "modules": [
            {
                "key": "m1",
                "title": both("What it is", "Что это такое"),
                "activities": [activity("a1", "lesson"), activity("a2", "lesson")],
            },
            {
                "key": "m2",
                "title": both("How to check", "Как проверять"),
                "activities": [activity("a3", "lesson"), activity("final-test", "quiz")],
            },
        ],
        "completion": {"share": 0.8, "final_test": "final-test"},
        "certificate": {"kind": kind, "issue": issue},
    }


def edition_view(**given: Any) -> EditionView:
    """The view of such an edition, number 4.1, without a database."""
    return view(manifest(**given), edition_id=1, course_id=1, structure=4, texts=1, published_at=AT)


def facts(*, rule: Mapping[str, Any] = RULE, values: Mapping[str, Any] = VALUES, **given: Any) -> dict[str, Any]:
    """The snapshot of a certificate for such an edition."""
    return snapshot(edition_view(**given), issuer=ISSUER, rule=rule, values=values)


def make_edition(**given: Any) -> Edition:
    """A published course of one edition, 4.1."""
    code = given.pop("code", None) or f"C{next(_numbers)}"
    body = manifest(code, **given)
    course = Course(
        code=code,
        slug=code.lower(),
        source_language="en",
        status="published",
        minutes=150,
        certificate_kind=body["certificate"]["kind"],
        certificate_issue=body["certificate"]["issue"],
        created_at=AT,
        updated_at=AT,
        **{
            name: LocalizedText.from_json(body["course"][name])
            for name in ("title", "short_title", "summary", "audience", "disclaimer")
        },
    )
    db.session.add(course)
    db.session.flush()
    edition = Edition(course_id=course.id, structure=4, texts=1, manifest=body, published_at=AT, note="", actor_id=None)
    db.session.add(edition)
    db.session.flush()
    return edition


def make_completed(user: User | None = None, edition: Edition | None = None, **given: Any) -> Enrolment:
    """An enrolment that was completed at AT with RULE and VALUES; other arguments are its columns."""
    user = user or make_user(name_cyrillic="Нино Беридзе")
    edition = edition or make_edition()
    values: dict[str, Any] = {
        "status": "completed",
        "structure": edition.structure,
        "enrolled_at": AT,
        "completed_at": AT,
        "completed_edition_id": edition.id,
        "rule": dict(RULE),
        "values": dict(VALUES),
    } | given
    enrolment = Enrolment(user_id=user.id, course_id=edition.course_id, **values)
    db.session.add(enrolment)
    db.session.flush()
    return enrolment


def make_certificate(enrolment: Enrolment | None = None, *, now: datetime = AT) -> Certificate:
    """A certificate that the operator issued."""
    return actions.issue((enrolment or make_completed()).id, actor=OPERATOR, now=now)
