"""How an answer to each kind of item is taken from a page and put back on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from werkzeug.datastructures import MultiDict

from academy.quizzes.kinds.matching import form as matching
from academy.quizzes.kinds.multiple import form as multiple
from academy.quizzes.kinds.numeric import form as numeric
from academy.quizzes.kinds.ordering import form as ordering
from academy.quizzes.kinds.single import form as single
from academy.quizzes.kinds.true_false import form as true_false


class Taking(Protocol):
    """What ``form.py`` of a kind has."""

    def read(self, fields: MultiDict[str, str], name: str, shown: Mapping[str, Any], /) -> Any:
        """The raw answer from the fields of a page, in the shape that the script sends."""

    def take(self, raw: Any, shown: Mapping[str, Any], order: Sequence[int], /) -> Any:
        """The value to store; raises Invalid."""

    def show(self, value: Any, shown: Mapping[str, Any], order: Sequence[int], /) -> Any:
        """The value as the page of that order needs it."""


TAKING: Mapping[str, Taking] = {
    "single": single,
    "multiple": multiple,
    "true_false": true_false,
    "ordering": ordering,
    "matching": matching,
    "numeric": numeric,
}
