"""Enrolments over HTTP: listed, people enrolled by a pasted list, withdrawn, given more time."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from academy.accounts.models import User
from academy.enrolments.models import Enrolment
from academy.foundation import clock
from academy.foundation.mail import Mail
from academy.foundation.security import Grant
from academy.progress import actions as progress
from tests.factories import accounts, courses, enrolments

LIST = "/en/admin/courses/TST"


@pytest.fixture
def admin(client, academy):
    return client.as_(academy.emails["admin"])


def names(answer):
    return re.findall(r'/admin/people/[0-9a-f-]{36}">([^<]+)</a>', answer.get_data(as_text=True))


def test_courses_are_listed_with_who_is_in_them(admin, academy):
    page = admin.get("/en/admin/courses").get_data(as_text=True)
    numbers = re.findall(r'class="num">(?:<a[^>]*>)?(\d+)', page)
    assert numbers == ["1", "0", "2", "0"]
    assert "published" in page
    assert ">1.0<" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Aibek Toktogulov", "Arben Krasniqi", "Nino Beridze"]),
        ("q=Берез", ["Nino Beridze"]),
        ("state=KG", ["Aibek Toktogulov"]),
        ("standing=active", ["Aibek Toktogulov"]),
        ("standing=idle", ["Aibek Toktogulov"]),
        ("standing=late", []),
        ("standing=completed", ["Arben Krasniqi", "Nino Beridze"]),
        ("standing=withdrawn", []),
        ("sort=enrolled", ["Arben Krasniqi", "Aibek Toktogulov", "Nino Beridze"]),
        ("sort=due", ["Aibek Toktogulov", "Arben Krasniqi", "Nino Beridze"]),
    ],
)
def test_enrolments_are_filtered_and_sorted(admin, academy, query, found):
    assert names(admin.get(f"{LIST}?{query}")) == found


def test_the_list_shows_how_far_people_are(admin, academy, database):
    with database.write() as session:
        row = session.scalar(select(Enrolment).where(Enrolment.uuid == academy.enrolments["aibek"]))
        row.due_on = date(2026, 1, 5)
        who = accounts.identity_of(session.get(User, academy.ids["aibek"]))
        progress.complete_activity(row.id, "look-first", now=clock.now(), actor=who)
    page = admin.get(f"{LIST}?standing=late").get_data(as_text=True)
    assert names(admin.get(f"{LIST}?standing=idle")) == []
    assert "1 of 3 activities done" in page
    assert '<i class="done"></i><i class="now"></i>' in page
    assert "was due by 5 January 2026" in page


def test_the_list_costs_the_same_however_long(admin, academy, database, statements):
    admin.get(LIST)
    few = statements(lambda: admin.get(LIST))
    with database.write():
        for _ in range(15):
            enrolments.make_enrolment(accounts.make_user(password=None, state_code="GE"), academy.course)
    assert statements(lambda: admin.get(LIST)) == few


def test_an_admin_of_one_course_sees_that_course_only(client, academy, database):
    with database.write():
        scoped = accounts.make_user("scoped@x.example", grants=(Grant("admin", "course", "TST"),))
    client.as_(scoped.email)
    assert client.get(LIST).status_code == 200
    assert client.get("/en/admin").status_code == 200
    assert client.get("/en/admin/people").status_code == 403
    assert client.get("/en/admin/audit").status_code == 403
    assert client.get(f"/en/admin/people/{academy.people['nino']}").status_code == 403
    other = courses.published_course(code="OTH", slug="other")
    assert client.get(f"/en/admin/courses/{other.code}").status_code == 404
    assert (
        client.post(f"/en/admin/courses/{other.code}/enrol", data={"addresses": "nino@police.example"}).status_code
        == 404
    )
    assert "OTH" not in client.get("/en/admin/courses").get_data(as_text=True)


def test_a_preview_says_what_would_happen_and_changes_nothing(admin, academy, entries, count):
    entries()
    before = count(Enrolment)
    listed = "free@border.example, aibek@border.example\nNino <nino@police.example>; new@x.example\nnonsense"
    page = admin.post(f"{LIST}/enrol", data={"addresses": listed}).get_data(as_text=True)
    for words in (
        "1 person will be enrolled",
        "1 address is unknown",
        "1 person is in the course already",
        "1 person has completed the course",
        "1 entry is not an address",
    ):
        assert words in page
    assert count(Enrolment) == before
    assert count(Mail) == 0
    (entry,) = entries()
    assert (entry.action, entry.object_id, entry.details) == ("admin.look_up_people", "TST", {"people": 3})


def test_people_are_enrolled_and_told(admin, academy, entries, read):
    entries()
    answer = admin.post(f"{LIST}/enrol", data={"addresses": "free@border.example\nnew@x.example", "step": "enrol"})
    assert "1 person is enrolled" in answer.get_data(as_text=True)
    (row,) = read(select(Enrolment).where(Enrolment.user_id == academy.ids["free"]))
    assert row.status == "active"
    assert [(entry.action, entry.actor_id) for entry in entries()] == [("enrolments.enrolled", academy.ids["admin"])]
    (mail,) = read(select(Mail))
    assert mail.to_address == "free@border.example"
    assert "/en/courses/checking-documents" in mail.body
    assert "Checking documents" in mail.subject
    assert read(select(User).where(User.email_key == "new@x.example")) == []


def test_unknown_people_are_invited_if_one_wants(admin, academy, read):
    data = {"addresses": "new@x.example", "step": "enrol", "invite": "y", "language": "ru"}
    assert "1 person is enrolled" in admin.post(f"{LIST}/enrol", data=data).get_data(as_text=True)
    (user,) = read(select(User).where(User.email_key == "new@x.example"))
    assert (user.status, user.language) == ("invited", "ru")
    assert read(select(Enrolment.status).where(Enrolment.user_id == user.id)) == ["active"]
    assert [mail.template for mail in read(select(Mail))] == ["accounts/mail/invitation"]


def test_one_refusal_stops_nobody_else(admin, academy, read, monkeypatch):
    from academy.admin import actions
    from academy.foundation.errors import Conflict, Invalid

    real = actions.enrol

    def refuse(user_id, *args, **kwargs):
        if user_id == academy.ids["free"]:
            raise Conflict("No place is left.")
        return real(user_id, *args, **kwargs)

    monkeypatch.setattr(actions, "enrol", refuse)
    monkeypatch.setattr(
        actions, "invite_and_enrol", lambda *_a, **_k: (_ for _ in ()).throw(Invalid("Not this address."))
    )
    data = {
        "addresses": "free@border.example,ncp@academy.example,new@x.example",
        "step": "enrol",
        "invite": "y",
        "language": "en",
    }
    page = admin.post(f"{LIST}/enrol", data=data).get_data(as_text=True)
    for words in ("1 person is enrolled", "2 could not be enrolled", "No place is left.", "Not this address."):
        assert words in page
    assert read(select(Enrolment.status).where(Enrolment.user_id == academy.ids["coordinator"])) == ["active"]


def test_a_list_is_needed_and_not_too_long(admin, academy, entries):
    entries()
    assert admin.get(f"{LIST}/enrol").status_code == 200
    assert admin.post(f"{LIST}/enrol", data={"addresses": " "}).status_code == 422
    many = "\n".join(f"p{number}@x.example" for number in range(501))
    answer = admin.post(f"{LIST}/enrol", data={"addresses": many})
    assert answer.status_code == 422
    assert "At most 500" in answer.get_data(as_text=True)
    assert entries() == []


def change(academy, *names, **data):
    return data | {"enrolment": [academy.enrolments[name] for name in names]}


def test_withdrawing_is_previewed_then_done(admin, academy, entries, read):
    entries()
    chosen = change(academy, "aibek", "nino", do="withdraw")
    page = admin.get(f"{LIST}/change", query_string=chosen).get_data(as_text=True)
    assert "1 person leaves the course" in page
    assert "1 person is left as they are" in page
    assert entries() == []
    answer = admin.post(f"{LIST}/change", data=chosen)
    assert answer.status_code == 303
    assert [entry.action for entry in entries()] == ["enrolments.withdrawn"]
    said = admin.get(answer.headers["Location"]).get_data(as_text=True)
    assert "1 person is withdrawn." in said
    assert "1 person was left as they were." in said
    assert read(select(Enrolment.status).order_by(Enrolment.user_id)) == ["completed", "withdrawn", "completed"]


def test_a_due_date_is_set_and_taken_away(admin, academy, entries, read):
    entries()
    chosen = change(academy, "aibek", do="extend")
    assert "Last day" in admin.get(f"{LIST}/change", query_string=chosen).get_data(as_text=True)
    day = (clock.now() + timedelta(days=30)).date()
    admin.post(f"{LIST}/change", data=chosen | {"due_on": day.isoformat()})
    assert read(select(Enrolment.due_on).where(Enrolment.uuid == academy.enrolments["aibek"])) == [day]
    (entry,) = entries()
    assert (entry.action, entry.details["after"]) == ("enrolments.extended", day.isoformat())
    admin.post(f"{LIST}/change", data=chosen | {"due_on": ""})
    assert read(select(Enrolment.due_on).where(Enrolment.uuid == academy.enrolments["aibek"])) == [None]
    entries()
    for wrong in ("2020-01-01", "tomorrow"):
        answer = admin.post(f"{LIST}/change", data=chosen | {"due_on": wrong})
        assert answer.status_code == 422
        assert 'id="due_on-error"' in answer.get_data(as_text=True)
    assert entries() == []


def test_who_completed_takes_the_course_again(admin, academy, entries, read):
    entries()
    chosen = change(academy, "nino", do="again")
    assert "from the beginning once more" in admin.get(f"{LIST}/change", query_string=chosen).get_data(as_text=True)
    admin.post(f"{LIST}/change", data=chosen)
    assert [entry.action for entry in entries()] == ["enrolments.cycle_opened"]
    rows = select(Enrolment.status).where(Enrolment.user_id == academy.ids["nino"]).order_by(Enrolment.cycle)
    assert read(rows) == ["completed", "active"]
    # The first cycle cannot be opened once more while the second runs.
    answer = admin.post(f"{LIST}/change", data=chosen)
    assert "1 person was left as they were." in admin.get(answer.headers["Location"]).get_data(as_text=True)


def test_own_and_foreign_enrolments_together_are_refused_whole(admin, academy, database, read):
    with database.write():
        foreign = enrolments.make_enrolment(
            accounts.make_user(), courses.published_course(code="OTH", slug="other")
        ).uuid
    for extra in (foreign, "00000000-0000-0000-0000-000000000000"):
        data = {"do": "withdraw", "enrolment": [academy.enrolments["aibek"], extra]}
        assert admin.get(f"{LIST}/change", query_string=data).status_code == 404
        assert admin.post(f"{LIST}/change", data=data).status_code == 404
    assert "withdrawn" not in read(select(Enrolment.status))


def test_something_must_be_chosen(admin, academy):
    assert admin.get(f"{LIST}/change?do=withdraw").status_code == 303
    chosen = change(academy, "aibek", do="delete")
    assert admin.get(f"{LIST}/change", query_string=chosen).status_code == 404


def test_nobody_new_is_offered_for_an_archived_course(admin, academy, database):
    from academy.courses.models import Course

    assert "/enrol" in admin.get(LIST).get_data(as_text=True)
    with database.write() as session:
        session.execute(update(Course).values(status="archived"))
    page = admin.get(LIST).get_data(as_text=True)
    assert f'href="{LIST}/enrol"' not in page
    assert "Nobody new can be enrolled." in page
    answer = admin.post(f"{LIST}/enrol", data={"addresses": "free@border.example", "step": "enrol"})
    assert "This course is not open for enrolment." in answer.get_data(as_text=True)
