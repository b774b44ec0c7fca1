"""An order that tells nothing about what is right."""

import hashlib
from collections.abc import Iterable

from academy.quizzes.rules.authored import AuthoredChoice


def hidden_order(item_key: str, choices: Iterable[AuthoredChoice]) -> tuple[AuthoredChoice, ...]:
    """The choices, the same in every language and run, in an order unlike the authors'."""
    return tuple(sorted(choices, key=lambda choice: hashlib.sha256(f"{item_key}\0{choice.key}".encode()).digest()))
