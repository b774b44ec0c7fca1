"""What the learner's pages show, put together from the rooms below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from academy.accounts import queries as accounts
from academy.certificates import queries as certificates
from academy.certificates.queries import CertificateView
from academy.courses import queries as courses
from academy.courses.editions import ActivityView, EditionView
from academy.courses.models import Course, CourseListing, CourseStatus, Edition
from academy.courses.queries import CatalogueLine
from academy.enrolments import permissions
from academy.enrolments import queries as enrolments
from academy.enrolments.queries import EnrolmentView, PlaceView
from academy.enrolments.rules import deadline, is_overdue
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.search import Hit
from academy.foundation.security import Identity
from academy.learn import rules
from academy.learn.formats.words import FinalTest
from academy.learn.rules import NextStep
from academy.progress import queries as progress
from academy.progress.rules import ProgressView, Record
from academy.settings import zone


@dataclass(frozen=True)
class Taken:
    """A course that somebody takes or has completed. ``due_at`` is the deadline's last minute."""

    place: PlaceView
    enrolment: EnrolmentView
    edition: EditionView
    progress: ProgressView
    step: NextStep
    certificate: CertificateView | None = None
    due_at: datetime | None = None
    is_overdue: bool = False


@dataclass(frozen=True)
class Card:
    """A course in the catalogue, with the reader's own progress if they are in it."""

    line: CatalogueLine
    modules: int
    taken: Taken | None = None


@dataclass(frozen=True)
class Catalogue:
    """The catalogue: cards as filtered, the themes that courses have, and the course to go on with."""

    cards: list[Card]
    theme_codes: list[str]
    going_on: Taken | None


@dataclass(frozen=True)
class CoursePage:
    """All that the page of a course shows."""

    place: PlaceView
    edition: EditionView
    progress: ProgressView | None
    step: NextStep
    final_test: FinalTest | None
    name_confirmed: bool | None
    may_read: bool
    certificate: CertificateView | None
    due_at: datetime | None
    is_overdue: bool
    availability: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A course in the transcript. ``records`` are what was done, in the order of the course."""

    taken: Taken
    records: list[tuple[ActivityView, Record]]


def catalogue(lang: str, *, theme: str | None, available_in: str | None, seen_by: Identity, now: datetime) -> Catalogue:
    """The published courses, filtered, each with the reader's progress; a constant number of queries."""
    lines = courses.list_catalogue(lang)
    taken = list_taken(seen_by, now=now)
    # Running enrolments come first: theirs is the card's progress.
    mine = {t.place.course_id: t for t in reversed(taken)}
    newest = _newest_editions()
    shown = [
        line
        for line in lines
        if (not theme or line.theme_code == theme)
        and (not available_in or line.availability.get(available_in) == "full")
    ]
    cards = [
        Card(line, len(courses.get_edition(newest[line.course_id]).modules), mine.get(line.course_id)) for line in shown
    ]
    return Catalogue(cards, sorted({line.theme_code for line in lines}), going_on(taken))


def list_taken(person: Identity, *, now: datetime) -> list[Taken]:
    """The courses the person is in or has completed, unfinished ones first; a constant number of queries."""
    if person.kind != "user" or person.id is None:
        return []
    places = [
        (place, place.enrolment, courses.get_edition(place.edition_id))
        for place in enrolments.list_places(person.id)
        if place.enrolment
    ]
    if not places:
        return []
    held = _certificates(person.id)
    confirmed = accounts.user_card(person.id).name_confirmed_at is not None
    views = progress.progress_of_many([(enrolment.id, edition) for _, enrolment, edition in places])
    found = []
    for place, enrolment, edition in places:
        certificate, view = held.get(enrolment.id), views[enrolment.id]
        step = rules.next_step(
            place, edition, view, signed_in=True, has_certificate=certificate is not None, name_confirmed=confirmed
        )
        due_at, overdue = _due(place, person, now)
        found.append(Taken(place, enrolment, edition, view, step, certificate, due_at, overdue))
    return found


def going_on(taken: Sequence[Taken]) -> Taken | None:
    """The running course in which something was done, else the one enrolled in last."""
    running = [t for t in taken if t.step.step is rules.Step.CONTINUE]
    return next((t for t in running if t.progress.started), running[0] if running else None)


