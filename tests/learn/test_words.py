"""Places, rules and progress in plain words."""

from dataclasses import replace

import pytest

from academy.foundation.i18n import using_language
from academy.learn.formats import words
from academy.learn.formats.words import Demand, FinalTest
from academy.learn.rules import NextStep, Step
from academy.progress.rules import progress
from tests.factories.progress import activity_view, edition_view, record

EDITION = edition_view()


@pytest.fixture(autouse=True)
def _english() -> object:
    with using_language("en"):
        yield


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("pre-test", "test before the course"),
        ("lesson-2", "module 2, lesson 1"),
        ("final-test", "final test"),
        ("check-1", "module 1, knowledge check"),
    ],
)
def test_where_an_activity_stands(key: str, expected: str) -> None:
    assert words.place(EDITION, EDITION.activity(key)) == expected


def test_one_of_several_tests_and_other_kinds_are_numbered() -> None:
    second = activity_view("check-2", position=3, of_same_kind=(2, 3))
    film = activity_view("film", kind="film", position=4)
    edition = edition_view([["lesson-1", second, film]])
    assert words.place(edition, second) == "module 1, test 2"
    assert words.place(edition, film) == "module 1, activity 4"


def test_the_button_says_where_it_leads() -> None:
    go_on = NextStep(Step.CONTINUE, EDITION.activity("lesson-2"))
    assert words.button(EDITION, go_on, started=True) == "Continue: module 2, lesson 1"
    assert words.button(EDITION, go_on, started=False) == "Begin: module 2, lesson 1"
    assert words.button(EDITION, NextStep(Step.ENROL), started=False) == "Enrol"
    assert words.button(EDITION, NextStep(Step.CLOSED), started=False) == ""


def test_progress_in_words() -> None:
    reached = progress(EDITION, [record("pre-test"), record("lesson-1"), record("check-1")])
    assert words.done_of(reached) == "3 of 5 done"
    assert words.modules_of(reached) == "1 of 2 modules"
    assert words.left(reached) == "about 20 min left"
    assert words.so_far(reached) == "So far 2 of 3 activities"
    assert words.track_label(reached) == "3 of 5 done, 1 of 2 modules, about 20 min left"


def test_at_the_end_nothing_is_left() -> None:
    assert words.left(replace(progress(EDITION, []), complete=True)) == ""
    assert words.left(replace(progress(EDITION, []), minutes_left=0)) == ""


@pytest.mark.parametrize(
    ("minutes", "expected"), [(3, "3 min"), (10, "10 min"), (11, "15 min"), (61, "1 h 5 min"), (60, "1 h")]
)
def test_times_are_said_roughly(minutes: int, expected: str) -> None:
    assert words.about(minutes) == expected


def test_the_rule_in_words_with_what_is_met() -> None:
    reached = progress(EDITION, [record("lesson-1"), record("check-1"), record("lesson-2")])
    assert words.demands(EDITION, reached, FinalTest(0.7, 3), name_confirmed=False) == [
        Demand("complete all 3 required activities", True),
        Demand("reach at least 70% in the final test (3 attempts)", False),
        Demand("confirm how your name is written", False),
    ]


def test_the_rule_for_readers_who_are_not_enrolled() -> None:
    edition = edition_view(share=0.5, certificate_issue="queue")
    assert words.demands(edition, None, None) == [
        Demand("complete at least 50% of the required activities (2 of 3)"),
        Demand("pass the final test"),
    ]


def test_what_is_not_asked_is_not_said() -> None:
    edition = edition_view(share=0.0, final_test_key=None, certificate_kind="none")
    assert words.demands(edition, None, None) == []


def test_attempts_without_a_limit() -> None:
    edition = edition_view(share=0.0, certificate_kind="none")
    [demand] = words.demands(edition, None, FinalTest(0.7, 0))
    assert demand.words == "reach at least 70% in the final test (as many attempts as you like)"


def test_the_languages_of_a_course() -> None:
    assert words.languages_of({"en": "full", "ru": "preparation"}) == "English · Russian in preparation"
    assert words.languages_of({"ru": "full"}) == "Russian"
    assert words.availability("en", "preparation") == "English in preparation"
    assert words.availability("tg", "full") == "TG"
    assert (words.wholly_in("ru"), words.wholly_in("tg")) == ("in Russian", "TG")
    assert "in preparation" in words.in_preparation("ru")
    assert "Russian" in words.shown_in("ru")
    assert (words.in_preparation("tg"), words.shown_in("tg")) == ("", "")


def test_levels_and_modules() -> None:
    assert words.level("advanced") == "advanced level"
    assert words.level("other") == "other"
    assert (words.modules(1), words.modules(4)) == ("1 module", "4 modules")


def test_the_track_is_drawn_by_module() -> None:
    edition = edition_view([[activity_view("lesson-1", substance=2), "check-1"]], final_test_key=None)
    reached = progress(edition, [record("lesson-1")])
    assert words.drawn(edition, reached) == [[("done updated", False), ("now", True)]]
