"""Public verification: right for every state, the same for all that is wrong, slow for guessers, never kept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from academy.certificates import actions, queries, rules
from academy.certificates.models import Certificate, VerificationMiss
from academy.certificates.rules import MISSES, MISSES_KEPT
from academy.foundation import clock, db, jobs
from academy.foundation.security import OPERATOR, format_code, mac, new_code
from tests.conftest import NOW, Client
from tests.factories.accounts import make_user
from tests.factories.certificates import make_certificate, make_completed


@pytest.fixture
def certificate(client: Client, database: db.Database) -> Certificate:
    with database.write():
        user = make_user(
            "h@x.example", name_latin="Nilufar Rahimova", name_cyrillic="Нилуфар", institution="Canary Ministry"
        )
        return make_certificate(make_completed(user))


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def same(answer: Any) -> str:
    """The page without what differs in any two answers: tokens, and the address in links of the page to itself."""
    page = re.sub(r'value="[^"]*"', "", text(answer))
    return re.sub(r'href="/(en|ru)/verify[^"]*"', "", page)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_valid(client: Client, certificate: Certificate, lang: str) -> None:
    answer = client.get(f"/{lang}/verify/{certificate.code}")
    assert answer.status_code == 200
    page = text(answer)
    for expected in (
        "Nilufar Rahimova",
        "Нилуфар",
        "Recognising document fraud",
        "Распознавание поддельных документов",
    ):
        assert expected in page
    assert {"en": "9 March 2026", "ru": "9\u00a0марта 2026"}[lang] in answer.get_data(as_text=True)
    for hidden in ("Canary", "h@x.example", "0.9", certificate.uuid, certificate.number):
        assert hidden not in re.sub(r"/static/\w+", "", page), hidden


def test_form_and_typing(client: Client, certificate: Certificate) -> None:
    assert 'name="code"' in text(client.get("/en/verify"))
    typed = format_code(certificate.code).lower().replace("-", " ")
    answer = client.get("/en/verify", query_string={"code": typed})
    assert answer.status_code == 200
    assert "Nilufar Rahimova" in text(answer)
    assert 'name="code"' in text(client.get("/en/verify?code=%20"))


@pytest.mark.parametrize(
    ("state", "words"),
    [("revoked", "has been revoked"), ("replaced", "has been replaced"), ("expired", "has expired")],
)
def test_other_states(client: Client, certificate: Certificate, database: db.Database, state: str, words: str) -> None:
    assert "is valid" in text(client.get(f"/en/verify/{certificate.code}"))
    with database.write():
        if state == "revoked":
            actions.revoke(certificate.id, reason="canary reason", actor=OPERATOR, now=NOW)
        elif state == "replaced":
            actions.replace(
                certificate.id,
                name_latin="Nilu Rahimova",
                name_cyrillic="",
                reason="canary reason",
                actor=OPERATOR,
                now=NOW,
            )
        else:
            db.session.get_one(Certificate, certificate.id).expires_on = (NOW - timedelta(days=30)).date()
    page = text(client.get(f"/en/verify/{certificate.code}"))
    assert words in page
    assert "is valid" not in page
    assert "canary" not in page
    assert "Nilu Rahimova" not in page


def test_answer_is_never_kept_or_indexed(client: Client, certificate: Certificate) -> None:
    for place in (f"/en/verify/{certificate.code}", f"/verify/{certificate.code}", f"/en/verify/{new_code()}"):
        answer = client.get(place)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert 'content="noindex' in text(answer)
        assert "Set-Cookie" not in answer.headers or "academy=" not in answer.headers["Set-Cookie"]


def test_unknown_and_malformed_look_the_same(client: Client) -> None:
    wrong = (
        new_code(),
        "X" * 26,
        "short",
        "<script>alert(1)</script>",
        "Ж" * 26,
        "U" * 26,
        "a" * 400,
        "TA-2026-000001",
    )
    answers = [client.get(f"/en/verify/{code}") for code in wrong]
    answers += [client.get("/en/verify", query_string={"code": code}) for code in wrong]
    assert {a.status_code for a in answers} == {404}
    assert len({same(a) for a in answers}) == 1
    assert all("<script>alert" not in text(a) for a in answers)


def test_machine_address_answers_in_the_browsers_language(client: Client, certificate: Certificate) -> None:
    place = f"/verify/{certificate.code}"
    for header, lang in (("ru-RU,ru;q=0.9", "ru"), ("en", "en"), ("fr", "en")):
        answer = client.get(place, headers={"Accept-Language": header})
        assert answer.status_code == 200
        assert "Accept-Language" in answer.headers["Vary"]
        assert f'lang="{lang}"' in text(answer)[:60]
        assert f"/en{place}" in text(answer)
        assert f"/ru{place}" in text(answer)
    lost = text(client.get(f"/verify/{new_code()}", headers={"Accept-Language": "ru"}))
    assert re.search(r'href="/en/verify/\w+"', lost), "the switch stays on the page"
    home = client.get("/verify", headers={"Accept-Language": "ru"})
    assert (home.status_code, home.location) == (303, "/ru/verify")


def test_guessers_are_slowed_and_right_codes_tell_them_nothing(client: Client, certificate: Certificate) -> None:
    for _ in range(3 * MISSES):
        client.get(f"/en/verify/{certificate.code}")
    for n in range(MISSES):
        assert client.get(f"/en/verify/{new_code()}").status_code == 404, n
    wrong, right = client.get(f"/en/verify/{new_code()}"), client.get(f"/en/verify/{certificate.code}")
    assert wrong.status_code == right.status_code == 429
    assert same(wrong) == same(right)
    assert int(right.headers["Retry-After"]) > 0
    other = client.get(f"/en/verify/{certificate.code}", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 200


def misses(database: db.Database) -> list[VerificationMiss]:
    with database.read():
        return list(db.session.scalars(select(VerificationMiss).order_by(VerificationMiss.id)))


def test_only_wrong_codes_are_written_down_and_no_address_is(
    client: Client, certificate: Certificate, database: db.Database
) -> None:
    for place in (f"/en/verify/{certificate.code}", f"/verify/{certificate.code}", "/en/verify"):
        client.get(place)
    assert misses(database) == []
    client.get("/en/verify/short", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    client.head(f"/verify/{new_code()}", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    client.get("/en/verify?code=short", environ_base={"REMOTE_ADDR": "192.0.2.8"})
    first, second, other = (miss.address_hash for miss in misses(database))
    assert first == second != other
    assert first == mac("192.0.2.7", purpose="certificates.address").hex()


def test_wrong_codes_are_forgotten_once_they_do_not_count(database: db.Database, app: Any) -> None:
    now, kept = clock.now(), MISSES_KEPT
    with database.write():
        for age in (timedelta(0), kept - timedelta(seconds=1), kept, kept * 2):
            actions.note_miss("a" * 64, now=now - age)
    jobs.SWEEPS["certificates.forget_misses"](now)
    assert [now - miss.at for miss in misses(database)] == [timedelta(0), kept - timedelta(seconds=1)]


def test_those_of_the_last_minutes_from_one_address_count(writing: Any) -> None:
    minute = timedelta(minutes=1)
    for n in range(MISSES):
        assert queries.seconds_to_wait("a", now=NOW) == 0
        actions.note_miss("a", now=NOW - minute * (n % 5))
    assert queries.seconds_to_wait("a", now=NOW) == 6 * 60
    assert queries.seconds_to_wait("a", now=NOW + 6 * minute) == 0
    assert queries.seconds_to_wait("b", now=NOW) == 0


def test_window_slides() -> None:
    minute = timedelta(minutes=1)
    times = [NOW - minute * n / 10 for n in range(MISSES - 1)]
    assert rules.seconds_to_wait(times, now=NOW) == 0
    times.append(NOW - 3 * minute)
    assert rules.seconds_to_wait(times, now=NOW) == 420
    assert rules.seconds_to_wait(times, now=NOW + timedelta(seconds=0.5)) == 420
    assert rules.seconds_to_wait(times, now=NOW + 7 * minute) == 0
    assert rules.seconds_to_wait(times, now=NOW + 8 * minute) == 0
