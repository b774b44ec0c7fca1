"""Taking answers from pages and putting them back."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from academy.foundation.errors import Invalid
from academy.foundation.i18n import using_language
from academy.quizzes import forms
from academy.quizzes.actions import Answer
from academy.quizzes.kinds.grading import GRADING
from academy.quizzes.kinds.taking import TAKING
from academy.quizzes.queries import DrawnItem, Given
from academy.quizzes.queries.sheets import is_empty
from academy.quizzes.rules import freezing
from tests.factories.quizzes import AT, KINDS, item, quiz


def shown(kind):
    return freezing.shown(quiz(item(kind)), "en")["items"][0]


def order_of(kind, seed=1):
    order = list(range(len(shown(kind).get("choices", ()))))
    random.Random(seed).shuffle(order)  # noqa: S311 - a test may be drawn from a seed
    return order


@pytest.mark.parametrize(
    ("kind", "raw", "order", "value"),
    [
        ("single", "0", [2, 0, 1], 2),
        ("single", 1, [2, 0, 1], 0),
        ("single", "", [2, 0, 1], None),
        ("single", None, [2, 0, 1], None),
        ("multiple", ["0", "3"], [3, 0, 1, 2], [2, 3]),
        ("multiple", [1, 1], [3, 0, 1, 2], [0]),
        ("multiple", [], [3, 0, 1, 2], []),
        ("multiple", None, [3, 0, 1, 2], []),
        ("true_false", "true", [], True),
        ("true_false", "false", [], False),
        ("true_false", True, [], True),
        ("true_false", "", [], None),
        ("true_false", None, [], None),
        ("ordering", ["2", "", "4", "1"], [3, 1, 0, 2], [4, None, 1, 2]),
        ("ordering", [2], [3, 1, 0, 2], [None, None, None, 2]),
        ("ordering", ["1", "1", "0", None], [0, 1, 2, 3], [1, 1, None, None]),
        ("matching", ["0", None, "3"], [3, 1, 0, 2], [3, None, 2]),
        ("matching", [], [3, 1, 0, 2], [None, None, None]),
        ("numeric", "2,5", [], "2.5"),
        ("numeric", "2.50", [], "2.5"),
        ("numeric", " \u22122 ", [], "-2"),
        ("numeric", "1 000", [], "1000"),
        ("numeric", "12\u00a0345,6", [], "12345.6"),
        ("numeric", "+7", [], "7"),
        ("numeric", ",5", [], "0.5"),
        ("numeric", "100", [], "100"),
        ("numeric", "-0", [], "0"),
        ("numeric", 3, [], "3"),
        ("numeric", 2.5, [], "2.5"),
        ("numeric", "", [], None),
        ("numeric", None, [], None),
    ],
)
def test_takes_the_answer_in_frozen_numbers(kind, raw, order, value):
    assert TAKING[kind].take(raw, shown(kind), order) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        *(("single", raw) for raw in ("3", -1, 3, "x", "²", True, 1.5, [], {}, "0" * 5000)),
        *(("multiple", raw) for raw in ("0", [9], [0] * 99, [[0]], {"0": 1})),
        *(("true_false", raw) for raw in ("yes", 1, [])),
        *(("ordering", raw) for raw in ("1", ["5"], ["-1"], [1] * 9, ["x"])),
        *(("matching", raw) for raw in ("1", ["4"], [0] * 9)),
        *(
            ("numeric", raw)
            for raw in (
                "two",
                "1e5",
                "1,000.5",
                "1 00",
                "٣",
                "NaN",
                "inf",
                "--1",
                "1-2",
                [1],
                True,
                "9" * 16,
                float("nan"),
                ".",
            )
        ),
    ],
)
def test_refuses_what_does_not_fit(kind, raw):
    with pytest.raises(Invalid):
        TAKING[kind].take(raw, shown(kind), list(range(len(shown(kind).get("choices", ())))))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_put_back_is_taken_as_the_same(kind):
    best = GRADING[kind].best(GRADING[kind].key(item(kind)))
    for seed in range(5):
        order = order_of(kind, seed)
        put = TAKING[kind].show(best, shown(kind), order)
        assert TAKING[kind].take(put, shown(kind), order) == best
        empty = TAKING[kind].take(TAKING[kind].show(None, shown(kind), order), shown(kind), order)
        assert is_empty(empty)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_without_script_gives_the_same_as_the_script(kind):
    order, content = order_of(kind), shown(kind)
    put = TAKING[kind].show(GRADING[kind].best(GRADING[kind].key(item(kind))), content, order)
    fields = MultiDict()
    if kind in ("ordering", "matching"):
        fields.update({f"q1.{place}": str(each) for place, each in enumerate(put)})
    elif kind == "multiple":
        fields.setlist("q1", [str(each) for each in put])
    else:
        fields["q1"] = {True: "true", False: "false"}.get(put, str(put)) if isinstance(put, bool) else str(put)
    raw = TAKING[kind].read(fields, "q1", content)
    assert TAKING[kind].take(raw, content, order) == TAKING[kind].take(put, content, order)


def test_a_number_is_shown_with_the_decimal_sign_of_the_language():
    with using_language("ru"):
        assert TAKING["numeric"].show("2.5", {}, []) == "2,5"
    with using_language("en"):
        assert TAKING["numeric"].show("2.5", {}, []) == "2.5"


@given(st.text(max_size=40) | st.integers() | st.floats() | st.booleans() | st.none() | st.lists(st.integers()))
def test_anything_is_either_taken_or_refused(raw):
    for kind in KINDS:
        try:
            value = TAKING[kind].take(raw, shown(kind), order_of(kind))
        except Invalid:
            continue
        GRADING[kind].share(GRADING[kind].key(item(kind)), value)


def drawn(kind="single", number=1):
    return DrawnItem(number, kind, shown(kind), order_of(kind))


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (None, "value"),
        ([], "value"),
        ({"seq": 1}, "value"),
        ({"value": 1}, "seq"),
        ({"value": 1, "seq": 0}, "seq"),
        ({"value": 1, "seq": True}, "seq"),
        ({"value": 1, "seq": "1"}, "seq"),
        ({"value": 1, "seq": 2**53 + 1}, "seq"),
        ({"value": 99, "seq": 1}, "value"),
    ],
)
def test_json_that_is_no_answer_is_refused_with_the_field(document, field):
    with pytest.raises(Invalid) as refusal:
        forms.answer_from_json(document, drawn())
    assert list(refusal.value.fields) == [field]


def test_json_gives_value_and_sequence_number():
    assert forms.answer_from_json({"value": "0", "seq": 2**53}, drawn()) == Answer(order_of("single")[0], 2**53)


def test_a_page_brings_only_what_has_changed_since_it_was_made():
    items = [drawn("single", 1), drawn("numeric", 2), drawn("multiple", 3), drawn("true_false", 4)]
    given_before = {"single": Given(items[0].order[0], 4, AT, "en"), "multiple": Given([1], 2, AT, "en")}
    fields = MultiDict([("q1", "0"), ("s1", "4"), ("q2", "7"), ("s2", ""), ("s3", "2")])
    page = forms.answers_from_page(fields, items, given_before)
    assert page.answers == {"numeric": Answer("7", 1), "multiple": Answer([], 3)}
    assert page.errors == {}


def test_nonsense_on_a_page_is_kept_beside_its_error_and_the_rest_is_taken():
    items = [drawn("numeric", 1), drawn("single", 2), drawn("single", 3)]
    page = forms.answers_from_page(MultiDict([("q1", "two"), ("q2", "1"), ("q3", "77")]), items, {})
    assert list(page.answers) == ["single"]
    assert page.typed == {1: "two", 3: "77"}
    assert set(page.errors) == {1, 3}
    assert "digits" in page.errors[1][0]


@pytest.mark.parametrize("sent", ["x", "-1", "9" * 16, "²"])
def test_a_forged_sequence_number_of_a_page_counts_as_none(sent):
    page = forms.answers_from_page(MultiDict([("q1", "0"), ("s1", sent)]), [drawn()], {})
    assert page.answers["single"].seq == 1
