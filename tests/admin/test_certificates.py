"""Certificates over HTTP: the queue, issuing, the register, replacing, revoking, wishes for another spelling."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from academy.accounts.models import User
from academy.certificates import actions
from academy.certificates.models import Certificate, CertificateEvent, CorrectionRequest
from academy.foundation import clock
from academy.foundation.mail import Mail
from academy.foundation.security import Grant
from tests.factories import accounts, courses, enrolments

QUEUE = "/en/admin/certificates"


@pytest.fixture
def admin(client, academy):
    return client.as_(academy.emails["admin"])


@pytest.fixture
def issued(academy, database):
    """uuid of Nino's certificate."""
    with database.write() as session:
        made = actions.issue(
            session.scalar(
                select(enrolments.Enrolment.id).where(enrolments.Enrolment.uuid == academy.enrolments["nino"])
            ),
            actor=accounts.identity_of(session.get(User, academy.ids["second"]), Grant("admin")),
            now=clock.now(),
        )
        return made.uuid


def picks(answer):
    return re.findall(r'name="enrolment" value="([0-9a-f-]{36})"', answer.get_data(as_text=True))


def test_the_queue_says_who_waits_and_for_what(admin, academy, database):
    with database.write() as session:
        session.execute(update(User).where(User.id == academy.ids["arben"]).values(name_confirmed_at=None))
    page = admin.get(QUEUE)
    assert picks(page) == [academy.enrolments["nino"]]
    words = page.get_data(as_text=True)
    assert "The name has not been confirmed yet." in words
    assert "1 can be issued" in words
    assert "Arben" not in admin.get(f"{QUEUE}?ready=yes").get_data(as_text=True)
    assert picks(admin.get(f"{QUEUE}?ready=no")) == []
    assert "Arben" in admin.get(f"{QUEUE}?ready=no").get_data(as_text=True)
    assert admin.get(f"{QUEUE}?course=NONE").status_code == 400


def test_auditors_read_the_queue_without_choosing(client, academy):
    page = client.as_(academy.emails["auditor"]).get(QUEUE)
    assert "Nino Beridze" in page.get_data(as_text=True)
    assert picks(page) == []


def test_the_queue_pages(admin, academy, database):
    with database.write():
        for _ in range(60):
            enrolments.completed_enrolment(accounts.make_user(password=None), academy.course)
    assert len(picks(admin.get(QUEUE))) == 50
    assert len(picks(admin.get(f"{QUEUE}?page=2"))) == 12
    assert len(picks(admin.get(f"{QUEUE}/issue?all=TST"))) == 62


def test_issuing_is_previewed_then_done_once(admin, academy, entries, count, read):
    entries()
    chosen = {"enrolment": [academy.enrolments["nino"], academy.enrolments["arben"]]}
    preview = admin.get(f"{QUEUE}/issue", query_string=chosen)
    assert "2 certificates get numbers" in preview.get_data(as_text=True)
    assert picks(preview) == chosen["enrolment"]
    assert (count(Certificate), entries()) == (0, [])
    page = admin.post(f"{QUEUE}/issue", data=chosen).get_data(as_text=True)
    assert "2 certificates are issued" in page
    assert len(set(re.findall(r"TA-\d{4}-\d{6}", page))) == 2
    assert [entry.action for entry in entries()] == ["certificates.issued"] * 2
    assert sorted(mail.to_address for mail in read(select(Mail))) == ["arben@border.example", "nino@police.example"]
    again = admin.post(f"{QUEUE}/issue", data=chosen).get_data(as_text=True)
    assert "2 of those chosen have a certificate already." in again
    assert (count(Certificate), entries()) == (2, [])
    assert picks(admin.get(QUEUE)) == []


def test_an_interrupted_issue_goes_on_where_it_stopped(admin, academy, issued, count):
    chosen = {"enrolment": [academy.enrolments["nino"], academy.enrolments["arben"]]}
    preview = admin.get(f"{QUEUE}/issue", query_string=chosen).get_data(as_text=True)
    assert "1 of those chosen has a certificate already." in preview
    assert "1 certificate is issued" in admin.post(f"{QUEUE}/issue", data=chosen).get_data(as_text=True)
    assert count(Certificate) == 2


def test_what_cannot_be_issued_is_listed_with_the_reason(admin, academy, database, count):
    with database.write() as session:
        session.execute(update(User).where(User.id == academy.ids["arben"]).values(name_confirmed_at=None))
        own = enrolments.completed_enrolment(session.get(User, academy.ids["admin"]), academy.course).uuid
    chosen = {"enrolment": [academy.enrolments["arben"], own]}
    preview = admin.get(f"{QUEUE}/issue", query_string=chosen)
    assert picks(preview) == []
    assert "2 cannot be issued yet" in preview.get_data(as_text=True)
    page = admin.post(f"{QUEUE}/issue", data=chosen).get_data(as_text=True)
    assert "The name has not been confirmed yet." in page
    assert "Another administrator has to do this: it is your own." in page
    assert count(Certificate) == 0


