"""Passwords: long enough, in any script, and not one that everybody tries."""

from __future__ import annotations

import unicodedata

import pytest

from academy.accounts import rules


@pytest.mark.parametrize("length", [rules.MIN_PASSWORD, rules.MAX_PASSWORD])
@pytest.mark.parametrize("letters", ["quiet river, ", "тихая река 3 ", "მდინარეები", "日本語の川と橋を渡る"])
def test_the_limits_count_characters_of_any_script(letters, length):
    assert rules.password_faults((letters * length)[:length]) == []


@pytest.mark.parametrize("length", [0, 1, rules.MIN_PASSWORD - 1, rules.MAX_PASSWORD + 1, 5_000_000])
def test_beyond_the_limits_it_is_refused(length):
    assert len(rules.password_faults(("quiet river " * (length // 12 + 1))[:length])) == 1


def test_the_composed_form_is_counted():
    assert len(rules.password_faults(unicodedata.normalize("NFD", "йёйёйёйёйё")[:18])) == 1
    composed = unicodedata.normalize("NFD", "йёйёäöüйëñçê")
    assert rules.password_faults(composed) == []


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "Password123",
        "QWERTYUIOP",
        "йцукенгшщз",
        "Пароль 12345",
        "aaaaaaaaaa",
        "ababababab",
        "correct horse battery staple",
    ],
)
def test_what_everybody_tries_first_is_refused(password):
    (fault,) = rules.password_faults(password)
    assert "stranger" in str(fault)


@pytest.mark.parametrize("password", ["nino.beridze@ministry.example", "Nino Beridze", "nino-beridze", "NINOBERIDZE"])
def test_name_and_address_are_refused(password):
    (fault,) = rules.password_faults(password, email="nino.beridze@ministry.example", name="Nino Beridze")
    assert "must not be" in str(fault)
    assert rules.password_faults(password) == []
