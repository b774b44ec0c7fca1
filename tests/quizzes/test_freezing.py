"""What an edition keeps of a quiz, and what must never be in the part that is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from academy.foundation.i18n import LocalizedText
from academy.quizzes.rules import comparing, freezing
from academy.quizzes.rules.authored import AuthoredChoice, AuthoredQuiz
from tests.factories.quizzes import KINDS, choices, item, quiz, text


def dump(body):
    return json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_e01_e02_the_shown_part_has_neither_keys_nor_feedback(lang):
    content = quiz(
        item(
            "single",
            feedback=text("CANARY-feedback"),
            choices=tuple(
                replace(choice, key=f"CANARY-{choice.key}", feedback=text("CANARY-why"))
                for choice in choices("abc", right="b")
            ),
        ),
        item("numeric", answer=Decimal(77777), tolerance=Decimal(88888)),
        item("ordering", choices=tuple(AuthoredChoice(f"CANARY-{k}", "element", text(f"Step {k}")) for k in "abc")),
        item(
            "matching",
            choices=tuple(AuthoredChoice(f"CANARY-{k}", "pair", text(f"L {k}"), text(f"R {k}")) for k in "abc"),
        ),
    )
    shown = dump(freezing.shown(content, lang))
    for secret in ("CANARY", "77777", "88888", "correct", 'feedback": {', "bloom"):
        assert secret not in shown


@pytest.mark.parametrize("kind", ["single", "multiple", "true_false"])
def test_e01_the_shown_part_is_the_same_whatever_is_right(kind):
    one = {
        "single": {"choices": choices("abc", right="a")},
        "multiple": {"choices": choices("abc", right="ab")},
        "true_false": {"correct": True},
    }
    other = {
        "single": {"choices": choices("abc", right="c")},
        "multiple": {"choices": choices("abc", right="bc")},
        "true_false": {"correct": False},
    }
    assert freezing.shown(quiz(item(kind, **one[kind])), "en") == freezing.shown(quiz(item(kind, **other[kind])), "en")


def test_every_language_has_the_same_order():
    for kind in KINDS:
        content = quiz(item(kind))
        english, russian = (freezing.shown(content, lang)["items"][0] for lang in ("en", "ru"))
        assert [f"«{words}»" for words in english.get("choices", [])] == russian.get("choices", [])
        assert [f"«{words}»" for words in english.get("prompts", [])] == russian.get("prompts", [])


def test_a_text_that_falls_back_says_its_language():
    content = quiz(item("single", text=LocalizedText.of("en", en="Only English")))
    assert freezing.shown(content, "ru")["items"][0]["text"] == {"text": "Only English", "lang": "en"}
    assert freezing.shown(content, "en")["items"][0]["text"] == "Only English"


def test_answers_hold_explanations_in_the_frozen_order():
    content = quiz(item("single"), item("true_false", feedback=None), passing_score=0.5)
    answers = freezing.answers(content, ("en", "ru"))
    assert answers["passing_score"] == 0.5
    assert answers["items"]["single"] == {
        "kind": "single",
        "outcome": "O1",
        "points": 1,
        "key": 1,
        "names": ["a", "b", "c"],
        "feedback": {"en": "Feedback on single.", "ru": "«Feedback on single.»"},
        "choices": {
            "en": ["Because a.", "Because b.", "Because c."],
            "ru": ["«Because a.»", "«Because b.»", "«Because c.»"],
        },
    }
    assert "feedback" not in answers["items"]["true-false"]


def test_a_choice_without_explanation_among_others_has_none():
    some = (replace(choices("a", right="")[0], feedback=None), *choices("bc", right="b"))
    assert freezing.answers(quiz(item("single", choices=some)), ("en",))["items"]["single"]["choices"]["en"][0] is None


def test_a_quiz_without_introduction_has_none():
    assert freezing.shown(AuthoredQuiz(), "en")["intro"] is None
    assert list(AuthoredQuiz().texts()) == []


def test_texts_are_named_by_stable_paths():
    fields = [field for field, _text in quiz(item("matching"), item("numeric")).texts()]
    assert fields == [
        "intro",
        "items/matching/text",
        "items/matching/feedback",
        "items/matching/choices/a/text",
        "items/matching/choices/a/match",
        "items/matching/choices/b/text",
        "items/matching/choices/b/match",
        "items/matching/choices/c/text",
        "items/matching/choices/c/match",
        "items/matching/choices/d/match",
        "items/numeric/text",
        "items/numeric/feedback",
        "items/numeric/unit",
    ]
    assert len(list(quiz(item("true_false", feedback=None)).texts())) == 2


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (quiz(item("single", text=text("Other words"))), True),
        (quiz(item("single"), shuffle_choices=False), True),
        (quiz(item("single", choices=choices("abc", right="a"))), False),
        (quiz(item("single", points=2)), False),
        (quiz(item("single"), item("true_false")), False),
        (quiz(item("single"), passing_score=0.5), False),
        (quiz(item("single"), purpose="pre"), False),
        (quiz(item("single", choices=tuple(reversed(choices("abc", right="b"))))), True),
    ],
)
def test_substance_is_what_is_asked_and_what_is_right(changed, same):
    assert comparing.same_substance(quiz(item("single")), changed) is same


def test_the_order_of_steps_is_substance():
    steps = item("ordering")
    assert not comparing.same_substance(quiz(steps), quiz(replace(steps, choices=steps.choices[::-1])))
