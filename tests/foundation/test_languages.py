"""The running language, and how it writes numbers, dates and sort keys."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask_babel import get_locale
from hypothesis import given
from hypothesis import strategies as st

from academy.foundation import i18n
from academy.foundation.i18n import using_language

AT = datetime(2026, 3, 9, 13, 2, tzinfo=UTC)
NB = "\u00a0"


def both(function, *args):
    answers = []
    for lang in ("en", "ru"):
        with using_language(lang):
            answers.append(function(*args))
    return tuple(answers)


def test_the_language_holds_for_the_block():
    with using_language("ru"):
        assert i18n.language() == "ru"
        with using_language("en"):
            assert i18n.language() == "en"
        assert i18n.language() == "ru"


def test_an_unknown_language_is_the_default():
    with using_language("xx"):
        assert i18n.language() == i18n.default_language() == "en"
    assert i18n.languages() == ("en", "ru")


def test_other_libraries_follow(small):
    with using_language("ru"):
        assert str(get_locale()) == "ru"


def test_dates_and_times():
    assert both(i18n.format_date, date(2026, 3, 9)) == ("9 March 2026", f"9{NB}марта 2026{NB}г.")
    assert i18n.format_time(AT, "Europe/Vienna") == "14:02"
    assert i18n.format_time(AT) == "13:02"
    with using_language("en"):
        assert i18n.format_datetime(AT, "Asia/Almaty") == "9 March 2026, 18:02 (Asia/Almaty)"


def test_numbers():
    assert both(i18n.format_number, 1234.567) == ("1,234.57", f"1{NB}234,57")
    assert both(i18n.format_percent, 0.7) == ("70%", f"70{NB}%")


@pytest.mark.parametrize(("share", "shown"), [(0.6999, "69%"), (0.29 * 100 / 100, "29%"), (1, "100%"), (0, "0%")])
def test_a_pass_mark_is_never_shown_before_it_is_reached(share, shown):
    with using_language("en"):
        assert i18n.format_percent(share) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, "0 min"), (59, "59 min"), (60, "1 h"), (70, "1 h 10 min"), (-5, "0 min")]
)
def test_lengths_of_time(minutes, shown):
    with using_language("en"):
        assert i18n.format_minutes(minutes) == shown


@pytest.mark.parametrize(("minutes", "shown"), [(150, "2.5 h"), (145, "2.5 h"), (60, "1 h"), (70, "1.25 h")])
def test_hours_go_by_quarters(minutes, shown):
    with using_language("en"):
        assert i18n.format_hours(minutes) == shown


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "1 KB"), (14_200, "14 KB"), (999_999, "1,000 KB"), (1_840_000, "1.8 MB")]
)
def test_sizes(size, shown):
    with using_language("en"):
        assert i18n.format_bytes(size) == shown


def test_languages_have_names():
    assert both(i18n.language_name, "ru") == ("Russian", "русский")


def test_messages_take_their_variables(small):
    with using_language("en"):
        assert i18n.gettext("Page %(page)s of %(pages)s", page=1, pages=2) == "Page 1 of 2"
        assert i18n.gettext("100% sure") == "100% sure"
        assert i18n.ngettext("%(num)s thing", "%(num)s things", 2) == "2 things"
        assert i18n.pgettext("a place", "Hello %(name)s", name="Nino") == "Hello Nino"
        lazy = i18n.lazy_gettext("%(minutes)s min", minutes=5)
        assert str(lazy) == "5 min"


def test_a_lazy_message_is_looked_up_when_it_is_shown(small, monkeypatch):
    lazy = i18n.lazy_gettext("Courses")
    english, russian = both(str, lazy)
    assert english == "Courses"
    assert russian == both(i18n.gettext, "Courses")[1]


def test_russian_is_sorted_as_in_a_russian_dictionary():
    names = ["Ёлкин", "Жуков", "Елисеев", "Иванов", "Йодль", "Дмитриев", "Ее", "Её"]
    assert sorted(names, key=lambda name: i18n.sort_key(name, "ru")) == [
        "Дмитриев", "Ее", "Её", "Елисеев", "Ёлкин", "Жуков", "Иванов", "Йодль",
    ]  # fmt: skip


def test_accents_and_case_do_not_matter_for_sorting_and_searching():
    assert i18n.sort_key("Özil", "en") == "ozil"
    assert i18n.sort_key("O'Neill-Smith", "en") == "o neill smith"
    assert i18n.search_key("  ПЁТР  Йодль ") == "петр йодль"
    assert i18n.search_key("Müller Straße") == "muller strasse"


@given(st.text())
def test_keys_are_stable(text):
    assert i18n.search_key(i18n.search_key(text)) == i18n.search_key(text)
