"""Names: one field, Latin for certificates, Cyrillic if the person likes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.accounts import rules
from academy.accounts.rules.names import MAX_NAME


@pytest.mark.parametrize(
    "name",
    [
        "Nino Beridze",
        "José María O’Neill",
        "Əliyev Vüqar",
        "Oʻtkir Gʻaniyev",
        "Łukasz Żółć-Nowak",
        "Þórður Jr.",
        "Nguyễn Văn A",
        "Ș. Țepeș",
        "X",
        unicodedata.normalize("NFD", "Čapek"),
        "N\u0306ame",
    ],
)
def test_latin_names_of_the_region_are_taken(name):
    assert rules.latin_faults(rules.tidy_name(name)) == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ninо Beridze", "о"),
        ("Нино Beridze", "Н и н о"),
        ("Νίκος", "Ν ί κ ο ς"),
        ("ნინო", "ნ ი ო"),
        ("Ａnna", "Ａ"),
        ("ɐ", "ɐ"),
    ],
)
def test_letters_of_another_script_are_named(name, letters):
    (fault,) = rules.latin_faults(name)
    assert str(fault).endswith(f": {letters}")


@pytest.mark.parametrize("name", ["R2D2", "Anna <b>", "a@b", "Anna_Maria", "№ Anna", "Anna\u200b"])
def test_signs_that_are_no_part_of_a_name_are_named(name):
    (fault,) = rules.latin_faults(name)
    assert "cannot have" in str(fault)


def test_an_invisible_sign_is_shown_by_its_number():
    assert "U+200B" in str(rules.latin_faults("Anna\u200b")[0])


@pytest.mark.parametrize("name", ["", "-", ". .", "’"])
def test_a_name_has_a_letter(name):
    assert [str(fault) for fault in rules.latin_faults(name)] == ["Write at least one letter."]


def test_a_name_fits_on_a_certificate():
    assert rules.latin_faults("a" * MAX_NAME) == []
    assert len(rules.latin_faults("a" * (MAX_NAME + 1))) == 1


@pytest.mark.parametrize(
    "name",
    [
        "Нино Беридзе",
        "Ҳакимзода Ғӯлом",
        "Әділхан Қасымұлы",
        "Їжакевич Ґалаґан",
        "Ђорђевић Љубиша",
        "Ѓорѓи Ќосев",
        "Ўткир",
    ],
)
def test_cyrillic_alphabets_of_the_region_are_taken(name):
    assert rules.cyrillic_faults(name) == []


@pytest.mark.parametrize("name", ["Nino", "Нинo", "Ѣ", "ꙗ"])
def test_other_letters_in_a_cyrillic_name_are_named(name):
    (fault,) = rules.cyrillic_faults(name)
    assert "not Cyrillic" in str(fault)


@given(st.text(max_size=200))
def test_any_text_is_judged_without_an_error(text):
    name = rules.tidy_name(text)
    taken = not rules.latin_faults(name)
    assert not (taken and any("\u0400" <= c <= "\u04ff" or c.isdigit() or c in "<>&\n" for c in name))
    rules.cyrillic_faults(name)
    assert rules.tidy_name(name) == name


def test_a_person_is_found_under_both_names_and_the_address():
    keys = rules.name_keys("Ñino Beridze", "Нино Берёзова", "Nino@Ministry.example")
    assert all(part in keys.search for part in ("nino beridze", "берез", "nino@ministry.example"))
    assert keys.sort == "nino beridze"


def test_a_person_without_a_name_is_called_by_the_address():
    assert rules.shown_name("", None, "a@b.example") == "a@b.example"
    assert rules.shown_name("", "Нино", "a@b.example") == "Нино"
    assert rules.name_keys("", None, "a@b.example").sort == "a b example"


@pytest.mark.parametrize(
    ("latin", "cyrillic", "language", "name"),
    [
        ("Nino", "Нино", "ru", "Нино"),
        ("Nino", "Нино", "en", "Nino"),
        ("Nino", None, "ru", "Nino"),
        ("", None, "en", ""),
    ],
)
def test_a_letter_addresses_people_in_its_own_script(latin, cyrillic, language, name):
    assert rules.addressed_name(latin, cyrillic, language) == name
