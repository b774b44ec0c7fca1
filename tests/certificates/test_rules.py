"""When a certificate may be issued, what it is worth, how it is numbered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.certificates import rules
from academy.certificates.rules import Candidate, Obstacle, Standing

RULE = {"share": 0.8, "final_test_key": "final-test"}
VALUES = {"required_done": 12, "required_total": 15, "final_test_passed": True}
DAY = date(2026, 3, 9)


def candidate(**given: Any) -> Candidate:
    values: dict[str, Any] = {
        "completed": True,
        "certificate_kind": "completion",
        "rule": RULE,
        "values": VALUES,
        "name_confirmed": True,
    }
    return Candidate(**values | given)


def test_nothing_stands_against_a_completed_course() -> None:
    assert rules.obstacles(candidate()) == ()
    assert rules.obstacles(candidate(certificate_kind="attendance")) == ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"certificate_kind": "none"}, (Obstacle.NONE_FOR_COURSE,)),
        ({"completed": False, "certificate_kind": "", "rule": None, "values": None}, (Obstacle.NOT_COMPLETED,)),
        ({"rule": None}, (Obstacle.RULE_NOT_MET,)),
        ({"values": None}, (Obstacle.RULE_NOT_MET,)),
        ({"values": VALUES | {"required_done": 11}}, (Obstacle.RULE_NOT_MET,)),
        ({"values": VALUES | {"final_test_passed": False}}, (Obstacle.RULE_NOT_MET,)),
        ({"values": VALUES | {"final_test_passed": None}}, (Obstacle.RULE_NOT_MET,)),
        ({"name_confirmed": False}, (Obstacle.NAME_NOT_CONFIRMED,)),
        ({"unprintable": "李"}, (Obstacle.NOT_PRINTABLE,)),
        ({"name_confirmed": False, "unprintable": "李"}, (Obstacle.NAME_NOT_CONFIRMED, Obstacle.NOT_PRINTABLE)),
    ],
)
def test_obstacles(given: dict[str, Any], expected: tuple[Obstacle, ...]) -> None:
    assert rules.obstacles(candidate(**given)) == expected


def test_every_obstacle_has_words() -> None:
    assert set(rules.OBSTACLE_WORDS) == set(Obstacle)


def test_rule_without_a_test_asks_for_none() -> None:
    assert rules.rule_met(
        {"share": 1, "final_test_key": None}, VALUES | {"required_done": 15, "final_test_passed": None}
    )


@given(st.integers(1, 60), st.integers(1, 100))
def test_share_is_reached_exactly_when_it_is(total: int, percent: int) -> None:
    rule = {"share": percent / 100, "final_test_key": None}
    for done in range(total + 1):
        met = rules.rule_met(rule, {"required_done": done, "required_total": total, "final_test_passed": None})
        assert met == (done * 100 >= percent * total)


def test_standing_by_day() -> None:
    assert rules.standing("valid", None, today=DAY) is Standing.VALID
    assert rules.standing("valid", DAY, today=DAY) is Standing.VALID
    assert rules.standing("valid", DAY - timedelta(days=1), today=DAY) is Standing.EXPIRED
    assert rules.standing("revoked", DAY - timedelta(days=1), today=DAY) is Standing.REVOKED
    assert rules.standing("replaced", None, today=DAY) is Standing.REPLACED


def test_number_is_written_out() -> None:
    assert rules.written_number("TA", 2026, 123) == "TA-2026-000123"
    assert rules.written_number("TA", 2026, 1_234_567) == "TA-2026-1234567"
