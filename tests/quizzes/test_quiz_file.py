"""Quizzes as files: read, written, read again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import academy
from academy.foundation.i18n import LocalizedText
from academy.quizzes.formats import quiz_file
from academy.quizzes.formats.quiz_file import QuizFile
from tests.factories.quizzes import KINDS, item, quiz, text

LANGUAGES = ("en", "ru")
DEMO = sorted(Path(academy.__file__).parent.glob("demo/courses/*/*/*.quiz.toml"))


def read(source, languages=LANGUAGES):
    return quiz_file.read(source, file="x.quiz.toml", source="en", languages=languages)


def file_of(content, **given):
    values = {"key": "check-1", "title": text("Check"), "minutes": 5, "required": True, "quiz": content}
    return QuizFile(**values | given)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_back_as_it_was(kind):
    file = file_of(quiz(item(kind)))
    written = quiz_file.write(file, LANGUAGES)
    found, faults = read(written)
    assert faults == []
    assert found == file
    assert quiz_file.write(found, LANGUAGES) == written


def test_all_settings_come_back():
    content = quiz(
        purpose="final", attempts=2, wait_hours=24, passing_score=0.65, draw=3, shuffle_items=True,
        shuffle_choices=False, show="outcomes", time_limit_minutes=40,
    )  # fmt: skip
    found, faults = read(quiz_file.write(file_of(content, required=False, minutes=45), LANGUAGES))
    assert (faults, found) == ([], file_of(content, required=False, minutes=45))


def test_settings_that_are_not_there_have_their_defaults():
    written = quiz_file.write(file_of(quiz(item("single"))), LANGUAGES)
    start, end = written.index("[settings]"), written.index("[[item]]")
    found, faults = read(written[:start] + written[end:])
    assert faults == []
    assert found.quiz.settings == quiz().settings


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.name)
def test_the_demo_is_read_without_fault_and_written_stably(path):
    found, faults = read(path.read_text())
    assert faults == []
    written = quiz_file.write(found, LANGUAGES)
    again, _ = read(written)
    assert again == found
    assert quiz_file.write(again, LANGUAGES) == written


def test_a_translation_that_is_behind_keeps_what_it_was_approved_for():
    behind = text("Old question", "Старый вопрос").with_source("New question", editorial=False)
    written = quiz_file.write(file_of(quiz(item("single", text=behind))), LANGUAGES)
    assert 'ru_of = "' in written
    found, _ = read(written)
    assert found.quiz.items[0].text == behind
    assert found.quiz.items[0].text.status("ru") == "outdated"


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf")), min_size=1).filter(str.strip))
def test_any_text_comes_back(words):
    given_text = LocalizedText.of("en", en=words, ru='Слова\nи «кавычки» \\ " """')
    found, faults = read(quiz_file.write(file_of(quiz(item("single", text=given_text))), LANGUAGES))
    assert faults == []
    assert found.quiz.items[0].text == given_text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=4))
def test_any_number_comes_back_with_its_value(number):
    found, _ = read(quiz_file.write(file_of(quiz(item("numeric", answer=number))), LANGUAGES))
    assert found.quiz.items[0].answer == number
    again, _ = read(quiz_file.write(found, LANGUAGES))
    assert again == found


@pytest.mark.parametrize(
    ("change", "words", "line"),
    [
        (('key = "check-1"', 'kee = "check-1"'), "“key” is missing", 1),
        (('purpose = "check"', 'purpose = "exam"'), "expected one of check, pre, final", 2),
        (('ru = "«Question single?»"\n', ""), "no translation into “ru”", None),
        (('kind = "single"', 'kind = "essay"'), "expected one of single", None),
        (("points = 1", "points = 0"), "expected 1 to 100", None),
        (("correct = true", 'correct = "yes"'), "true or false", None),
        (("[settings]", "[settings]\nattempt = 3"), "did you mean “attempts”?", None),
        (('en = "Question single?"\n', ""), "no text in the source language", None),
        (('[item.text]\nen = "Question single?"\nru = "«Question single?»"\n', ""), "“text” is missing", None),
        (("minutes = 5", "minutes = "), "not readable as TOML", 3),
    ],
)
def test_faults_of_form_are_told_with_their_line(change, words, line):
    written = quiz_file.write(file_of(quiz(item("single"))), LANGUAGES)
    assert change[0] in written
    _found, faults = read(written.replace(*change, 1))
    told = [fault for fault in faults if words in fault.message]
    assert told
    assert line is None or told[0].line == line


def test_a_tolerance_may_be_left_out():
    written = quiz_file.write(file_of(quiz(item("numeric", tolerance=None, answer=Decimal(3)))), LANGUAGES)
    assert "answer = 3\n" in written
    assert "tolerance" not in written
    assert read(written)[0].quiz.items[0].tolerance is None
