"""What an attempt is made of."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from academy.quizzes.rules import freezing
from academy.quizzes.rules.drawing import draw
from tests.factories.quizzes import choices, item, quiz


def drawn(content, seed=0):
    shown = freezing.shown(content, "en")
    return draw(shown["items"], shown["settings"], random.Random(seed))  # noqa: S311 - a test may be drawn from a seed


def test_everything_in_the_authors_order_unless_told_otherwise():
    content = quiz()
    assert [key for key, _ in drawn(content)] == [i.key for i in content.items]


def test_items_are_shuffled_when_the_quiz_says_so():
    content = quiz(*(item("true_false", f"i{n}") for n in range(8)), shuffle_items=True)
    orders = {tuple(key for key, _ in drawn(content, seed)) for seed in range(10)}
    assert len(orders) > 5
    assert {tuple(sorted(order)) for order in orders} == {tuple(f"i{n}" for n in range(8))}


def test_choices_keep_the_authors_order_when_the_quiz_says_so_but_steps_and_right_sides_never():
    content = quiz(item("single"), item("ordering"), item("matching"), shuffle_choices=False)
    orders = [dict(drawn(content, seed)) for seed in range(30)]
    assert {tuple(order["single"]) for order in orders} == {(0, 1, 2)}
    assert len({tuple(order["ordering"]) for order in orders}) > 10
    assert len({tuple(order["matching"]) for order in orders}) > 10


@given(st.integers(1, 12), st.lists(st.sampled_from("ABC"), min_size=12, max_size=12), st.integers())
def test_every_outcome_has_its_share_of_a_draw(count, outcomes, seed):
    content = quiz(*(item("true_false", f"i{n}", outcome=o) for n, o in enumerate(outcomes)), draw=count)
    keys = [key for key, _ in drawn(content, seed)]
    assert len(set(keys)) == len(keys) == count
    assert keys == sorted(keys, key=lambda key: int(key[1:]))
    found = Counter(outcomes[int(key[1:])] for key in keys)
    for outcome, there in Counter(outcomes).items():
        assert abs(found[outcome] - count * there / 12) < 1


def test_a_draw_larger_than_the_pool_is_the_pool():
    assert len(drawn(quiz(item("single"), draw=10))) == 1


def test_e19_places_tell_nothing_about_what_is_right():
    """χ² over 10,000 draws with 3 degrees of freedom: 16.27 is exceeded by chance once in a thousand."""
    content = quiz(item("multiple", choices=choices("abcd", right="ab")))
    chance = random.Random(7)  # noqa: S311 - a test may be drawn from a seed
    shown = freezing.shown(content, "en")
    places = Counter()
    for _ in range(10_000):
        [[_key, order]] = draw(shown["items"], shown["settings"], chance)
        places[order.index(0)] += 1
    assert sum((places[place] - 2500) ** 2 / 2500 for place in range(4)) < 16.27


def test_e19_the_frozen_order_of_steps_and_right_sides_is_not_the_right_one():
    """The order depends on the keys alone; over many items every position is taken by the first step about as often."""
    firsts = Counter(
        next(
            n
            for n, words in enumerate(freezing.shown(quiz(item("ordering", f"i{k}")), "en")["items"][0]["choices"])
            if words == "Step a"
        )
        for k in range(400)
    )
    assert sum((firsts[place] - 100) ** 2 / 100 for place in range(4)) < 16.27
