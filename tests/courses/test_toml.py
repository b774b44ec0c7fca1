"""TOML in and out."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.courses.formats.faults import Fault
from academy.courses.formats.toml_reading import line_numbers, parse
from academy.courses.formats.toml_writing import TomlText, value_text
from academy.foundation.i18n import LocalizedText, fingerprint


def table(text, faults=None):
    return parse(text, "f.toml", [] if faults is None else faults)


def told(text, use):
    faults: list[Fault] = []
    found = parse(text, "f.toml", faults)
    result = use(found)
    return result, [(fault.line, fault.message) for fault in faults]


def test_lines_of_everything():
    text = '''# words
a = 1
"b c".d = 2

[t]
x = """
[no]
y = 1
"""
list = [
  "]", # = ]
  { z = 1 },
]

[[e]]
k = 'it\\'

[e.sub]
k = 1
[[e]]
k = 2
[[e.deep]]
v = 1
'''
    lines = line_numbers(text)
    assert tomllib.loads(text)
    assert lines["a",] == 2
    assert lines["b c", "d"] == lines["b c",] == 3
    assert lines["t",] == 5
    assert lines["t", "x"] == 6
    assert lines["t", "list"] == 10
    assert lines["e", 0] == 15
    assert lines["e", 0, "k"] == 16
    assert lines["e", 0, "sub", "k"] == 19
    assert lines["e", 1, "k"] == 21
    assert lines["e", 1, "deep", 0, "v"] == 23
    assert ("t", "y") not in lines


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\na = 2\n", 2, "given twice"),
        ("[t]\nx = 1\n[t]\n", 3, "given twice"),
        ("a = 1\nb = \n", 2, "not readable as TOML"),
        ('a = "open', 1, "not readable as TOML"),
        ("a = 1\n\nnonsense\n", 3, "not readable as TOML"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text, line, words):
    faults: list[Fault] = []
    assert parse(text, "f.toml", faults, first_line=11) is None
    assert faults[0].line == line + 10
    assert words in faults[0].message


def test_values_of_a_wrong_kind_are_told_where_they_stand():
    text = 't = 1\ni = "x"\nb = 1\nn = true\nd = "2026"\nl = [1]\no = "z"\n'
    text += 'tables = [1]\nmost = 99\nf = 7.5\nempty = ""\nm = 2026-01-01T10:00:00\nx = 1\n'

    def use(found):
        got = (found.text("t"), found.integer("i"), found.flag("b"), found.number("n", least=0, most=1), found.day("d"))
        got += (found.texts("l"), found.one_of("o", ["p", "q"]), found.tables("tables"), found.integer("most", most=9))
        got += (
            found.number("f", least=0, most=1),
            found.text("empty"),
            found.day("m"),
            found.table("x"),
            found.texts("t"),
        )
        got += (
            found.texts("none"),
            found.flag("none", True),
            found.integer("none", 4),
            found.one_of("none", ["p"], "p"),
        )
        return got

    result, faults = told(text, use)
    assert result[:9] == ("", 0, False, 0.0, None, (), "p", [], 99)
    assert result[9:] == (0.0, "", None, None, (), (), True, 4, "p")
    assert [line for line, _ in faults] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 1]


def test_values_that_are_right():
    text = 't = "x"\ni = 3\nb = false\nn = 0.5\nd = 2026-03-09\nl = ["a", "b"]\no = "q"\n[[e]]\nk = "some-Key-1"\n'
    faults: list[Fault] = []
    found = table(text, faults)
    assert (found.text("t"), found.integer("i"), found.flag("b"), found.number("n")) == ("x", 3, False, 0.5)
    assert (found.day("d"), found.texts("l"), found.one_of("o", ["p", "q"])) == (date(2026, 3, 9), ("a", "b"), "q")
    assert found.tables("e")[0].key("k") == "some-Key-1"
    found.close()
    assert faults == []


def test_missing_and_unknown_keys():
    def use(found):
        values = (
            found.text("minutes"),
            found.number("points"),
            found.key(),
            found.localized("title", "en", ("en", "ru")),
        )
        found.localized("intro", "en", ("en", "ru"), required=False)
        found.close()
        return values

    result, faults = told("\nminuts = 3\nzzz = 1\n", use)
    assert result == ("", 0.0, "", None)
    words = [message for _, message in faults]
    assert "“minuts” is not known here; did you mean “minutes”?" in words
    assert "“zzz” is not known here" in words
    assert sum("is missing" in message for message in words) == 4
    assert (2, "“minuts” is not known here; did you mean “minutes”?") in faults


@pytest.mark.parametrize("key", ["two words", "ключ", "a--b", "-a", "a_b", "x" * 81])
def test_keys_that_cannot_be(key):
    assert told(f'key = "{key}"\n', lambda found: found.key())[1]


def test_localized_texts():
    text = f'[title]\nen = "One"\nru = "Один"\nru_of = "{"a" * 16}"\n'
    found = table(text).localized("title", "en", ("en", "ru"))
    assert found.status("ru") == "outdated"
    assert table('[title]\nen = "One"\nru = "Один"\n').localized("title", "en", ("en", "ru")).status("ru") == "current"


def test_faults_of_localized_texts():
    faults: list[Fault] = []
    found = table('[title]\nen = "One"\nru_of = "x"\nde = "Eins"\n', faults)
    assert found.localized("title", "en", ("en", "ru")).languages == ("en",)
    assert [(f.line, f.missing) for f in faults] == [(1, "ru"), (3, ""), (4, "")]
    faults.clear()
    assert table('[title]\nru = "Один"\n', faults).localized("title", "en", ("en", "ru")) is None
    assert "source language" in faults[0].message
    faults.clear()
    assert table("title = 1\n", faults).localized("title", "en", ("en",)) is None
    assert len(faults) == 1


def test_invisible_characters_are_refused():
    result, faults = told('t = "a\\u0007b"\nl = ["a\\u202Eb"]\n', lambda found: (found.text("t"), found.texts("l")))
    assert result == ("", ("",))
    assert len(faults) == 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (3, "3"),
        (0.5, "0.5"),
        (1.0, "1"),
        (date(2026, 3, 9), "2026-03-09"),
        ('a "b" \\ c', '"a \\"b\\" \\\\ c"'),
        ("я", '"я"'),
        (("a", "b"), '["a", "b"]'),
        (("a" * 50, "b" * 50), f'[\n  "{"a" * 50}",\n  "{"b" * 50}",\n]'),
        ("two\nlines", '"""\ntwo\nlines"""'),
        ("\x01\x7f\t", '"\\u0001\\u007F\\t"'),
    ],
)
def test_values_as_toml(value, text):
    assert value_text(value) == text
    back = tomllib.loads(f"v = {text}\n")["v"]
    assert (tuple(back) if isinstance(back, list) else back) == value


@given(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"])), st.integers(-(2**40), 2**40), st.booleans(), st.dates()
    )
)
def test_whatever_is_written_can_be_read(value):
    expected = value.replace("\r\n", "\r\n") if isinstance(value, str) else value
    assert tomllib.loads(f"v = {value_text(value)}\n")["v"] == expected


def test_a_document():
    text = TomlText()
    text.values({"key": "a", "none": None})
    text.blank()
    text.blank()
    behind = LocalizedText("en", {"en": "One", "ru": "Один"}, {"ru": "b" * 16})
    text.localized("title", behind, ("en", "ru"))
    text.localized("intro", None, ("en", "ru"))
    text.localized("empty", LocalizedText("en", {"en": ""}, {}), ("en", "ru"))
    text.entry("item", {"key": "x"})
    text.localized("item.text", LocalizedText("en", {"en": "Q", "ru": "В"}, {"ru": fingerprint("Q")}), ("en", "ru"))
    text.entry("item", {"key": "y"}, blank=False)
    text.localized("item.text", LocalizedText.of("en", en="Q2"), ("en", "ru"))
    assert str(text) == (
        'key = "a"\n\n[title]\nen = "One"\nru = "Один"\nru_of = "bbbbbbbbbbbbbbbb"\n\n'
        '[[item]]\nkey = "x"\n[item.text]\nen = "Q"\nru = "В"\n[[item]]\nkey = "y"\n[item.text]\nen = "Q2"\n'
    )
    assert tomllib.loads(str(text))["item"][1] == {"key": "y", "text": {"en": "Q2"}}
