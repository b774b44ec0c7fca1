"""What counts as done, what is left, when a course is complete."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.courses.editions import CompletionRule
from academy.progress import rules
from academy.progress.rules import Record
from tests.factories.progress import AT, activity_view, edition_view, record

KEYS = ["pre-test", "lesson-1", "check-1", "lesson-2", "final-test"]


def done(*keys: str) -> list[Record]:
    return [record(key, passed=True if key == "final-test" else None) for key in keys]


@pytest.mark.parametrize(
    ("share", "total", "expected"), [(0.8, 15, 12), (0.8, 16, 13), (1.0, 3, 3), (0.0, 3, 0), (0.7, 10, 7), (0.8, 0, 0)]
)
def test_a_share_asks_for_whole_activities_rounded_up(share: float, total: int, expected: int) -> None:
    assert rules.needed(share, total) == expected


@given(st.integers(0, 100), st.integers(0, 60))
def test_the_number_asked_for_is_the_least_that_reaches_the_share(per_cent: int, total: int) -> None:
    asked = rules.needed(per_cent / 100, total)
    assert asked * 100 >= per_cent * total
    assert asked == 0 or (asked - 1) * 100 < per_cent * total


@pytest.mark.parametrize(
    ("required_done", "passed", "expected"),
    [(4, True, True), (3, True, False), (4, False, False), (4, None, False), (5, True, True)],
)
def test_share_and_final_test_are_both_asked_for(required_done: int, passed: bool | None, expected: bool) -> None:
    rule = CompletionRule(0.8, "final-test")
    found = rules.is_complete(rule, required_done=required_done, required_total=5, final_test_passed=passed)
    assert found is expected


def test_without_a_final_test_the_share_alone_decides() -> None:
    assert rules.is_complete(CompletionRule(1.0, None), required_done=5, required_total=5, final_test_passed=None)


def test_at_the_start_everything_is_open() -> None:
    view = rules.progress(edition_view(), [])
    assert (view.done, view.required_done, view.required_total, view.required_needed) == (frozenset(), 0, 3, 3)
    assert (view.total, view.modules_done, view.modules_total, view.minutes_left) == (5, 0, 2, 40)
    assert (view.final_test_passed, view.complete, view.next_key, view.position_key) == (False, False, "pre-test", None)
    assert not view.started


def test_all_done_is_complete_with_nothing_left() -> None:
    view = rules.progress(edition_view(), done(*KEYS))
    assert (view.complete, view.minutes_left, view.next_key, view.share) == (True, 0, None, 1.0)
    assert (view.modules_done, view.started) == (2, True)


def test_optional_activities_count_for_nothing_but_the_track() -> None:
    view = rules.progress(edition_view(), done("pre-test"))
    assert (view.required_done, view.minutes_left, view.done) == (0, 40, {"pre-test"})
    assert rules.progress(edition_view(), done(*KEYS[1:])).complete


def test_the_final_test_stands_apart_from_the_share() -> None:
    edition = edition_view([["lesson-1", "lesson-2", "lesson-3", "lesson-4", "final-test"]], share=0.75)
    view = rules.progress(edition, done("lesson-1", "lesson-2", "final-test"))
    assert (view.required_done, view.required_needed, view.complete) == (2, 3, False)
    assert rules.progress(edition, done("lesson-1", "lesson-2", "lesson-3", "final-test")).complete


@pytest.mark.parametrize("passed", [None, False])
def test_a_final_test_that_was_not_passed_completes_nothing(passed: bool | None) -> None:
    view = rules.progress(edition_view(), [*done(*KEYS[:-1]), record("final-test", passed=passed, score=0.9)])
    assert (view.final_test_passed, view.complete) == (False, False)


def test_a_final_test_that_the_edition_lost_completes_nothing() -> None:
    edition = edition_view([["lesson-1"]], final_test_key="final-test")
    assert not rules.progress(edition, done("lesson-1", "final-test")).complete


def test_a_failed_try_is_not_done_and_its_minutes_are_left() -> None:
    view = rules.progress(edition_view(), [record("check-1", passed=False, score=0.4)])
    assert ("check-1" in view.done, view.tried, view.minutes_left) == (False, {"check-1"}, 40)
    assert (view.scores, view.started) == ({"check-1": 0.4}, True)


def test_an_activity_that_is_gone_leaves_both_sides_of_the_share() -> None:
    view = rules.progress(edition_view(), done("lesson-of-yore", "lesson-1"))
    assert (view.done, view.required_done, view.required_total) == ({"lesson-1"}, 1, 3)


def test_what_changed_in_substance_is_marked_and_stays_done() -> None:
    edition = edition_view([[activity_view("lesson-1", substance=2), activity_view("lesson-2")]], final_test_key=None)
    view = rules.progress(edition, done("lesson-1", "lesson-2"))
    assert (view.updated, view.done, view.complete) == ({"lesson-1"}, {"lesson-1", "lesson-2"}, True)
    assert (view.state_of("lesson-1"), view.state_of("lesson-2")) == ("updated", "done")


def test_a_failed_try_at_changed_content_is_not_called_updated() -> None:
    edition = edition_view([[activity_view("check-1", substance=2)]], final_test_key=None)
    assert rules.progress(edition, [record("check-1", passed=False)]).updated == frozenset()


@pytest.mark.parametrize(
    ("finished", "position", "expected"),
    [
        ([], None, "pre-test"),
        (["pre-test"], None, "lesson-1"),
        ([], "lesson-2", "lesson-2"),
        (["lesson-2"], "lesson-2", "final-test"),
        (["lesson-2", "final-test"], "lesson-2", "lesson-1"),
        (["lesson-1", "check-1", "lesson-2", "final-test"], "final-test", "pre-test"),
        ([], "lesson-of-yore", "pre-test"),
    ],
)
def test_one_goes_on_where_one_was(finished: list[str], position: str | None, expected: str) -> None:
    assert rules.progress(edition_view(), done(*finished), position).next_key == expected


def test_a_module_without_required_activities_is_done_when_all_of_it_is() -> None:
    edition = edition_view([["pre-test"], ["lesson-1"]], final_test_key=None)
    assert rules.progress(edition, []).modules_done == 0
    assert rules.progress(edition, done("pre-test")).modules_done == 1


def test_the_track_has_a_segment_for_each_activity_by_module() -> None:
    edition = edition_view()
    view = rules.progress(edition, done("pre-test"))
    track = rules.track(edition, view)
    assert [[step.key for step in group] for group in track] == [KEYS[:3], KEYS[3:]]
    assert [step.state for group in track for step in group] == ["done", "now", "open", "open", "open"]
    assert [step.kind for step in track[0]] == ["quiz", "lesson", "quiz"]


def test_the_track_marks_the_place_of_the_reader_instead_of_what_is_next() -> None:
    edition = edition_view()
    view = rules.progress(edition, done("pre-test"))
    states = {step.key: step.state for group in rules.track(edition, view, "lesson-2") for step in group}
    assert states == {
        "pre-test": "done",
        "lesson-1": "open",
        "check-1": "open",
        "lesson-2": "now",
        "final-test": "open",
    }
    assert rules.track(edition, view, "pre-test")[0][0].state == "done"
    assert {step.state for group in rules.track(edition, None, "lesson-2") for step in group} == {"now", "open"}


RECORDS = st.builds(
    lambda score, passed, substance, minutes: record(
        "check-1", score=score, passed=passed, substance=substance, completed_at=AT + timedelta(minutes=minutes)
    ),
    st.none() | st.floats(0, 1),
    st.sampled_from([None, True, False]),
    st.integers(1, 3),
    st.integers(0, 99),
)


@given(RECORDS, RECORDS)
def test_doing_it_again_never_takes_anything_back(old: Record, new: Record) -> None:
    kept = rules.merge(old, new)
    assert kept.is_done == (old.is_done or new.is_done)
    assert kept.score == max((s for s in (old.score, new.score) if s is not None), default=None)
    assert not (old.passed is True and kept.passed is not True)
    assert kept.completed_at == (old.completed_at if old.is_done else new.completed_at)
    assert kept.substance == (old.substance if old.is_done and not new.is_done else new.substance)


def test_doing_the_same_again_changes_nothing() -> None:
    first = record("lesson-1")
    assert rules.merge(first, replace(first, completed_at=AT + timedelta(days=1))) == first


@given(st.lists(st.sampled_from(KEYS)), st.sampled_from([None, *KEYS]))
def test_progress_adds_up(finished: Sequence[str], position: str | None) -> None:
    edition = edition_view()
    view = rules.progress(edition, done(*set(finished)), position)
    assert view.done == set(finished)
    assert 0 <= view.required_done <= view.required_total
    assert view.next_key is None or view.next_key not in view.done
    assert (view.next_key is None) == (len(view.done) == view.total)
    assert view.minutes_left == 10 * len({"lesson-1", "check-1", "lesson-2", "final-test"} - view.done)


def test_rule_and_values_are_kept_as_they_were() -> None:
    edition = edition_view()
    records = [*done(*KEYS[1:-1]), record("final-test", passed=True, score=0.75, language="ru")]
    assert rules.kept_rule(edition) == {"share": 0.8, "final_test_key": "final-test"}
    assert rules.kept_values(edition, rules.progress(edition, records)) == {
        "edition": "1.0",
        "required_done": 3,
        "required_total": 3,
        "share": 1.0,
        "final_test_passed": True,
        "final_test_score": 0.75,
        "final_test_language": "ru",
        "done": ["check-1", "final-test", "lesson-1", "lesson-2"],
    }


def test_only_what_was_done_is_kept_as_done() -> None:
    edition = edition_view(share=0.5)
    records = [*done("lesson-2", "lesson-1"), record("check-1", passed=False), record("lesson-of-yore")]
    kept = rules.kept_values(edition, rules.progress(edition, records))
    assert (kept["done"], kept["final_test_language"]) == (["lesson-1", "lesson-2"], None)


def test_the_language_of_the_final_test_is_known_once_it_is_passed() -> None:
    def language_of(**given: Any) -> str | None:
        return rules.progress(edition_view(), [record("final-test", **given)]).final_test_language

    assert language_of(passed=True, language="ru") == "ru"
    assert language_of(passed=True, language=None) is None
    assert language_of(passed=False, language="ru") is None
    without = rules.progress(edition_view(final_test_key=None), [record("final-test", passed=True, language="ru")])
    assert without.final_test_language is None


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        ((False, "en"), (True, "ru"), "ru"),
        ((True, "en"), (True, "ru"), "en"),
        ((True, "en"), (False, "ru"), "en"),
        ((True, None), (True, "ru"), "ru"),
        ((True, "en"), (True, None), "en"),
        ((False, "en"), (False, "ru"), "ru"),
    ],
)
def test_the_language_is_that_of_the_first_try_passed_in_one(
    first: tuple[bool, str | None], then: tuple[bool, str | None], expected: str | None
) -> None:
    tries = [record("final-test", passed=passed, language=language) for passed, language in (first, then)]
    assert rules.merge(*tries).language == expected


def test_nothing_required_is_a_whole_share() -> None:
    assert rules.progress(edition_view([["pre-test"]], final_test_key=None), []).share == 1.0


def test_the_impact_of_an_edition_is_counted_by_person() -> None:
    old = edition_view([["lesson-1", "lesson-2"]], share=1.0, final_test_key=None)
    new = edition_view([["lesson-1", "lesson-3", "lesson-4"]], share=0.3, final_test_key=None)
    people = [(old, done("lesson-1")), (old, done("lesson-2")), (old, [])]
    found = rules.impact(new, people)
    assert (found.running, found.become_complete, found.gain_work, found.lose_credit) == (3, 1, 3, 1)
    assert rules.impact(old, people) == rules.Impact(3, 0, 0, 0)
