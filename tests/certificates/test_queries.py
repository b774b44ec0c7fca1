"""What is read: the register by reader, verification by code, and the queue."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.certificates import actions, permissions, queries
from academy.certificates.models import Certificate
from academy.certificates.queries import CertificateView, Verified
from academy.courses.models import Course
from academy.foundation import db
from academy.foundation.errors import NotFound
from academy.foundation.security import ANONYMOUS, OPERATOR, Grant, Identity, format_code, new_code
from tests.conftest import NOW
from tests.factories.accounts import identity_of, make_user
from tests.factories.certificates import AT, VALUES, make_certificate, make_completed, make_edition

pytestmark = pytest.mark.usefixtures("writing")


def rows(statement: Any) -> list[CertificateView]:
    return [CertificateView(*row) for row in db.session.execute(statement)]


def code_of(certificate: Certificate) -> str:
    return db.session.get_one(Course, certificate.course_id).code


def test_code_is_found_however_it_is_typed() -> None:
    certificate = make_certificate()
    certificate.code = "7K3MQ9XA2BTVH4NEW8RCJ5DP01"
    db.session.flush()
    for typed in (
        "7K3MQ9XA2BTVH4NEW8RCJ5DP01",
        format_code(certificate.code),
        " 7k3m-q9xa 2btv–h4ne w8rcj5dpo1 ",
        "7К3МQ9ХА2ВТVН4NЕW8RСJ5DРОl",
    ):
        found = queries.find_by_code(typed, now=NOW)
        assert found is not None, typed


@given(st.text(max_size=80))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_anything_else_is_not_found(typed: str) -> None:
    assert queries.find_by_code(typed, now=NOW) is None


def test_verification_tells_the_least() -> None:
    user = make_user(
        name_latin="Nino Beridze", name_cyrillic="Нино", institution="Secret Ministry", email="secret@x.example"
    )
    certificate = make_certificate(make_completed(user))
    found = queries.find_by_code(certificate.code, now=NOW)
    assert found is not None
    assert [f.name for f in fields(Verified)] == [
        "standing", "kind", "name_latin", "name_cyrillic", "title", "minutes", "issued_at", "expires_on",
    ]  # fmt: skip
    assert "ecret" not in repr(found)
    assert "0.9" not in repr(found)


def test_expired_by_the_day() -> None:
    certificate = make_certificate()
    certificate.expires_on = NOW.date()
    db.session.flush()
    found = [queries.find_by_code(certificate.code, now=NOW + timedelta(days=d)) for d in (0, 1)]
    assert [f.standing.value for f in found if f] == ["valid", "expired"]


def test_who_sees_a_certificate() -> None:
    mine, other = make_certificate(), make_certificate()
    holder = Identity("user", id=mine.user_id)
    someone = make_user()
    seers = {
        "holder": holder,
        "operator": OPERATOR,
        "admin": identity_of(someone, Grant("admin")),
        "auditor": identity_of(someone, Grant("auditor")),
        "admin of the course": identity_of(someone, Grant("admin", "course", code_of(mine))),
    }
    for who, identity in seers.items():
        assert queries.get_certificate(mine.uuid, seen_by=identity).number == mine.number, who
        assert mine.number in [c.number for c in rows(queries.list_register(seen_by=identity))], who
    for identity in (
        ANONYMOUS,
        identity_of(someone),
        identity_of(someone, Grant("trainer")),
        identity_of(someone, Grant("admin", "course", code_of(other))),
        identity_of(someone, Grant("admin", "state", "GE")),
    ):
        with pytest.raises(NotFound):
            queries.get_certificate(mine.uuid, seen_by=identity)
        assert mine.number not in [c.number for c in rows(queries.list_register(seen_by=identity))]
    assert [c.number for c in queries.list_of_user(mine.user_id)] == [mine.number]


def test_filter_and_test_agree() -> None:
    certificate = make_certificate()
    code = code_of(certificate)
    someone = make_user()
    for role in ("learner", "trainer", "admin", "auditor", "coordinator"):
        for grant in (
            Grant(role),
            Grant(role, "course", code),
            Grant(role, "course", "ELSE"),
            Grant(role, "state", "GE"),
        ):
            for identity in (identity_of(someone, grant), Identity("user", id=certificate.user_id, grants=(grant,))):
                listed = bool(rows(queries.list_register(seen_by=identity)))
                assert listed == permissions.may_see(identity, holder_id=certificate.user_id, course_code=code)
                managed = rows(queries.register._views().where(permissions.certificates_managed_by(identity)))
                assert bool(managed) == permissions.may_manage(identity, course_code=code)


def test_register_is_searched_by_name_number_and_code() -> None:
    user = make_user(name_latin="Aigul Üsönova", name_cyrillic="Айгүл Үсөнова")
    certificate = make_certificate(make_completed(user))
    other = make_certificate()

    def search(text: str = "", **given: Any) -> list[str]:
        return [c.number for c in rows(queries.list_register(seen_by=OPERATOR, text=text, **given))]

    for text in ("usonova", "айгүл", "aigul üsön", certificate.number.lower(), format_code(certificate.code)):
        assert search(text) == [certificate.number], text
    assert search("100%") == search("_") == []
    assert search() == [other.number, certificate.number]
    assert search(course_code=code_of(other)) == [other.number]
    actions.revoke(other.id, reason="x", actor=OPERATOR, now=NOW)
    assert search(status="revoked") == [other.number]
    assert [c.number for c in queries.list_of_user(user.id)] == [certificate.number]


def test_managed_one_is_found_by_code_number_or_uuid() -> None:
    certificate = make_certificate()
    for typed in (
        certificate.code,
        format_code(certificate.code).lower(),
        certificate.number.lower(),
        certificate.uuid,
    ):
        assert queries.get_managed(typed, seen_by=OPERATOR).id == certificate.id
    for typed in ("", "nothing", new_code()):
        with pytest.raises(NotFound):
            queries.get_managed(typed, seen_by=OPERATOR)
    with pytest.raises(NotFound):
        queries.get_managed(certificate.code, seen_by=identity_of(make_user(), Grant("auditor")))


def test_queue_names_everybody_who_waits_and_why() -> None:
    ready = make_completed(edition=make_edition(issue="queue"))
    unnamed = make_completed(make_user(name_confirmed_at=None), completed_at=AT + timedelta(hours=1))
    failed = make_completed(values=VALUES | {"final_test_passed": False}, completed_at=AT + timedelta(hours=2))
    unprintable = make_completed(make_user(name_cyrillic="Ӏӏ"), completed_at=AT + timedelta(hours=3))
    make_completed(edition=make_edition(kind="none"))
    make_completed(status="active", completed_at=None, completed_edition_id=None, rule=None, values=None)
    make_certificate()
    revoked = make_certificate()
    actions.revoke(revoked.id, reason="x", actor=OPERATOR, now=NOW)
    waiting = queries.waiting_for_issue(seen_by=OPERATOR)
    assert [(w.enrolment_id, [o.value for o in w.obstacles], w.automatic) for w in waiting] == [
        (ready.id, [], False),
        (unnamed.id, ["name_not_confirmed"], True),
        (failed.id, ["rule_not_met"], True),
        (unprintable.id, ["not_printable"], True),
    ]
    assert waiting[3].unprintable == "ӏ"
    own_course = db.session.get_one(Course, ready.course_id).code
    scoped = identity_of(make_user(), Grant("admin", "course", own_course))
    assert [w.enrolment_id for w in queries.waiting_for_issue(seen_by=scoped)] == [ready.id]
    assert queries.waiting_for_issue(seen_by=identity_of(make_user(), Grant("auditor"))) == []


def test_holder_sees_what_waits() -> None:
    enrolment = make_completed(edition=make_edition(issue="queue"))
    make_completed(db.session.get(queries.candidates.User, enrolment.user_id), make_edition(kind="none"))
    assert [(u, t.plain("ru")) for u, t in queries.waiting_of_user(enrolment.user_id)] == [
        (enrolment.uuid, "Распознавание поддельных документов")
    ]
    actions.issue(enrolment.id, actor=OPERATOR, now=NOW)
    assert queries.waiting_of_user(enrolment.user_id) == []


def test_files_are_owed_until_printed_for_this_mark() -> None:
    certificate = make_certificate()
    revoked = make_certificate()
    actions.revoke(revoked.id, reason="x", actor=OPERATOR, now=NOW)
    assert queries.owed_prints("m1") == [certificate.id]
    actions.keep_printed(certificate.id, sha="0" * 64, mark="m1")
    assert queries.owed_prints("m1") == []
    assert queries.owed_prints("m2") == [certificate.id]
    assert queries.find_view(404) is None
