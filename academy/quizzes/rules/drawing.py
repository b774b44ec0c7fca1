"""What one attempt is made of: which items, in which order, with which order of choices."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from academy.quizzes.kinds.grading import GRADING


def draw(items: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], chance: random.Random) -> list[list[Any]]:
    """``[[item key, order of its frozen choices], …]`` in the order of the page.

    Where fewer items are drawn than there are, every outcome has its share of them, to within one.
    """
    count = settings.get("draw") or len(items)
    chosen = list(items) if count >= len(items) else _by_outcome(items, count, chance)
    if settings["shuffle_items"]:
        chance.shuffle(chosen)
    return [[item["key"], _order(item, settings["shuffle_choices"], chance)] for item in chosen]


def _by_outcome(items: Sequence[Mapping[str, Any]], count: int, chance: random.Random) -> list[Mapping[str, Any]]:
    pools: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        pools.setdefault(item["outcome"], []).append(number)
    shares = {outcome: divmod(len(pool) * count, len(items)) for outcome, pool in pools.items()}
    left = count - sum(whole for whole, _ in shares.values())
    by_rest = sorted(shares, key=lambda outcome: (-shares[outcome][1], chance.random()))
    taken: set[int] = set()
    for rank, outcome in enumerate(by_rest):
        taken.update(chance.sample(pools[outcome], shares[outcome][0] + (rank < left)))
    return [items[number] for number in sorted(taken)]


def _order(item: Mapping[str, Any], shuffle_choices: bool, chance: random.Random) -> list[int]:
    order = list(range(len(item.get("choices", ()))))
    shuffled = GRADING[item["kind"]].SHUFFLED
    if shuffled == "always" or (shuffled == "chosen" and shuffle_choices):
        chance.shuffle(order)
    return order
