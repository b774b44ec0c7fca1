"""The words of the paper: right in both languages, and never more than is attested."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.certificates.formats.paper import paper
from academy.certificates.formats.wording import WORDS
from tests.factories.certificates import facts

NB = "\u00a0"
PASSING = re.compile(r"\bpass|\bcomplet|\bachiev|сда[нлч]|пройд|прохожд|успешн|завершен|\btest\b|тест", re.IGNORECASE)
NEVER = re.compile(r"\bECTS\b|\bEQF\b|accredit|credit|аккредит|кредит|ЕКР\b", re.IGNORECASE)


def sheet(**given: Any) -> dict[str, Any]:
    return paper(
        facts(**given),
        name_latin="Nino Beridze",
        name_cyrillic="Нино Беридзе",
        number="TA-2026-000001",
        code="7K3MQ9XA2BTVH4NEW8RCJ5DPYF",
        issued_on=date(2026, 3, 9),
        base_url="https://academy.example",
    )


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


@pytest.mark.parametrize(
    ("minutes", "en", "ru"),
    [
        (45, "45 minutes", "45 минут"),
        (21, "21 minutes", "21 минута"),
        (2, "2 minutes", "2 минуты"),
        (60, "1 hour", "1 час"),
        (120, "2 hours", "2 часа"),
        (150, "2.5 hours", "2,5 часа"),
        (135, "2.25 hours", "2,25 часа"),
        (300, "5 hours", "5 часов"),
        (660, "11 hours", "11 часов"),
        (1260, "21 hours", "21 час"),
        (1290, "21.5 hours", "21,5 часа"),
    ],
)
def test_hours(minutes: int, en: str, ru: str) -> None:
    assert WORDS["en"].hours(minutes) == en.replace(" ", NB)
    assert WORDS["ru"].hours(minutes) == ru.replace(" ", NB)


def test_dates() -> None:
    assert WORDS["en"].day(date(2026, 3, 9)) == f"9{NB}March{NB}2026"
    assert WORDS["ru"].day(date(2026, 3, 9)) == f"9{NB}марта{NB}2026{NB}г."


def test_language_of_the_test() -> None:
    assert WORDS["en"].test_passed_in("ru") == "final test passed in Russian"
    assert WORDS["ru"].test_passed_in("en") == f"итоговый тест сдан на{NB}английском языке"
    assert WORDS["ru"].test_passed_in("tg") == "итоговый тест сдан (язык: таджикский)"


def test_rule_in_words() -> None:
    assert WORDS["en"].rule(0.8, True) == (
        f"Awarded under the rule of the course: at least 80{NB}% of the required activities, and the final test passed."
    )
    assert WORDS["en"].rule(1, False) == "Awarded under the rule of the course: all required activities."
    assert WORDS["ru"].rule(0.8, False) == f"Выдан по правилу курса: пройдено не менее 80{NB}% обязательных занятий."
    assert WORDS["ru"].rule(1, True) == (
        "Выдан по правилу курса: пройдены все обязательные занятия и сдан итоговый тест."
    )


def test_attendance_never_speaks_of_passing() -> None:
    said = [t for t in texts(sheet(kind="attendance")) if PASSING.search(t)]
    assert said == []
    assert [t for t in texts(sheet()) if PASSING.search(t)], "the search itself finds nothing"


@pytest.mark.parametrize("kind", ["completion", "attendance"])
def test_no_paper_claims_credits(kind: str) -> None:
    assert not NEVER.search(json.dumps(sheet(kind=kind), ensure_ascii=False))
    assert "not a formal qualification" in sheet(kind=kind)["sides"][0]["small"]
    assert "не является документом о квалификации" in sheet(kind=kind)["sides"][1]["small"]


def test_no_language_says_more_than_the_other() -> None:
    english, russian = sheet()["sides"]
    assert english.keys() == russian.keys()
    assert len(english["facts"]) == len(russian["facts"]) == 5
    assert all(fact["value"] for side in (english, russian) for fact in side["facts"])


@given(st.integers(1, 10_000))
def test_every_length_of_time_has_its_words(minutes: int) -> None:
    assert re.fullmatch(rf"[\d.]+{NB}(minutes|hours?)", WORDS["en"].hours(minutes))
    assert re.fullmatch(rf"[\d,]+{NB}(минут[аы]?|час|часа|часов)", WORDS["ru"].hours(minutes))
