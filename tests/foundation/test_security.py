"""Passwords, tokens, codes and signatures, and who somebody is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.foundation import security
from academy.foundation.security import ANONYMOUS, OPERATOR, SYSTEM, Grant, Identity
from academy.foundation.security.tokens import _ALPHABET


def test_a_password_fits_its_hash_and_no_other():
    stored = security.hash_password("тихая река, три моста")
    assert stored.startswith("$argon2id$v=19$m=12288,t=3,p=1$")
    assert security.verify_password(stored, "тихая река, три моста")
    assert not security.verify_password(stored, "тихая река, три моста ")
    assert security.hash_password("x") != security.hash_password("x")


def test_a_password_may_be_typed_composed_or_not():
    assert security.verify_password(security.hash_password("caf\u00e9"), "cafe\u0301")


@pytest.mark.parametrize("stored", ["", "x", "$argon2id$v=19$m=12288,t=3,p=1$AAAA$BBBB", "$2b$12$abc"])
def test_a_hash_that_cannot_be_read_fits_nothing(stored):
    assert not security.verify_password(stored, "anything")


def test_an_older_hash_is_made_anew():
    assert not security.needs_rehash(security.hash_password("x"))
    assert security.needs_rehash("$argon2id$v=19$m=4096,t=1,p=1$AAAA$BBBB")
    assert security.needs_rehash("")


def test_tokens_are_long_and_never_the_same():
    tokens = {security.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}
    assert security.token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_codes_are_crockford_and_never_the_same():
    codes = {security.new_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(len(code) == 26 and set(code) <= set(_ALPHABET) for code in codes)
    assert len({code[-1] for code in codes}) > 5


def test_a_code_is_shown_in_groups():
    assert security.format_code("0123456789ABCDEFGHJKMNPQRS") == "0123-4567-89AB-CDEF-GHJKM-NPQRS"


@given(st.text(_ALPHABET, min_size=26, max_size=26))
def test_a_code_survives_being_copied_by_hand(code):
    shown = security.format_code(code)
    assert security.fold_code(shown) == code
    assert security.fold_code(f" {shown.lower()} ") == code
    assert security.fold_code(code.replace("0", "O").replace("1", "l")) == code
    assert security.fold_code(code.translate(str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ"))) == code
    assert security.fold_code(code.lower().translate(str.maketrans("acekmpxy", "асекмрху"))) == code


@pytest.mark.parametrize("typed", ["", "0123", "U" * 26, "Ж" * 26, "0" * 25, "0" * 27, "0" * 10_000, "\x00" * 26])
def test_what_cannot_be_a_code_is_none(typed):
    assert security.fold_code(typed) is None


def test_a_signature_holds_for_its_purpose_and_its_time(monkeypatch):
    signed = security.sign("value ж", purpose="one")
    assert security.unsign(signed, purpose="one") == "value ж"
    assert security.unsign(signed, purpose="two") is None
    assert security.unsign(signed[:-2] + "xx", purpose="one") is None
    assert security.unsign("", purpose="one") is None
    assert security.unsign(signed, purpose="one", max_age=60) == "value ж"
    assert security.unsign(signed, purpose="one", max_age=-1) is None


def test_a_signature_needs_the_key():
    signed, digest = security.sign("value", purpose="one"), security.mac("value", purpose="one")
    from tests.conftest import KEY

    try:
        security.configure("another key")
        assert security.unsign(signed, purpose="one") is None
        assert security.mac("value", purpose="one") != digest
    finally:
        security.configure(KEY)
    assert security.mac("value", purpose="two") != digest


PERSON = Identity(
    "user", 7, "uuid-7", grants=(Grant("trainer", "course", "DOC"), Grant("coordinator", "state", "GE"), Grant("admin"))
)


def test_a_role_holds_in_its_scope_only():
    assert PERSON.holds("admin")
    assert PERSON.holds("admin", scope="course", scope_id="ANY")
    assert PERSON.holds("trainer", scope="course", scope_id="DOC")
    assert not PERSON.holds("trainer", scope="course", scope_id="RISK")
    assert not PERSON.holds("trainer")
    assert not PERSON.holds("coordinator", scope="course", scope_id="GE")
    assert PERSON.holds_any("reviser", "trainer")
    assert not PERSON.holds_any("reviser")


def test_the_scopes_of_a_role():
    assert PERSON.scopes("trainer", "course") == {"DOC"}
    assert PERSON.scopes("admin", "course") is None
    assert PERSON.scopes("reviser", "course") == frozenset()


def test_operator_and_system_stand_outside_the_roles_and_nobody_holds_none():
    for who in (OPERATOR, SYSTEM):
        assert who.may_everything
        assert who.is_authenticated
        assert who.is_active
        assert who.holds("admin")
        assert who.holds_any("trainer")
    assert ANONYMOUS.is_anonymous
    assert not ANONYMOUS.may_everything
    assert not ANONYMOUS.holds_any("learner", "admin")
    assert PERSON.get_id() == "uuid-7"