def test_foreign_ids_refuse_the_whole(admin, academy, count):
    for foreign in (academy.enrolments["aibek"], "00000000-0000-0000-0000-000000000000"):
        chosen = {"enrolment": [academy.enrolments["nino"], foreign]}
        assert admin.get(f"{QUEUE}/issue", query_string=chosen).status_code == 404
        assert admin.post(f"{QUEUE}/issue", data=chosen).status_code == 404
    assert count(Certificate) == 0
    assert admin.get(f"{QUEUE}/issue").status_code == 303


def test_an_admin_of_another_course_issues_nothing(client, academy, database, issued):
    with database.write():
        other = accounts.make_user("other@x.example", grants=(Grant("admin", "course", "OTH"),))
    client.as_(other.email)
    assert picks(client.get(QUEUE)) == []
    assert "TA-" not in client.get(f"{QUEUE}/register").get_data(as_text=True)
    for path in (f"/{issued}", f"/{issued}/replace", f"/{issued}/revoke"):
        assert client.get(QUEUE + path).status_code == 404
    assert client.post(f"{QUEUE}/issue", data={"enrolment": academy.enrolments["arben"]}).status_code == 404


@pytest.mark.parametrize("query", ["", "q=берез", "q=TA-", "q={code}", "status=valid", "course=TST&q=nino"])
def test_the_register_finds(admin, academy, issued, read, query):
    (code,) = read(select(Certificate.code))
    assert issued in admin.get(f"{QUEUE}/register?" + query.format(code=code)).get_data(as_text=True)


@pytest.mark.parametrize("query", ["q=aibek", "status=revoked"])
def test_the_register_does_not_find(admin, academy, issued, query):
    assert issued not in admin.get(f"{QUEUE}/register?{query}").get_data(as_text=True)


def test_the_register_costs_the_same(admin, academy, issued, database, statements):
    few = statements(lambda: admin.get(f"{QUEUE}/register"))
    with database.write():
        for _ in range(5):
            row = enrolments.completed_enrolment(accounts.make_user(password=None), academy.course)
            actions.issue(row.id, actor=accounts.Identity("operator"), now=clock.now())
    assert statements(lambda: admin.get(f"{QUEUE}/register")) == few


def test_the_page_of_a_certificate(admin, client, academy, issued, entries, read):
    entries()
    page = admin.get(f"{QUEUE}/{issued}").get_data(as_text=True)
    for words in ("Nino Beridze", "Нино Берёзкина", "certificate of completion", "Piotr Zielinski", "edition 1.0"):
        assert words in page
    (entry,) = entries()
    assert (entry.action, entry.object_type) == ("admin.see_certificate", "certificate")
    assert "/revoke" in page
    assert "/revoke" not in client.as_(academy.emails["auditor"]).get(f"{QUEUE}/{issued}").get_data(as_text=True)


