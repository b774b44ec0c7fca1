"""Pure decisions about the learner's pages."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from academy.courses.editions import ActivityView, EditionView
from academy.enrolments.queries import PlaceView
from academy.progress.rules import ProgressView


class Step(StrEnum):
    """The one thing to do next about a course."""

    SIGN_IN = "sign_in"
    ENROL = "enrol"
    RETURN = "return"
    CONTINUE = "continue"
    GET_CERTIFICATE = "get_certificate"
    CONFIRM_NAME = "confirm_name"
    AWAIT_CERTIFICATE = "await_certificate"
    LOOK_AGAIN = "look_again"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to offer, and the activity it leads to, if it leads to one."""

    step: Step
    activity: ActivityView | None = None


def next_step(
    place: PlaceView,
    edition: EditionView,
    progress: ProgressView | None,
    *,
    signed_in: bool,
    has_certificate: bool = False,
    name_confirmed: bool = False,
) -> NextStep:
    """The one clear button of a course page."""
    enrolment = place.enrolment
    if enrolment is None or progress is None:
        return NextStep(_entry(place, signed_in=signed_in))
    if has_certificate:
        return NextStep(Step.GET_CERTIFICATE)
    if enrolment.is_completed:
        return NextStep(_after_completion(edition, name_confirmed=name_confirmed), edition.activities[0])
    key = progress.next_key or edition.activities[0].key
    return NextStep(Step.CONTINUE, edition.activity(key))


def _entry(place: PlaceView, *, signed_in: bool) -> Step:
    if not place.is_open:
        return Step.CLOSED
    if not signed_in:
        return Step.SIGN_IN
    return Step.RETURN if place.withdrawn else Step.ENROL


def _after_completion(edition: EditionView, *, name_confirmed: bool) -> Step:
    if edition.certificate_kind == "none":
        return Step.LOOK_AGAIN
    if edition.certificate_issue == "automatic" and not name_confirmed:
        return Step.CONFIRM_NAME
    return Step.AWAIT_CERTIFICATE


def etag(*facts: object) -> str:
    """A weak entity tag over everything that a page shows."""
    return hashlib.sha256("\x1f".join(map(str, facts)).encode()).hexdigest()[:24]
