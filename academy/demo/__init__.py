"""The demo academy: a course in full, the people of many states, and a believable past."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from academy.accounts import actions as accounts
from academy.accounts import queries as account_queries
from academy.certificates import actions as certificates
from academy.certificates import queries as certificate_queries
from academy.courses import actions as courses
from academy.courses import queries as course_queries
from academy.courses.formats.package_files import read_files
from academy.courses.jobs import index_owed
from academy.courses.models import CertificateIssue
from academy.courses.packages import read_package
from academy.demo.past import FAIR, POOR, Story, identity_of, live
from academy.demo.people import ACCOUNTS, LEARNER, LEARNER_2, LEARNERS, PASSWORD, Person
from academy.enrolments import actions as enrolments
from academy.enrolments import queries as enrolment_queries
from academy.foundation import clock, db, mail
from academy.foundation.errors import Conflict
from academy.foundation.i18n import languages
from academy.foundation.security import OPERATOR, hash_password
from academy.progress import actions as progress
from academy.settings import Settings

COURSES = Path(__file__).parent / "courses"
DAYS = 120

WHOLE = (4, 4, 4, 4, 99)
FAST = (9, 99)

# From this learner on the course issues its certificates by itself.
SWITCH = 24

# Learner by learner, in the order of people.LEARNERS.
STORIES = (
    Story(2, WHOLE),
    Story(3, FAST),
    Story(4, WHOLE),
    Story(5, WHOLE, first_final=POOR),
    Story(6, WHOLE, skill=FAIR),
    Story(7, WHOLE, first_final=POOR),
    Story(8, FAST),
    Story(9, WHOLE),
    Story(10, (4, 3)),
    Story(11, WHOLE, skill=FAIR),
    Story(12, WHOLE, names=False),
    Story(13, FAST),
    Story(14, (2,), withdraws=True),
    Story(15, WHOLE, first_final=POOR),
    Story(16, WHOLE),
    Story(17, (5, 5, 5)),
    Story(18, FAST, waits=True),
    Story(19, WHOLE, names=False),
    Story(20, WHOLE, first_final=POOR, waits=True),
    Story(22, (4, 4, 4)),
    Story(24, FAST, waits=True),
    Story(26, WHOLE, waits=True),
    Story(28, (99,), skill=POOR),
    Story(31, WHOLE),
    Story(35, (3, 2)),
    Story(40, WHOLE, skill=FAIR),
    Story(44, (4,)),
    Story(50, FAST),
    Story(55, (5, 4, 4, 2)),
    Story(60, WHOLE),
    Story(66, (1,)),
    Story(70, WHOLE, names=False),
    Story(75, (4, 4)),
    Story(82, FAST, first_final=POOR),
    Story(90, (3,)),
    Story(97, (6, 3)),
    Story(105, ()),
    Story(110, ()),
)


def is_complete(settings: Settings) -> bool:
    """Whether the demo academy was made to its end in this folder."""
    return (settings.data / "demo.complete").exists()


def was_begun(settings: Settings) -> bool:
    """Whether making the demo academy was begun in this folder."""
    return (settings.data / "demo.begun").exists()


def begin(settings: Settings) -> None:
    """Marks the folder as that of a demo academy, before anything is in it."""
    (settings.data / "demo.begun").touch()


def build(settings: Settings) -> None:
    """The demo academy is there: course, people, past. The schema is present and nobody is in it yet."""
    now = clock.now()
    start = (now - timedelta(days=DAYS)).replace(hour=8, minute=15, second=0, microsecond=0)
    with db.current().write():
        _people(start)
    course_id = _course(COURSES / "document-fraud", at=start)
    stories = list(zip(LEARNERS, STORIES, strict=True))
    for person, story in stories[:SWITCH]:
        live(person, story, course_id=course_id, start=start)
        _issue_by_hand(person, story)
    _course(COURSES / "document-fraud", at=start + timedelta(days=STORIES[SWITCH].begin), by_itself=True)
    for person, story in stories[SWITCH:]:
        live(person, story, course_id=course_id, start=start)
    _learners(course_id, now=now)
    _corrections(now=now)
    index_owed(now)
    mail.send_owed(clock.now())
    (settings.data / "demo.complete").touch()


def _course(folder: Path, *, at: datetime, by_itself: bool = False) -> int:
    """The course of that package is published, issuing its certificates by an admin or by itself; gives its id."""
    package = read_package(read_files(folder), languages()).package
    if package is None:
        raise ValueError(f"{folder} has faults; run: academy course check {folder}")
    issue = CertificateIssue.AUTOMATIC if by_itself else CertificateIssue.QUEUE
    package = replace(package, draft=replace(package.draft, certificate_issue=issue))
    courses.keep_media(package)
    with db.current().write():
        course_id = courses.import_package(package, actor=OPERATOR, now=at).course_id
    with db.current().read():
        prepared = courses.prepare_edition(course_id)
    with db.current().write():
        courses.publish(course_id, actor=OPERATOR, now=at, prepared=prepared)
        progress.reconsider(course_id, now=at)
    _read_once(course_id)
    return course_id


def _issue_by_hand(person: Person, story: Story) -> None:
    """An admin has issued what the person was owed, two days after completion, unless it still waits."""
    if story.waits:
        return
    with db.current().write():
        admin = identity_of(ACCOUNTS[0])
        for place in enrolment_queries.list_places(identity_of(person).id or 0):
            completed = place.enrolment
            if completed is None or completed.completed_at is None:
                continue
            with suppress(Conflict):  # the name is not confirmed
                certificates.issue(completed.id, actor=admin, now=completed.completed_at + timedelta(days=2))


def _read_once(course_id: int) -> None:
    """What was published is in memory, for all the units of work to come."""
    with db.current().read():
        edition = course_queries.get_edition(course_queries.newest_edition_id(course_id))
        for activity in edition.activities:
            course_queries.get_part(activity.source_part)
            if activity.answers:
                course_queries.get_answers(activity.answers)


def _people(start: datetime) -> None:
    password_hash = hash_password(PASSWORD)
    for place, person in enumerate((*ACCOUNTS, LEARNER, LEARNER_2, *LEARNERS)):
        _add(person, password_hash, at=start + timedelta(minutes=7 * place))


def _add(person: Person, password_hash: str, *, at: datetime) -> None:
    accounts.invite(
        person.email,
        name_latin=person.latin,
        name_cyrillic=person.cyrillic,
        language=person.language,
        state_code=person.state,
        institution=person.institution,
        institution_type=person.institution_type,
        function=person.function,
        gender=person.gender,
        grants=person.grants,
        password_hash=password_hash,
        actor=OPERATOR,
        now=at,
    )
    accounts.accept_notice(account_queries.privacy_version(), person.language, actor=identity_of(person), now=at)


def _learners(course_id: int, *, now: datetime) -> None:
    """The learner of the tour stands in the middle of module 3; the second one has just enrolled."""
    live(LEARNER, Story(0, (4, 4, 3)), course_id=course_id, start=now - timedelta(days=9))
    with db.current().write():
        second = identity_of(LEARNER_2)
        enrolments.enrol(second.id or 0, course_id, actor=second, now=now - timedelta(hours=20))


def _corrections(*, now: datetime) -> None:
    """One certificate is replaced, one revoked, and one holder asks for a correction."""
    with db.current().write():
        admin = identity_of(ACCOUNTS[0])
        held = [certificate_queries.list_of_user(identity_of(person).id or 0) for person in LEARNERS[:8]]
        first = [certificates_of[0] for certificates_of in held if certificates_of]
        certificates.replace(
            first[1].id,
            name_latin="Magalita Magaliti",
            name_cyrillic="",
            reason="The holder now uses two names.",
            actor=admin,
            now=now - timedelta(days=20),
        )
        certificates.revoke(
            first[4].id, reason="The final test was taken by somebody else.", actor=admin, now=now - timedelta(days=12)
        )
        asking = identity_of(LEARNERS[2])
        certificates.ask_for_correction(
            first[2].id,
            name_latin="Maria-Alexandra Exemplarescu-Pildescu",
            name_cyrillic="",
            note="Please leave out the last words.",
            actor=asking,
            now=now - timedelta(days=1),
        )


def welcome(settings: Settings, *, seconds: float) -> str:
    """What ``academy demo`` prints: where the academy is and who may sign in."""
    who = [person.email for person in (LEARNER, LEARNER_2, *ACCOUNTS)]
    lines = [
        f"The demo academy is ready after {seconds:.1f} s: {settings.base_url}/ru/ and {settings.base_url}/en/",
        f"Password of all accounts: {PASSWORD}",
        *(f"  {address}" for address in who),
        f"Mails are written to {settings.data / 'mail'}. Stop with Ctrl+C.",
    ]
    return "\n".join(lines)