def test_replacing(admin, academy, issued, entries, read):
    path = f"{QUEUE}/{issued}/replace"
    assert 'value="Nino Beridze"' in admin.get(path).get_data(as_text=True)
    entries()
    answer = admin.post(path, data={"name_latin": "Nino Berishvili", "name_cyrillic": "", "reason": "passport"})
    assert answer.status_code == 303
    assert [entry.action for entry in entries()].count("certificates.replaced") == 1
    old, new = read(select(Certificate).order_by(Certificate.id))
    assert (old.status, old.replaced_by_id, new.status) == ("replaced", new.id, "valid")
    page = admin.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Nino Berishvili" in page
    assert old.number in page
    # An old page cannot replace it a second time.
    again = admin.post(path, data={"name_latin": "Nino B", "reason": "again"})
    assert "not valid any more" in admin.get(again.headers["Location"]).get_data(as_text=True)
    assert new.number in admin.get(f"{QUEUE}/{issued}").get_data(as_text=True)
    assert "<textarea" not in admin.get(path).get_data(as_text=True)
    assert len(read(select(Certificate))) == 2


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name_latin": ""}, "name_latin"),
        ({"name_latin": "Нино"}, "name_latin"),
        ({"name_cyrillic": "Nino"}, "name_cyrillic"),
        ({"reason": " "}, "reason"),
    ],
)
def test_faults_of_a_replacement_stand_beside_their_fields(admin, academy, issued, entries, data, field):
    entries()
    answer = admin.post(f"{QUEUE}/{issued}/replace", data={"name_latin": "Nino B", "reason": "x"} | data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert entries() == []


def test_revoking(admin, academy, issued, entries, read):
    path = f"{QUEUE}/{issued}/revoke"
    assert "without the reason" in admin.get(path).get_data(as_text=True)
    entries()
    assert admin.post(path, data={"reason": ""}).status_code == 422
    assert entries() == []
    assert admin.post(path, data={"reason": "A mix-up of two people"}).status_code == 303
    (entry,) = entries()
    assert entry.action == "certificates.revoked"
    assert "mix-up" not in str(entry.details)
    assert read(select(Certificate.status)) == ["revoked"]
    assert read(select(CertificateEvent.reason).where(CertificateEvent.kind == "revoked")) == ["A mix-up of two people"]
    assert "A mix-up of two people" in admin.get(f"{QUEUE}/{issued}").get_data(as_text=True)


def test_a_replaced_certificate_is_not_revoked(admin, academy, issued, read):
    admin.post(f"{QUEUE}/{issued}/replace", data={"name_latin": "Nino B", "reason": "passport"})
    answer = admin.post(f"{QUEUE}/{issued}/revoke", data={"reason": "late"})
    assert "not valid any more" in admin.get(answer.headers["Location"]).get_data(as_text=True)
    assert read(select(Certificate.status).order_by(Certificate.id)) == ["replaced", "valid"]


def test_nobody_changes_their_own(client, academy, database, issued):
    with database.write() as session:
        accounts.make_grant(session.get(User, academy.ids["nino"]), "admin")
    client.as_(academy.emails["nino"])
    for what in ("replace", "revoke"):
        assert client.get(f"{QUEUE}/{issued}/{what}").status_code == 403
        assert client.post(f"{QUEUE}/{issued}/{what}", data={"name_latin": "N", "reason": "x"}).status_code == 403
    page = client.get(f"{QUEUE}/{issued}").get_data(as_text=True)
    assert "it is your own" in page
    assert "/revoke" not in page


def test_the_desk_is_not_the_way_to_ones_own_certificate(client, academy, database, issued):
    with database.write() as session:
        accounts.make_grant(session.get(User, academy.ids["nino"]), "admin", scope="course", scope_id="OTH")
    client.as_(academy.emails["nino"])
    assert client.get(f"{QUEUE}/{issued}").status_code == 404
    assert client.get(f"{QUEUE}/{issued}/revoke").status_code == 404


@pytest.fixture
def wish(academy, database, issued):
    with database.write() as session:
        who = accounts.identity_of(session.get(User, academy.ids["nino"]))
        certificate = session.scalar(select(Certificate.id))
        return actions.ask_for_correction(
            certificate,
            name_latin="Nino Berishvili",
            name_cyrillic="",
            note="See my passport.",
            actor=who,
            now=clock.now(),
        ).uuid


def test_a_wish_is_accepted_by_replacing(admin, academy, issued, wish, read):
    page = admin.get(f"{QUEUE}/corrections").get_data(as_text=True)
    for words in ("Nino Beridze", "Nino Berishvili", "See my passport."):
        assert words in page
    form = admin.get(f"{QUEUE}/{issued}/replace").get_data(as_text=True)
    assert 'value="Nino Berishvili"' in form
    assert "asked for another spelling" in form
    assert "Nino Berishvili" in admin.get(f"{QUEUE}/{issued}").get_data(as_text=True)
    admin.post(f"{QUEUE}/{issued}/replace", data={"name_latin": "Nino Berishvili", "reason": "asked"})
    assert read(select(CorrectionRequest.status)) == ["done"]
    assert "No name to correct" in admin.get(f"{QUEUE}/corrections").get_data(as_text=True)


def test_a_wish_is_declined(admin, academy, wish, entries, read):
    entries()
    assert admin.post(f"{QUEUE}/corrections/{wish}/decline").status_code == 303
    assert [entry.action for entry in entries()] == ["certificates.correction_declined"]
    assert read(select(CorrectionRequest.status)) == ["declined"]


def test_auditors_read_wishes(client, academy, wish):
    page = client.as_(academy.emails["auditor"]).get(f"{QUEUE}/corrections").get_data(as_text=True)
    assert "Nino Berishvili" in page
    assert "/decline" not in page


def test_certificates_of_archived_courses_stay(admin, academy, database, issued):
    courses.published_course(code="OTH", slug="other")
    assert issued in admin.get(f"{QUEUE}/register?course=TST").get_data(as_text=True)
    assert issued not in admin.get(f"{QUEUE}/register?course=OTH").get_data(as_text=True)