def get_course_page(slug: str, *, seen_by: Identity, now: datetime) -> CoursePage:
    """The page of a course that is or was published; raises NotFound. An archived one is for those who are in it."""
    place = enrolments.get_place(slug, seen_by=seen_by)
    may_read = may_read_course(place, seen_by)
    if not place.is_open and not may_read:
        raise NotFound
    edition = courses.get_edition(place.edition_id)
    enrolment = place.enrolment
    view = progress.progress_of(enrolment.id, edition) if enrolment else None
    certificate = _certificates(enrolment.user_id).get(enrolment.id) if enrolment else None
    confirmed = accounts.user_card(enrolment.user_id).name_confirmed_at is not None if enrolment else None
    due_at, overdue = _due(place, seen_by, now)
    return CoursePage(
        place=place,
        edition=edition,
        progress=view,
        step=rules.next_step(
            place,
            edition,
            view,
            signed_in=seen_by.is_authenticated,
            has_certificate=certificate is not None,
            name_confirmed=bool(confirmed),
        ),
        final_test=_final_test(edition),
        name_confirmed=confirmed,
        may_read=may_read,
        certificate=certificate,
        due_at=due_at,
        is_overdue=overdue,
        availability=_availability(place.course_id),
    )


def may_read_course(place: PlaceView, reader: Identity) -> bool:
    """Enrolled people and the course's staff read what is in it."""
    return place.enrolment is not None or permissions.may_read_course(reader, course_code=place.course_code)


def transcript(person: Identity, *, now: datetime) -> list[Line]:
    """What the person has done, course by course."""
    taken = list_taken(person, now=now)
    records = progress.list_records([t.enrolment.id for t in taken])
    return [Line(t, _done(t.edition, records[t.enrolment.id])) for t in taken]


def _done(edition: EditionView, records: Sequence[Record]) -> list[tuple[ActivityView, Record]]:
    done = {record.activity_key: record for record in records if record.is_done}
    return [(activity, done[activity.key]) for activity in edition.activities if activity.key in done]


def searchable(seen_by: Identity) -> set[str]:
    """The codes of the courses whose texts the reader may find: the published ones, and those they are in."""
    open_ones = db.session.scalars(select(Course.code).where(Course.status == CourseStatus.PUBLISHED))
    own = enrolments.list_places(seen_by.id) if seen_by.id is not None else []
    return {*open_ones, *(place.course_code for place in own)}


def courses_of(hits: Sequence[Hit], lang: str) -> dict[str, str]:
    """Group (a course's code) → short title, of the courses in which something was found."""
    codes = {hit.group for hit in hits}
    return {line.code: line.short_title or line.title for line in courses.list_catalogue(lang) if line.code in codes}


def _availability(course_id: int) -> dict[str, str]:
    """Language → how much of the course there is in it."""
    rows = db.session.execute(
        select(CourseListing.language, CourseListing.availability).where(CourseListing.course_id == course_id)
    )
    return {row[0]: row[1] for row in rows}


_NEWEST_EDITIONS = select(Edition.course_id, Edition.id).order_by(Edition.structure, Edition.texts)


def _newest_editions() -> Mapping[int, int]:
    """Course id → id of its newest edition; one query."""
    return {row[0]: row[1] for row in db.fetch(_NEWEST_EDITIONS)}


def _certificates(user_id: int) -> dict[int, CertificateView]:
    """Enrolment id → the certificate that stands for it."""
    held = (c for c in certificates.list_of_user(user_id) if c.status == "valid")
    return {certificate.enrolment_id: certificate for certificate in held}


def _due(place: PlaceView, person: Identity, now: datetime) -> tuple[datetime | None, bool]:
    enrolment = place.enrolment
    if enrolment is None or enrolment.due_on is None or not enrolment.is_active:
        return None, False
    where = zone(person.time_zone)
    return deadline(enrolment.due_on, where), is_overdue(enrolment.due_on, where, now)


def _final_test(edition: EditionView) -> FinalTest | None:
    key = edition.completion.final_test_key
    activity = edition.find_activity(key) if key else None
    if activity is None:
        return None
    settings = courses.get_part(activity.source_part).get("settings", {})
    return FinalTest(settings.get("passing_score"), settings.get("attempts") or 0)
