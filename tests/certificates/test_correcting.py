"""Replacing, revoking, and wishes for another spelling."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from academy.certificates import actions, queries
from academy.certificates.models import Certificate, CertificateEvent, CertificatePerson, CorrectionRequest
from academy.courses.models import Course
from academy.foundation import db
from academy.foundation.audit import AuditEntry
from academy.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from academy.foundation.mail import Mail
from academy.foundation.security import OPERATOR, Grant, Identity
from tests.conftest import NOW
from tests.factories.accounts import identity_of, make_user
from tests.factories.certificates import make_certificate, make_completed

LATER = NOW + timedelta(days=3)
pytestmark = pytest.mark.usefixtures("writing")


def holder_of(certificate: Certificate) -> Identity:
    return Identity("user", id=certificate.user_id)


def replace(certificate: Certificate, **given: Any) -> Certificate:
    values = {
        "name_latin": "Nino  Beridzé",
        "name_cyrillic": "Нино Беридзэ",
        "reason": "misspelt",
        "actor": OPERATOR,
        "now": LATER,
    }
    return actions.replace(certificate.id, **values | given)


def ask(certificate: Certificate, **given: Any) -> CorrectionRequest:
    values = {
        "name_latin": "Nino Beridzé",
        "name_cyrillic": "",
        "note": "é",
        "actor": holder_of(certificate),
        "now": NOW,
    }
    return actions.ask_for_correction(certificate.id, **values | given)


def test_replacement_is_a_new_certificate_with_the_same_facts() -> None:
    old = make_certificate()
    old.expires_on = date(2029, 3, 9)
    new = replace(old)
    assert (old.status, old.replaced_by_id, new.status) == ("replaced", new.id, "valid")
    assert new.snapshot == old.snapshot
    assert new.snapshot is not old.snapshot
    assert (new.number, new.issued_at, new.expires_on) == ("TA-2026-000002", LATER, date(2029, 3, 9))
    assert new.code != old.code
    assert new.uuid != old.uuid
    assert (new.enrolment_id, new.user_id, new.course_id, new.kind) == (
        old.enrolment_id,
        old.user_id,
        old.course_id,
        old.kind,
    )
    person = db.session.get_one(CertificatePerson, new.id)
    assert (person.name_latin, person.name_cyrillic) == ("Nino Beridzé", "Нино Беридзэ")
    assert db.session.get_one(CertificatePerson, old.id).name_latin.startswith("Nino Beridze")
    events = [
        (e.certificate_id, e.kind, e.reason)
        for e in db.session.scalars(select(CertificateEvent).order_by(CertificateEvent.id))
    ]
    assert events == [(old.id, "issued", ""), (new.id, "issued", ""), (old.id, "replaced", "misspelt")]
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert mail is not None
    assert new.number in mail.body
    assert new.uuid in mail.body
    assert "misspelt" not in mail.body


def test_old_code_answers_replaced_and_new_one_valid() -> None:
    old = make_certificate()
    new = replace(old)
    found = [queries.find_by_code(c.code, now=LATER) for c in (old, new)]
    assert [f.standing.value for f in found if f] == ["replaced", "valid"]


def test_only_valid_ones_are_replaced() -> None:
    old = make_certificate()
    replace(old)
    for certificate in (old,):
        with pytest.raises(Conflict) as caught:
            replace(certificate)
        assert caught.value.code == "not_valid"
    revoked = make_certificate()
    actions.revoke(revoked.id, reason="x", actor=OPERATOR, now=NOW)
    with pytest.raises(Conflict):
        replace(revoked)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name_latin": ""}, "name_latin"),
        ({"name_latin": "Нино"}, "name_latin"),
        ({"name_latin": "Ni\u202eno"}, "name_latin"),
        ({"name_latin": "N" * 121}, "name_latin"),
        ({"name_cyrillic": "Nino"}, "name_cyrillic"),
        ({"name_cyrillic": "Ӏӏ"}, "name_cyrillic"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_names_and_reason_are_checked(given: dict[str, str], field: str) -> None:
    certificate = make_certificate()
    with pytest.raises(Invalid) as caught:
        replace(certificate, **given)
    assert list(caught.value.fields) == [field]
    assert certificate.status == "valid"


def test_revoking_keeps_the_reason_inside() -> None:
    certificate = make_certificate()
    actions.revoke(certificate.id, reason="forged attendance", actor=OPERATOR, now=LATER)
    assert certificate.status == "revoked"
    found = queries.find_by_code(certificate.code, now=LATER)
    assert found is not None
    assert found.standing == "revoked"
    assert "forged" not in repr(found)
    assert [e.reason for e in queries.list_events(certificate.id)] == ["", "forged attendance"]
    assert all("forged" not in m.body + m.subject for m in db.session.scalars(select(Mail)))
    assert all("forged" not in str(a.details) for a in db.session.scalars(select(AuditEntry)))


def test_revoking_again_changes_nothing() -> None:
    certificate = make_certificate()
    for _ in range(2):
        actions.revoke(certificate.id, reason="x", actor=OPERATOR, now=LATER)
    assert [e.kind for e in queries.list_events(certificate.id)] == ["issued", "revoked"]
    old = make_certificate()
    replace(old)
    with pytest.raises(Conflict):
        actions.revoke(old.id, reason="x", actor=OPERATOR, now=LATER)
    with pytest.raises(Invalid):
        actions.revoke(certificate.id, reason="", actor=OPERATOR, now=LATER)


def test_only_who_manages_the_course_changes_anything_and_nobody_their_own() -> None:
    certificate = make_certificate()
    other = make_user()
    code = db.session.get_one(Course, certificate.course_id).code
    request = ask(certificate)
    for identity in (
        holder_of(certificate),
        Identity("user", id=certificate.user_id, grants=(Grant("admin"),)),
        identity_of(other),
        identity_of(other, Grant("auditor")),
        identity_of(other, Grant("admin", "course", "ELSE")),
    ):
        with pytest.raises(NotAllowed):
            replace(certificate, actor=identity)
        with pytest.raises(NotAllowed):
            actions.revoke(certificate.id, reason="x", actor=identity, now=NOW)
        with pytest.raises(NotAllowed):
            actions.decline_correction(request.id, actor=identity, now=NOW)
    assert replace(certificate, actor=identity_of(other, Grant("admin", "course", code)))
    for change in (
        lambda: replace(Certificate(id=404)),
        lambda: actions.revoke(404, reason="x", actor=OPERATOR, now=NOW),
    ):
        with pytest.raises(NotFound):
            change()
    with pytest.raises(NotFound):
        actions.decline_correction(404, actor=OPERATOR, now=NOW)


def test_wish_waits_for_an_admin_and_is_done_by_replacing() -> None:
    certificate = make_certificate()
    request = ask(certificate, note="n" * 600)
    assert [r.uuid for r in queries.list_requests(seen_by=OPERATOR)] == [request.uuid]
    view = queries.get_request(request.uuid, seen_by=OPERATOR)
    assert (view.name_latin, view.number, len(view.note)) == ("Nino Beridzé", certificate.number, 500)
    assert view.printed_latin.startswith("Nino Beridze")
    replace(certificate)
    db.session.refresh(request)
    assert (request.status, request.closed_at) == ("done", LATER)
    assert queries.list_requests(seen_by=OPERATOR) == []
    assert queries.pending_correction(certificate.id) is None


def test_newer_wish_takes_the_place_of_the_open_one() -> None:
    certificate = make_certificate()
    first, second = ask(certificate), ask(certificate, name_latin="Nino Beridzè", now=LATER)
    assert first.id == second.id
    pending = queries.pending_correction(certificate.id)
    assert pending is not None
    assert (pending.name_latin, pending.created_at) == ("Nino Beridzè", LATER)


def test_wishes_are_the_holders_alone() -> None:
    certificate = make_certificate()
    for identity in (OPERATOR, identity_of(make_user(), Grant("admin"))):
        with pytest.raises(NotFound):
            ask(certificate, actor=identity)
    with pytest.raises(NotFound):
        actions.ask_for_correction(404, name_latin="A", name_cyrillic="", note="", actor=OPERATOR, now=NOW)
    with pytest.raises(NotFound):
        queries.get_request("nothing", seen_by=OPERATOR)


def test_wish_for_the_same_or_for_what_is_over_is_refused() -> None:
    user = make_user(name_latin="Nino Beridze", name_cyrillic="Нино")
    certificate = make_certificate(make_completed(user))
    with pytest.raises(Invalid):
        ask(certificate, name_latin=" Nino Beridze", name_cyrillic="Нино ")
    actions.revoke(certificate.id, reason="x", actor=OPERATOR, now=NOW)
    with pytest.raises(Conflict):
        ask(certificate)


def test_declining_tells_the_holder_once() -> None:
    certificate = make_certificate()
    request = ask(certificate)
    for _ in range(2):
        actions.decline_correction(request.id, actor=OPERATOR, now=LATER)
    assert (request.status, request.closed_at) == ("declined", LATER)
    assert len(db.session.scalars(select(Mail)).all()) == 2, "issued, declined"
    assert ask(certificate).id != request.id


def test_revoking_closes_wishes() -> None:
    certificate = make_certificate()
    request = ask(certificate)
    actions.revoke(certificate.id, reason="x", actor=OPERATOR, now=LATER)
    db.session.refresh(request)
    assert request.status == "declined"


def test_every_change_leaves_one_entry_of_ids() -> None:
    certificate = make_certificate()
    ask(certificate)
    replace(certificate)
    entries = [
        a for a in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)) if a.object_type == "certificate"
    ]
    assert [a.action for a in entries] == [
        "certificates.issued",
        "certificates.correction_asked",
        "certificates.replaced",
    ]
    assert all("Nino" not in str(a.details) and "misspelt" not in str(a.details) for a in entries)
