"""Pages of holders: their certificates, the file, the name before and after the issue."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select, update

from academy.accounts.models import User
from academy.certificates import actions, jobs, queries
from academy.certificates.models import Certificate, CorrectionRequest
from academy.foundation import clock, db, files
from academy.foundation.audit import AuditEntry
from academy.foundation.security import OPERATOR
from tests.conftest import NOW, Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.certificates import make_certificate, make_completed, make_edition


@pytest.fixture
def certificate(client: Client, database: db.Database) -> Certificate:
    with database.write():
        user = make_user("holder@x.example", name_latin="Nilufar Rahimova", name_cyrillic="Нилуфар Раҳимова")
        made = make_certificate(make_completed(user))
        make_user("other@x.example")
        make_user("admin@x.example", role="admin")
        make_user("auditor@x.example", role="auditor")
    return made


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def revoke(certificate: Certificate, database: db.Database) -> None:
    with database.write():
        actions.revoke(certificate.id, reason="x", actor=OPERATOR, now=NOW)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_list_shows_what_is_there(client: Client, certificate: Certificate, lang: str) -> None:
    page = client.as_("holder@x.example").get(f"/{lang}/certificates")
    assert page.status_code == 200
    assert certificate.number in text(page)
    assert certificate.uuid in text(page)
    title = {"en": "Recognising document fraud", "ru": "Распознавание поддельных документов"}[lang]
    assert title in text(page)
    assert certificate.number not in text(client.as_("other@x.example").get(f"/{lang}/certificates"))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_page_shows_both_languages_code_and_address(client: Client, certificate: Certificate, lang: str) -> None:
    page = text(client.as_("holder@x.example").get(f"/{lang}/certificates/{certificate.uuid}"))
    for expected in (
        "Certificate",
        "Сертификат",
        "Nilufar Rahimova",
        "Нилуфар Раҳимова",
        "Recognising",
        "Распознавание",
    ):
        assert expected in page, expected
    assert f"http://localhost/verify/{certificate.code}" in page
    assert f"/{lang}/certificates/{certificate.uuid}/correction" in page


def test_who_may_open_what(client: Client, certificate: Certificate) -> None:
    places = ("", "/pdf", "/correction")
    expected = {
        None: (303, 303, 303),
        "other@x.example": (404, 404, 404),
        "auditor@x.example": (200, 403, 404),
        "admin@x.example": (200, 200, 404),
        "holder@x.example": (200, 200, 200),
    }
    for who, codes in expected.items():
        client.as_(who)
        got = tuple(client.get(f"/en/certificates/{certificate.uuid}{place}").status_code for place in places)
        assert got == codes, who
    assert client.get("/en/certificates/nothing/pdf").status_code == 404


def test_who_looks_at_somebody_elses_leaves_a_trace(
    client: Client, certificate: Certificate, database: db.Database
) -> None:
    def looked(who: str) -> list[tuple[str, str, str]]:
        with database.read():
            before = db.session.scalar(select(func.max(AuditEntry.id))) or 0
        for place in ("", "/pdf"):
            client.as_(who).get(f"/en/certificates/{certificate.uuid}{place}")
        with database.read():
            found = select(AuditEntry).where(AuditEntry.id > before).order_by(AuditEntry.id)
            return [(entry.action, entry.object_id, entry.outcome) for entry in db.session.scalars(found)]

    own = str(certificate.id)
    assert looked("holder@x.example") == []
    assert looked("admin@x.example") == [
        ("certificates.seen", own, "done"),
        ("certificates.downloaded", own, "done"),
    ]
    assert looked("auditor@x.example") == [
        ("certificates.seen", own, "done"),
        ("web.refuse", "certificates.pdf", "refused"),
    ]


def test_file_is_the_same_each_time_and_named_by_its_number(client: Client, certificate: Certificate) -> None:
    client.as_("holder@x.example")
    first = client.get(f"/en/certificates/{certificate.uuid}/pdf")
    assert first.content_type == "application/pdf"
    assert first.data.startswith(b"%PDF")
    assert first.headers["Content-Disposition"] == f'attachment; filename="certificate-{certificate.number}.pdf"'
    assert "no-store" in first.headers["Cache-Control"]
    assert len(first.data) < 200_000
    jobs.print_owed(clock.now())
    assert client.get(f"/ru/certificates/{certificate.uuid}/pdf").data == first.data


def test_file_does_not_follow_the_request(client: Client, certificate: Certificate) -> None:
    client.as_("holder@x.example")
    here = client.get(f"/en/certificates/{certificate.uuid}/pdf")
    client.set_cookie("academy", sign_in("holder@x.example"), domain="127.0.0.1")
    there = client.get(f"/en/certificates/{certificate.uuid}/pdf", base_url="http://127.0.0.1")
    assert there.data == here.data
    page = text(client.get(f"/en/certificates/{certificate.uuid}", base_url="http://127.0.0.1"))
    assert f"http://localhost/verify/{certificate.code}" in page
    assert "127.0.0.1" not in page


def test_printed_file_is_handed_out_and_printed_again_when_lost(
    client: Client, certificate: Certificate, database: db.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.print_certificate(certificate.id)
    jobs.print_certificate(certificate.id)
    jobs.print_certificate(404)
    with database.read():
        view = queries.find_view(certificate.id)
    assert view is not None
    assert view.pdf_sha is not None
    assert files.exists(view.pdf_sha)
    stored = files.read(view.pdf_sha)
    with monkeypatch.context() as patch:
        patch.setattr("academy.certificates.queries.printing.compile_pdf", lambda *_a, **_k: b"anew")
        assert queries.printed(view, base_url="http://localhost") == stored
        assert queries.printed(view, base_url="https://moved.example") == b"anew"
        files.path(view.pdf_sha).unlink()
        assert queries.printed(view, base_url="http://localhost") == b"anew"
    assert queries.printed(view, base_url="http://localhost") == stored


def test_one_that_cannot_be_printed_stops_no_other(
    client: Client, certificate: Certificate, database: db.Database
) -> None:
    with database.write():
        second = make_certificate()
        db.session.execute(
            update(Certificate)
            .where(Certificate.id == certificate.id)
            .values(snapshot={**certificate.snapshot, "edition": "漢"})
        )
    jobs.print_owed(clock.now())
    with database.read():
        shas = [v.pdf_sha for v in (queries.find_view(certificate.id), queries.find_view(second.id)) if v]
    assert shas[0] is None
    assert shas[1] is not None


def test_revoked_one_says_so_and_has_no_file(client: Client, certificate: Certificate, database: db.Database) -> None:
    revoke(certificate, database)
    client.as_("holder@x.example")
    page = text(client.get(f"/en/certificates/{certificate.uuid}"))
    assert "was revoked" in page
    assert "/pdf" not in page
    assert "/correction" not in page
    assert client.get(f"/en/certificates/{certificate.uuid}/pdf").status_code == 409
    assert "revoked" in text(client.get("/en/certificates"))


class TestName:
    @pytest.fixture
    def waiting(self, client: Client, database: db.Database) -> Client:
        with database.write():
            user = make_user("new@x.example", name_latin="Nilufar Rahimova", name_confirmed_at=None)
            make_completed(user)
        return client.as_("new@x.example")

    def names(self, database: db.Database) -> tuple[str, str | None, bool]:
        with database.read():
            row = db.session.execute(
                select(User.name_latin, User.name_cyrillic, User.name_confirmed_at).where(User.email == "new@x.example")
            ).one()
        return row.name_latin, row.name_cyrillic, row.name_confirmed_at is not None

    def count(self, database: db.Database) -> int:
        with database.read():
            return db.session.scalar(select(func.count()).select_from(Certificate)) or 0

    def test_list_leads_there(self, waiting: Client) -> None:
        assert "/en/certificates/name" in text(waiting.get("/en/certificates"))
        page = text(waiting.get("/ru/certificates/name"))
        assert "Nilufar Rahimova" in page
        assert "выдан на имя" in page

    def test_confirming_issues(self, waiting: Client, database: db.Database) -> None:
        data = {"name_latin": "Nilufar  Rahimova", "name_cyrillic": "Нилуфар Раҳимова", "confirm": "1"}
        answer = waiting.post("/en/certificates/name", data=data)
        assert (answer.status_code, answer.location) == (303, "/en/certificates")
        assert "your certificate is issued" in text(waiting.get("/en/certificates"))
        assert self.names(database) == ("Nilufar Rahimova", "Нилуфар Раҳимова", True)
        assert self.count(database) == 1
        waiting.post("/en/certificates/name", data=data)
        assert self.count(database) == 1

    def test_without_anything_to_issue_it_is_just_confirmed(self, client: Client, database: db.Database) -> None:
        with database.write():
            make_completed(make_user("new@x.example", name_confirmed_at=None), make_edition(issue="queue"))
        client.as_("new@x.example").post("/en/certificates/name", data={"name_latin": "Nino", "confirm": "1"})
        page = text(client.get("/en/certificates"))
        assert "Your name is confirmed." in page
        assert "Waiting for an administrator" in page

    def test_preview_changes_nothing(self, waiting: Client, database: db.Database) -> None:
        page = waiting.post("/en/certificates/name", data={"name_latin": "Other <b>Name", "name_cyrillic": ""})
        assert page.status_code == 422
        page = waiting.post("/en/certificates/name", data={"name_latin": "Other Name", "name_cyrillic": ""})
        assert page.status_code == 200
        assert "Other Name" in text(page)
        assert self.names(database) == ("Nilufar Rahimova", None, False)

    @pytest.mark.parametrize(
        "data",
        [
            {"name_latin": " "},
            {"name_latin": "Нилуфар"},
            {"name_latin": "A", "name_cyrillic": "Ӏӏ"},
            {"name_latin": "A" * 121},
        ],
    )
    def test_what_cannot_be_printed_is_refused_with_what_was_typed(
        self, waiting: Client, database: db.Database, data: dict[str, str]
    ) -> None:
        answer = waiting.post("/ru/certificates/name", data=data | {"confirm": "1"})
        assert answer.status_code == 422
        assert all(value in text(answer) for value in data.values())
        assert self.names(database) == ("Nilufar Rahimova", None, False)
        assert self.count(database) == 0

    def test_signed_out_is_sent_to_sign_in(self, client: Client) -> None:
        assert client.get("/en/certificates/name").status_code == 303


class TestCorrection:
    def test_wish_is_stored_and_shown(self, client: Client, certificate: Certificate, database: db.Database) -> None:
        client.as_("holder@x.example")
        place = f"/en/certificates/{certificate.uuid}/correction"
        assert "Nilufar Rahimova" in text(client.get(place))
        answer = client.post(place, data={"name_latin": "Nilufar Rahimová", "name_cyrillic": "", "note": "accent"})
        assert (answer.status_code, answer.location) == (303, f"/en/certificates/{certificate.uuid}")
        page = text(client.get(answer.location))
        assert "Nilufar Rahimová" in page
        assert "request has been sent" in page
        with database.read():
            assert db.session.scalars(select(CorrectionRequest.note)).one() == "accent"

    @pytest.mark.parametrize(
        "data",
        [
            {"name_latin": ""},
            {"name_latin": "Нилуфар"},
            {"name_latin": "Nilufar Rahimova", "name_cyrillic": "Нилуфар Раҳимова"},
            {"name_latin": "Nilufar", "note": "n" * 501},
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, client: Client, certificate: Certificate, data: dict[str, str]
    ) -> None:
        client.as_("holder@x.example")
        answer = client.post(f"/en/certificates/{certificate.uuid}/correction", data=data)
        assert answer.status_code == 422

    def test_others_cannot_ask(self, client: Client, certificate: Certificate) -> None:
        for who in ("other@x.example", "admin@x.example"):
            client.as_(who)
            answer = client.post(f"/en/certificates/{certificate.uuid}/correction", data={"name_latin": "Nilufar"})
            assert answer.status_code == 404
