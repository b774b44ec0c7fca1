"""Public verification: right for every state, the same for all that is wrong, slow for guessers, never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from academy.certificates import actions
from academy.certificates.models import Certificate
from academy.certificates.views.throttle import MISSES, Misses
from academy.certificates.views.verification import misses
from academy.foundation import db
from academy.foundation.security import OPERATOR, format_code, new_code
from tests.conftest import NOW, Client
from tests.factories.accounts import make_user
from tests.factories.certificates import make_certificate, make_completed


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    misses.clear()
    yield
    misses.clear()


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


def test_window_slides() -> None:
    seen = Misses(limit=3, window=timedelta(minutes=10), addresses=2)
    for minute in range(3):
        assert seen.seconds_to_wait("a", NOW + timedelta(minutes=minute)) == 0
        seen.add("a", NOW + timedelta(minutes=minute))
    assert seen.seconds_to_wait("a", NOW + timedelta(minutes=3)) == 420
    assert seen.seconds_to_wait("a", NOW + timedelta(minutes=10)) == 0
    seen.add("a", NOW + timedelta(minutes=10))
    assert seen.seconds_to_wait("a", NOW + timedelta(minutes=10)) == 60
    assert seen.seconds_to_wait("b", NOW) == 0
    for address in ("b", "c"):
        seen.add(address, NOW)
    assert seen.seconds_to_wait("a", NOW + timedelta(minutes=10)) == 0, "forgotten: too many addresses"
