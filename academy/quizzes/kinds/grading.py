"""How each kind of item is marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

from academy.quizzes.kinds.matching import grade as matching
from academy.quizzes.kinds.multiple import grade as multiple
from academy.quizzes.kinds.numeric import grade as numeric
from academy.quizzes.kinds.ordering import grade as ordering
from academy.quizzes.kinds.single import grade as single
from academy.quizzes.kinds.true_false import grade as true_false
from academy.quizzes.rules.authored import AuthoredChoice, AuthoredItem


class Grading(Protocol):
    """What ``grade.py`` of a kind has. ``SHUFFLED``: always, never, or "chosen": as the quiz's settings say."""

    SHUFFLED: str

    def faults(self, item: AuthoredItem, /) -> Iterable[str]:
        """What keeps the item from being published, in plain English sentences."""

    def prompts(self, item: AuthoredItem, /) -> Sequence[AuthoredChoice]:
        """What stays in its place on the page (the left sides of a matching item)."""

    def frozen(self, item: AuthoredItem, /) -> Sequence[AuthoredChoice]:
        """What can be chosen, in the frozen order."""

    def key(self, item: AuthoredItem, /) -> Any:
        """What is right, in frozen numbers."""

    def complete(self, shown: Mapping[str, Any], value: Any, /) -> bool:
        """Whether the value answers the whole item."""

    def share(self, key: Any, value: Any, /) -> Fraction:
        """The share of the points, 0 to 1, that the value earns."""

    def best(self, key: Any, /) -> Any:
        """The value that earns all of them."""


GRADING: Mapping[str, Grading] = {
    "single": single,
    "multiple": multiple,
    "true_false": true_false,
    "ordering": ordering,
    "matching": matching,
    "numeric": numeric,
}
