"""The one thing to do next, and when a page is the same."""

from dataclasses import replace

import pytest

from academy.enrolments.queries import EnrolmentView, PlaceView
from academy.learn import rules
from academy.learn.rules import Step
from academy.progress.rules import progress
from tests.factories.progress import AT, edition_view, record

PLACE = PlaceView(1, "DOC", "document-fraud", "published", 1)
RUNNING = EnrolmentView(1, "u", 1, 1, "active", AT, None, None)
COMPLETED = replace(RUNNING, status="completed", completed_at=AT)
EDITION = edition_view()


def step(place: PlaceView, **given: bool) -> rules.NextStep:
    reached = progress(EDITION, [record("pre-test")]) if place.enrolment else None
    return rules.next_step(place, EDITION, reached, **({"signed_in": True} | given))


@pytest.mark.parametrize(
    ("place", "given", "expected"),
    [
        (PLACE, {"signed_in": False}, Step.SIGN_IN),
        (PLACE, {}, Step.ENROL),
        (replace(PLACE, withdrawn=RUNNING), {}, Step.RETURN),
        (replace(PLACE, course_status="archived"), {}, Step.CLOSED),
        (replace(PLACE, enrolment=RUNNING), {}, Step.CONTINUE),
        (replace(PLACE, enrolment=RUNNING, course_status="archived"), {}, Step.CONTINUE),
        (replace(PLACE, enrolment=COMPLETED), {"has_certificate": True}, Step.GET_CERTIFICATE),
        (replace(PLACE, enrolment=COMPLETED), {}, Step.CONFIRM_NAME),
        (replace(PLACE, enrolment=COMPLETED), {"name_confirmed": True}, Step.AWAIT_CERTIFICATE),
    ],
)
def test_there_is_one_clear_step(place: PlaceView, given: dict[str, bool], expected: Step) -> None:
    assert step(place, **given).step is expected


def test_one_goes_on_with_what_is_next() -> None:
    found = step(replace(PLACE, enrolment=RUNNING))
    assert found.activity is not None
    assert found.activity.key == "lesson-1"


def test_who_did_all_but_completed_nothing_begins_again() -> None:
    edition = edition_view(share=1.0)
    reached = progress(edition, [record(a.key, passed=None) for a in edition.activities])
    found = rules.next_step(replace(PLACE, enrolment=RUNNING), edition, reached, signed_in=True)
    assert (found.step, found.activity) == (Step.CONTINUE, edition.activities[0])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"certificate_kind": "none"}, Step.LOOK_AGAIN),
        ({"certificate_issue": "queue"}, Step.AWAIT_CERTIFICATE),
    ],
)
def test_what_follows_completion_is_the_courses_choice(changes: dict[str, str], expected: Step) -> None:
    edition = edition_view(**changes)
    place = replace(PLACE, enrolment=COMPLETED)
    assert rules.next_step(place, edition, progress(edition, []), signed_in=True).step is expected


def test_the_entity_tag_tells_facts_apart() -> None:
    assert rules.etag("a", 1, None) == rules.etag("a", 1, None)
    assert rules.etag("a", "b") != rules.etag("ab", "")
    assert rules.etag("a", 1) != rules.etag("a", 2)
