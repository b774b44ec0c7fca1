"""Issuing: once, only when all is met, with a number that never comes again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from academy.certificates import actions, queries
from academy.certificates.actions.rows import take_number
from academy.certificates.models import (
    Certificate,
    CertificateEvent,
    CertificatePerson,
    NumberSeries,
)
from academy.courses.models import Course
from academy.foundation import db
from academy.foundation.audit import AuditEntry
from academy.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from academy.foundation.i18n import LocalizedText
from academy.foundation.mail import Mail
from academy.foundation.security import ANONYMOUS, OPERATOR, SYSTEM, Grant
from tests.conftest import NOW
from tests.factories.accounts import identity_of, make_user
from tests.factories.certificates import AT, VALUES, make_certificate, make_completed, make_edition

LATER = NOW + timedelta(days=2)
NOT_COMPLETED = {"status": "active", **dict.fromkeys(("completed_at", "completed_edition_id", "rule", "values"))}


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def audited() -> list[str]:
    return [a for a in db.session.scalars(select(AuditEntry.action)) if a.startswith("certificates.")]


@pytest.mark.usefixtures("writing")
class TestIssue:
    def test_it_states_what_was_true(self) -> None:
        user = make_user(name_latin="Nilufar Rahimova", name_cyrillic="Нилуфар Раҳимова", language="ru")
        enrolment = make_completed(user)
        certificate = actions.issue(enrolment.id, actor=OPERATOR, now=NOW)
        person = db.session.get_one(CertificatePerson, certificate.id)
        assert (person.name_latin, person.name_cyrillic) == ("Nilufar Rahimova", "Нилуфар Раҳимова")
        assert len(person.salt) == 64
        assert (certificate.number, certificate.kind, certificate.status) == ("TA-2026-000001", "completion", "valid")
        assert certificate.issued_at == NOW
        assert certificate.expires_on is None
        assert certificate.snapshot["edition"] == "4.1"
        assert certificate.snapshot["test_language"] == "ru"
        assert "Rahimova" not in str(certificate.snapshot)
        event = db.session.scalars(select(CertificateEvent)).one()
        assert (event.kind, event.at, event.actor_kind) == ("issued", NOW, "operator")
        assert audited() == ["certificates.issued"]
        mail = db.session.scalars(select(Mail)).one()
        assert mail.language == "ru"
        assert "Распознавание" in mail.subject
        assert certificate.uuid in mail.body

    def test_it_happens_once(self) -> None:
        enrolment = make_completed()
        first = actions.issue(enrolment.id, actor=OPERATOR, now=NOW)
        for actor in (OPERATOR, SYSTEM):
            assert actions.issue(enrolment.id, actor=actor, now=LATER) is first
            assert actions.issue_if_automatic(enrolment.id, actor=actor, now=LATER) is first
        assert count(Certificate) == count(Mail) == count(CertificateEvent) == 1
        assert audited() == ["certificates.issued"]

    @pytest.mark.parametrize(
        ("enrolment", "user", "edition", "code"),
        [
            (NOT_COMPLETED, {}, {}, "not_completed"),
            ({"rule": None}, {}, {}, "rule_not_met"),
            ({"values": None}, {}, {}, "rule_not_met"),
            ({"values": VALUES | {"final_test_passed": False}}, {}, {}, "rule_not_met"),
            ({"values": VALUES | {"required_done": 2}}, {}, {}, "rule_not_met"),
            ({}, {"name_confirmed_at": None}, {}, "name_not_confirmed"),
            ({}, {"name_cyrillic": "Ӏ ӏ"}, {}, "not_printable"),
            ({}, {}, {"kind": "none"}, "none_for_course"),
        ],
    )  # fmt: skip
    def test_it_is_refused(
        self, enrolment: dict[str, Any], user: dict[str, Any], edition: dict[str, Any], code: str
    ) -> None:
        row = make_completed(make_user(**user), make_edition(**edition), **enrolment)
        with pytest.raises(Conflict) as caught:
            actions.issue(row.id, actor=OPERATOR, now=NOW)
        assert caught.value.code == code
        assert str(caught.value.message)
        assert actions.issue_if_automatic(row.id, actor=SYSTEM, now=NOW) is None
        assert count(Certificate) == count(NumberSeries) == count(Mail) == 0
        assert audited() == []

    def test_admins_issue_but_not_to_themselves(self) -> None:
        enrolment = make_completed()
        other = make_user()
        edition_code = db.session.scalars(select(Course.code)).one()
        for identity in (
            ANONYMOUS,
            identity_of(other),
            identity_of(other, Grant("trainer")),
            identity_of(other, Grant("auditor")),
            identity_of(other, Grant("admin", "course", "ELSE")),
        ):
            with pytest.raises(NotAllowed):
                actions.issue(enrolment.id, actor=identity, now=NOW)
        own = make_completed(other)
        with pytest.raises(NotAllowed):
            actions.issue(own.id, actor=identity_of(other, Grant("admin")), now=NOW)
        assert actions.issue(enrolment.id, actor=identity_of(other, Grant("admin", "course", edition_code)), now=NOW)

    def test_unknown_enrolment(self) -> None:
        with pytest.raises(NotFound):
            actions.issue(404, actor=OPERATOR, now=NOW)
        with pytest.raises(NotFound):
            actions.issue_if_automatic(404, actor=OPERATOR, now=NOW)

    def test_two_valid_ones_cannot_stand_in_the_register(self) -> None:
        first = make_certificate()
        values = {c.name: getattr(first, c.name) for c in Certificate.__table__.columns if c.name not in ("id", "uuid")}
        with pytest.raises(Exception, match=r"(?i)unique"), db.session.begin_nested():
            db.session.add(Certificate(**values | {"number": "TA-2026-9", "code": "X" * 26}))
        with db.session.begin_nested():
            db.session.add(Certificate(**values | {"number": "TA-2026-9", "code": "X" * 26, "status": "revoked"}))

    def test_one_issued_in_the_meantime_is_the_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        enrolment = make_completed()
        first = actions.issue(enrolment.id, actor=OPERATOR, now=NOW)
        found = iter([None, first])
        monkeypatch.setattr("academy.certificates.actions.issuing._find_valid", lambda _id: next(found))
        assert actions.issue(enrolment.id, actor=OPERATOR, now=LATER) is first
        assert db.session.scalars(select(NumberSeries.last)).one() == 1, "the number was given back"

    def test_clash_of_something_else_is_no_success(self, monkeypatch: pytest.MonkeyPatch) -> None:
        make_certificate()
        code = db.session.scalars(select(Certificate.code)).one()
        monkeypatch.setattr("academy.certificates.actions.rows.new_code", lambda: code)
        with pytest.raises(Exception, match=r"(?i)unique"):
            make_certificate()


@pytest.mark.usefixtures("writing")
class TestAutomatic:
    def test_it_is_issued_and_announced_with_the_completion(self) -> None:
        enrolment = make_completed(completed_at=NOW)
        assert actions.issue_if_automatic(enrolment.id, actor=SYSTEM, now=NOW)
        assert count(Mail) == 0

    def test_later_it_has_a_mail_of_its_own(self) -> None:
        enrolment = make_completed(completed_at=AT)
        assert actions.issue_if_automatic(enrolment.id, actor=SYSTEM, now=LATER)
        assert count(Mail) == 1

    def test_a_queue_waits_for_an_admin(self) -> None:
        enrolment = make_completed(edition=make_edition(issue="queue"))
        assert actions.issue_if_automatic(enrolment.id, actor=SYSTEM, now=NOW) is None
        assert actions.issue(enrolment.id, actor=OPERATOR, now=NOW)

    def test_a_revoked_one_is_not_issued_again_by_itself(self) -> None:
        certificate = make_certificate()
        actions.revoke(certificate.id, reason="wrong person", actor=OPERATOR, now=NOW)
        assert actions.issue_if_automatic(certificate.enrolment_id, actor=SYSTEM, now=LATER) is None
        again = actions.issue(certificate.enrolment_id, actor=OPERATOR, now=LATER)
        assert again.number == "TA-2026-000002"

    def test_confirming_the_name_issues_all_that_waited(self) -> None:
        user = make_user(name_confirmed_at=None)
        first, second = make_completed(user), make_completed(user)
        make_completed(user, make_edition(issue="queue"))
        make_completed()
        assert actions.issue_owed(user.id, actor=identity_of(user), now=LATER) == []
        user.name_confirmed_at = LATER
        db.session.flush()
        issued = actions.issue_owed(user.id, actor=identity_of(user), now=LATER)
        assert [c.enrolment_id for c in issued] == [first.id, second.id]
        assert [c.number for c in issued] == ["TA-2026-000001", "TA-2026-000002"]


@pytest.mark.usefixtures("writing")
class TestNumbers:
    def test_they_count_by_series_and_year(self) -> None:
        assert [take_number("TA", now=NOW) for _ in range(3)] == ["TA-2026-000001", "TA-2026-000002", "TA-2026-000003"]
        assert take_number("RA", now=NOW) == "RA-2026-000001"
        assert take_number("TA", now=NOW + timedelta(days=365)) == "TA-2027-000001"

    def test_a_number_never_comes_again(self) -> None:
        certificate = make_certificate()
        for row in (*db.session.scalars(select(CertificatePerson)),):
            db.session.delete(row)
        db.session.execute(CertificateEvent.__table__.delete())
        db.session.flush()
        db.session.delete(certificate)
        db.session.flush()
        assert make_certificate().number == "TA-2026-000002"

    def test_what_is_rolled_back_leaves_no_gap(self) -> None:
        with pytest.raises(ZeroDivisionError), db.session.begin_nested():
            take_number("TA", now=NOW)
            raise ZeroDivisionError
        assert take_number("TA", now=NOW) == "TA-2026-000001"


@pytest.mark.usefixtures("writing")
class TestIssuer:
    def values(self, **given: Any) -> dict[str, Any]:
        text = LocalizedText.of("en", en="Border Academy", ru="Пограничная академия")
        return {
            "series": "BA",
            "name": text,
            "project": text,
            "signatory_role": text,
            "signatory_name": "J. Doe",
        } | given

    def test_what_is_out_keeps_its_issuer(self) -> None:
        old = make_certificate()
        actions.set_issuer(**self.values(series="ba"), actor=OPERATOR, now=NOW)
        new = make_certificate()
        assert new.number == "BA-2026-000001"
        assert new.snapshot["issuer"]["name"]["t"]["ru"] == "Пограничная академия"
        assert new.snapshot["issuer"]["signatory_name"] == "J. Doe"
        assert old.snapshot["issuer"]["name"]["t"]["ru"] == "Учебная академия"
        actions.set_issuer(**self.values(series="CC"), actor=OPERATOR, now=NOW)
        assert make_certificate().number == "CC-2026-000001"
        assert "certificates.issuer_set" in audited()

    def test_only_admins_set_it(self) -> None:
        with pytest.raises(NotAllowed):
            actions.set_issuer(**self.values(), actor=identity_of(make_user(), Grant("trainer")), now=NOW)

    @pytest.mark.parametrize("series", ["", "A B", "ТА", "A" * 21, "A-1"])
    def test_series_is_plain(self, series: str) -> None:
        with pytest.raises(Invalid):
            actions.set_issuer(**self.values(series=series), actor=OPERATOR, now=NOW)


@pytest.mark.usefixtures("writing")
def test_events_are_only_added() -> None:
    make_certificate()
    event = db.session.scalars(select(CertificateEvent)).one()
    with pytest.raises(RuntimeError), db.session.begin_nested():
        event.reason = "other"
        db.session.flush()
    db.session.refresh(event)
    with pytest.raises(RuntimeError), db.session.begin_nested():
        db.session.delete(event)
        db.session.flush()


@pytest.mark.usefixtures("writing")
def test_later_changes_of_the_course_and_name_change_nothing() -> None:
    user = make_user(name_latin="Nino Beridze")
    edition = make_edition()
    certificate = actions.issue(make_completed(user, edition).id, actor=OPERATOR, now=NOW)
    before = queries.find_view(certificate.id)
    user.name_latin = "Other Name"
    course = db.session.get_one(Course, edition.course_id)
    course.title = LocalizedText.of("en", en="Something else")
    db.session.flush()
    db.session.expire_all()
    after = queries.find_view(certificate.id)
    assert before == after
    assert after is not None
    assert after.title.plain("en") == "Recognising document fraud"
