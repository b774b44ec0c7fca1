"""LocalizedText: one value for text in several languages."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape
from sqlalchemy import Column, Integer, MetaData, Table, select

from academy.foundation.i18n import LocalizedText, LocalizedTextType, fingerprint, normalise, using_language
from academy.foundation.i18n.text import dump_json, language_label

BOTH = LocalizedText.of("en", en="Passport", ru="Паспорт")
ENGLISH = LocalizedText.of("en", en="Passport")
words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf")), min_size=1).filter(lambda t: t.strip() != "")


def test_a_text_is_shown_in_the_language_asked_for_or_in_its_own():
    assert BOTH.in_("ru") == ("Паспорт", "ru")
    assert BOTH.in_("en") == ("Passport", "en")
    assert ENGLISH.in_("ru") == ("Passport", "en")
    assert ENGLISH.plain("ru") == "Passport"
    assert (BOTH.languages, ENGLISH.languages) == (("en", "ru"), ("en",))
    assert BOTH.has("ru")
    assert not ENGLISH.has("ru")


@pytest.mark.parametrize("use", [str, "{}".format, lambda text: f"{text}", "{!s}".format])
def test_no_language_is_ever_guessed(use):
    with pytest.raises(TypeError, match="no language of its own"):
        use(BOTH)


def test_a_page_marks_a_text_that_is_in_another_language():
    text = LocalizedText.of("en", en="<Passport>")
    with using_language("en"):
        assert escape(text) == Markup("&lt;Passport&gt;")
    with using_language("ru"):
        assert escape(text).startswith('<span lang="en">&lt;Passport&gt;</span> <span class="fallback">')
        assert escape(BOTH) == "Паспорт"


def test_the_label_of_a_language_without_a_name_is_its_code():
    assert language_label("kk") == "KK"


def test_the_status_of_a_translation():
    assert BOTH.status("en") == BOTH.status("ru") == "current"
    assert ENGLISH.status("ru") == "missing"
    assert BOTH.with_source("Travel document", editorial=False).status("ru") == "outdated"
    assert BOTH.with_source("Passports", editorial=True).status("ru") == "current"


def test_an_editorial_change_does_not_make_an_outdated_translation_current():
    outdated = BOTH.with_source("Travel document", editorial=False)
    assert outdated.with_source("Travel documents", editorial=True).status("ru") == "outdated"


def test_a_translation_is_approved_for_the_source_that_its_translator_saw():
    seen = ENGLISH.source_fingerprint
    changed = ENGLISH.with_source("Travel document", editorial=False)
    assert changed.with_translation("ru", "Паспорт", of=seen).status("ru") == "outdated"
    assert changed.with_translation("ru", "Проездной документ").status("ru") == "current"


def test_the_source_must_be_there_but_may_be_empty():
    with pytest.raises(ValueError, match="source text is missing"):
        LocalizedText("en", {"ru": "Паспорт"}, {})
    empty = LocalizedText.of("en", en="", ru=" ")
    assert not empty
    assert empty.languages == ("en",)
    assert BOTH


def test_an_approval_without_a_translation_is_forgotten():
    assert LocalizedText("en", {"en": "x"}, {"ru": "0" * 16, "en": "0" * 16}).approved_for == {}


def test_it_is_frozen_and_can_be_a_key():
    with pytest.raises(AttributeError):
        BOTH.source = "ru"
    with pytest.raises(TypeError):
        BOTH.texts["en"] = "x"
    same = LocalizedText.of("en", ru="Паспорт", en="Passport")
    assert same == BOTH
    assert {BOTH: 1}[same] == 1
    assert ENGLISH != BOTH


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "\ud800", "a\u202eb", "a\u2066b"])
def test_control_characters_and_direction_marks_are_refused(bad):
    with pytest.raises(ValueError, match=r"U\+"):
        normalise(bad)
    with pytest.raises(ValueError):
        LocalizedText.of("en", en=bad)


def test_texts_are_composed_and_have_one_kind_of_line_end():
    assert normalise("e\u0301\r\nи\u0306\r\tx") == "é\nй\n\tx"
    assert LocalizedText.of("en", en="e\u0301").texts["en"] == "é"


def test_the_fingerprint_is_that_of_the_plan():
    expected = hashlib.sha256("é\nline".encode()).hexdigest()[:16]
    assert fingerprint("e\u0301  \r\nline \n\n") == expected


@given(words, words)
def test_json_gives_the_same_text_back(english, russian):
    text = LocalizedText.of("en", en=english, ru=russian)
    assert LocalizedText.from_json(text.to_json()) == text


@given(words)
def test_blanks_at_line_ends_never_outdate_a_translation(source):
    text = LocalizedText.of("en", en=source, ru="перевод")
    assert text.with_source(f"{source}  \n", editorial=False).status("ru") == "current"


def test_the_column_keeps_it_with_readable_letters(database):
    table = Table(
        "texts_of_a_test", MetaData(), Column("id", Integer, primary_key=True), Column("title", LocalizedTextType)
    )
    with database.engine.begin() as connection:
        table.create(connection)
    try:
        with database.write() as session:
            session.execute(table.insert(), [{"title": BOTH}, {"title": None}])
        with database.read() as session:
            assert list(session.scalars(select(table.c.title).order_by(table.c.id))) == [BOTH, None]
    finally:
        with database.engine.begin() as connection:
            table.drop(connection)
    assert dump_json(BOTH.to_json()).count("Паспорт") == 1
