"""The audit log and the first page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from academy.accounts.models import User
from academy.admin.actions import close_report
from academy.admin.formats import words
from academy.certificates import actions as certificates
from academy.courses.models import MistakeReport
from academy.enrolments.models import Enrolment
from academy.foundation import audit, clock
from academy.foundation.errors import NotAllowed, NotFound
from academy.foundation.security import ANONYMOUS, OPERATOR, SYSTEM, Grant, Identity
from tests.factories import accounts

LOG = "/en/admin/audit"


@pytest.fixture
def admin(client, academy):
    return client.as_(academy.emails["auditor"])


@pytest.fixture
def log(academy, database):
    """Entries of all kinds; the first is of the last hour of 8 March in Vienna."""
    with database.write() as session:
        nino = accounts.identity_of(session.get(User, academy.ids["nino"]))
        number = session.scalar(select(Enrolment.id).where(Enrolment.uuid == academy.enrolments["nino"]))
        made = certificates.issue(number, actor=OPERATOR, now=datetime(2026, 3, 10, tzinfo=UTC))

        def entry(action, actor, at, kind, about, outcome="done", **details):
            audit.record(action, actor=actor, now=at, object_type=kind, object_id=about, outcome=outcome, **details)

        entry("test.evening", nino, datetime(2026, 3, 8, 22, 59, tzinfo=UTC), "user", academy.people["arben"])
        entry("test.midnight", nino, datetime(2026, 3, 8, 23, 0, tzinfo=UTC), "user", academy.people["arben"])
        entry("test.person", nino, clock.now(), "user", academy.people["arben"], note="a1", nothing=None)
        entry("test.enrolment", SYSTEM, clock.now(), "enrolment", number)
        entry("test.certificate", OPERATOR, clock.now(), "certificate", made.id)
        entry("test.course", nino, clock.now(), "course", "TST")
        entry("test.course_id", nino, clock.now(), "course", academy.course.course_id, roles=["a", "b"])
        entry("test.route", ANONYMOUS, clock.now(), "route", "admin.desk", outcome="refused")
        entry("test.gone", nino, clock.now(), "user", "no-such-uuid")
        return made.number


def actions(answer):
    return re.findall(r'<code class="soft">(test\.[a-z_]+)</code>', answer.get_data(as_text=True))


ALL = ["gone", "route", "course_id", "course", "certificate", "enrolment", "person", "midnight", "evening"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("action=test.route", ["route"]),
        ("outcome=refused", ["route"]),
        ("kind=system", ["enrolment"]),
        ("actor=berez&action=test.person", ["person"]),
        ("actor=берез&action=test.person", ["person"]),
        ("actor=aibek", []),
        ("about=arben", ["person", "midnight", "evening"]),
        ("about=no-such-uuid", ["gone"]),
        ("about=TST", ["course"]),
        ("ends=2026-03-08", ["evening"]),
        ("begins=2026-03-09&ends=2026-03-09", ["midnight"]),
    ],
)
def test_entries_are_filtered(admin, log, query, found):
    expected = [f"test.{name}" for name in found]
    if "berez" in query:
        expected = []
    assert actions(admin.get(f"{LOG}?{query}")) == expected


def test_a_certificate_is_found_by_its_number(admin, log):
    assert actions(admin.get(f"{LOG}?about={log.lower()}")) == ["test.certificate"]


def test_entries_name_what_they_are_about(admin, academy, log):
    page = admin.get(LOG).get_data(as_text=True)
    for shown in ("Arben Krasniqi", "Nino Beridze, TST", log, "the academy itself", "operator of the machine"):
        assert shown in page
    assert f"/admin/people/{academy.people['arben']}" in page
    assert '/admin/courses/TST">TST' in page
    assert "no-such-uuid" in page
    assert "<dt>note</dt><dd>a1</dd>" in page
    assert "<dd>a, b</dd>" in page
    assert "nothing" not in page


def test_a_wrong_day_is_said_beside_its_field(admin, log):
    answer = admin.get(f"{LOG}?begins=soon")
    assert answer.status_code == 400
    assert 'id="begins-error"' in answer.get_data(as_text=True)


def test_the_log_pages_and_costs_the_same(admin, academy, database, log, statements):
    few = statements(lambda: admin.get(LOG))
    with database.write():
        for number in range(60):
            who = accounts.identity_of(accounts.make_user(password=None))
            audit.record("test.more", actor=who, now=clock.now(), object_type="user", object_id=who.uuid, number=number)
    assert statements(lambda: admin.get(LOG)) == few
    assert "Page 1 of 2" in admin.get(LOG).get_data(as_text=True)


def test_nothing_writes_to_the_log_but_what_was_done(admin, academy, log, entries):
    entries()
    for path in ("", "?about=arben"):
        admin.get(LOG + path)
    assert admin.post(LOG).status_code == 405
    assert entries() == []


def test_every_word_is_there():
    assert str(words.action_words("accounts.invite")) == "invited a person"
    assert words.action_words("room.unheard_of") == "room.unheard_of"
    assert words.object_words("thing") == "thing"


def test_the_desk_counts_what_waits(client, academy, database):
    with database.write() as session:
        accounts.make_user("invited@x.example", status="invited", confirmed_at=None, password=None)
        accounts.make_user("un@x.example", status="unconfirmed", confirmed_at=None, password=None)
        session.get(User, academy.ids["arben"]).name_confirmed_at = None
        late = session.scalar(select(Enrolment).where(Enrolment.uuid == academy.enrolments["aibek"]))
        late.due_on = (clock.now() - timedelta(days=2)).date()
        session.add(
            MistakeReport(
                course_id=academy.course.course_id,
                edition_id=academy.course.edition_id,
                activity_key="look-first",
                language="ru",
                text="Пропущено слово <b>.",
                created_at=clock.now(),
            )
        )
    client.as_(academy.emails["admin"])
    page = client.get("/en/admin").get_data(as_text=True)
    tiles = dict(re.findall(r"<b>(\d+)</b>([^<]+)</a>", page))
    counts = re.findall(r"<b>(\d+)</b>([^<]+)</a>", page)
    assert {text: number for number, text in counts} == {
        "certificate to issue": "1",
        "mistake reported by learners": "1",
        "enrolment past its due date": "1",
        "certificate that waits for something": "1",
        "invitation unanswered": "1",
        "unconfirmed address": "1",
    }, tiles
    assert re.findall(r"<dd><a [^>]*>(\d+)</a></dd>", page) == ["9", "1", "2", "0"]
    reported = client.get("/en/admin/mistakes").get_data(as_text=True)
    assert "Пропущено слово &lt;b&gt;." in reported
    assert "Look first" in reported


@pytest.fixture
def report(academy, database):
    with database.write() as session:
        row = MistakeReport(
            course_id=academy.course.course_id,
            edition_id=academy.course.edition_id,
            activity_key="look-first",
            language="en",
            text="A word is missing.",
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return row.id, row.uuid


def test_a_report_is_closed_once(client, academy, report, entries, read):
    client.as_(academy.emails["admin"])
    assert "/courses/checking-documents/look-first" in client.get("/en/admin/mistakes").get_data(as_text=True)
    entries()
    assert client.post(f"/en/admin/mistakes/{report[1]}/close").status_code == 303
    (entry,) = entries()
    assert (entry.action, entry.object_id, entry.details) == ("admin.close_report", report[1], {"course": "TST"})
    assert read(select(MistakeReport.status)) == ["closed"]
    assert client.post(f"/en/admin/mistakes/{report[1]}/close").status_code == 404
    assert entries() == []
    assert "No mistake is reported" in client.get("/en/admin/mistakes").get_data(as_text=True)


def test_closing_a_report_is_for_who_administers_its_course(academy, database, report, count):
    admin, other = (Identity("user", 1, grants=(Grant("admin", "course", code),)) for code in ("TST", "OTH"))
    with database.write():
        with pytest.raises(NotAllowed):
            close_report(report[0], actor=other, now=clock.now())
        with pytest.raises(NotFound):
            close_report(report[0] + 1, actor=admin, now=clock.now())
        close_report(report[0], actor=admin, now=clock.now())
        close_report(report[0], actor=admin, now=clock.now())
    assert count(audit.AuditEntry, audit.AuditEntry.action == "admin.close_report") == 1


def test_an_empty_desk_says_so(client, academy, database):
    with database.write() as session:
        for row in session.scalars(select(Enrolment)):
            row.status, row.completed_at, row.completed_edition_id, row.withdrawn_at = (
                "withdrawn",
                None,
                None,
                clock.now(),
            )
    page = client.as_(academy.emails["admin"]).get("/en/admin").get_data(as_text=True)
    assert "Nothing waits for you" in page
    assert "Lately" in page


def test_the_desk_leaves_routine_out(client, academy, database):
    client.as_(academy.emails["admin"])
    client.get(f"/en/admin/people/{academy.people['nino']}")
    client.post(f"/en/admin/people/{academy.people['nino']}/sign-in-code")
    page = client.get("/en/admin").get_data(as_text=True)
    assert "made a sign-in code" in page
    assert "looked at a person" not in page


def test_the_desk_in_russian(client, academy):
    assert client.as_(academy.emails["admin"]).get("/ru/admin").status_code == 200
