"""Who may enter, and what those are told who may not."""

from __future__ import annotations

import pytest

from academy.foundation.security import ANONYMOUS, OPERATOR, SYSTEM
from academy.foundation.web import PUBLIC, SIGNED_IN, holds
from tests.foundation.conftest import PEOPLE, sign_in


def test_a_view_that_declares_nothing_is_never_run(browser):
    answer = sign_in(browser, "admin").get("/en/undeclared")
    assert answer.status_code == 403
    assert "never" not in answer.text


def test_anonymous_readers_are_sent_to_the_sign_in_page_and_back(browser):
    answer = browser.get("/ru/signed-in?page=2")
    assert (answer.status_code, answer.location) == (303, "/ru/login?next=/ru/signed-in?page%3D2")


def test_what_an_anonymous_person_sends_is_kept(browser):
    answer = browser.post("/en/signed-in", data={"answer": "4", "password": "hush"})
    assert answer.status_code == 401
    assert "please sign in for /en/signed-in" in answer.text
    assert "('answer', '4')" in answer.text
    assert "hush" not in answer.text


def test_scripts_are_told_in_json(browser):
    answer = browser.get("/en/signed-in", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json == {"error": {"code": "sign_in_needed", "message": "Please sign in again", "fields": {}}}


def test_a_person_is_known_by_the_session_cookie(browser):
    assert sign_in(browser, "learner").get("/en/signed-in").text == "signed in as uuid-learner"
    assert sign_in(browser, "somebody else").get("/en/signed-in").status_code == 303


def test_a_role_in_any_scope_opens_the_door_and_its_lack_leaves_a_trace(browser, entries):
    assert sign_in(browser, "trainer").get("/en/trainers").text == "for trainers"
    assert entries() == []
    assert sign_in(browser, "learner").get("/en/trainers").status_code == 403
    assert entries() == ["web.refuse"]


@pytest.mark.parametrize(
    ("rule", "admitted"),
    [
        (PUBLIC, {"anonymous", "learner", "trainer", "admin", "operator", "system"}),
        (SIGNED_IN, {"learner", "trainer", "admin", "operator", "system"}),
        (holds("admin"), {"admin", "operator", "system"}),
        (holds("trainer", "admin"), {"trainer", "admin", "operator", "system"}),
    ],
)
def test_each_rule_admits_exactly_these(rule, admitted):
    everyone = PEOPLE | {"anonymous": ANONYMOUS, "operator": OPERATOR, "system": SYSTEM}
    assert {name for name, identity in everyone.items() if rule.admits(identity)} == admitted
