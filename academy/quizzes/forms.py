"""Answers as they come in: from the whole page, or one by one as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from academy.foundation.errors import Invalid
from academy.foundation.i18n import lazy_gettext as _l
from academy.quizzes.actions import Answer
from academy.quizzes.kinds.taking import TAKING
from academy.quizzes.queries import DrawnItem, Given
from academy.quizzes.queries.sheets import is_empty

MOST_SEQ = 2**53
NOT_AN_ANSWER = _l("This answer does not fit the question. Please reload the page and answer again.")


@dataclass
class SentPage:
    """What a whole page brought: answers to save by item key, and by item number what was wrong and what was typed."""

    answers: dict[str, Answer] = field(default_factory=dict)
    errors: dict[int, list[str]] = field(default_factory=dict)
    typed: dict[int, str] = field(default_factory=dict)


def answer_from_json(document: Any, item: DrawnItem) -> Answer:
    """``{"value": …, "seq": n}`` → the answer; raises Invalid with the fault under ``value`` or ``seq``."""
    if not isinstance(document, dict) or "value" not in document:
        raise Invalid({"value": [NOT_AN_ANSWER]})
    seq = document.get("seq")
    if isinstance(seq, bool) or not isinstance(seq, int) or not 1 <= seq <= MOST_SEQ:
        raise Invalid({"seq": [NOT_AN_ANSWER]})
    try:
        value = TAKING[item.shown["kind"]].take(document["value"], item.shown, item.order)
    except Invalid as fault:
        raise Invalid({"value": fault.fields[""]}) from None
    return Answer(value, seq)


def answers_from_page(fields: MultiDict[str, str], items: Sequence[DrawnItem], given: Mapping[str, Given]) -> SentPage:
    """The answers that differ from what is stored.

    Each is newer than what its page was made from, and not newer than anything saved since.
    """
    page = SentPage()
    for item in items:
        taking = TAKING[item.shown["kind"]]
        raw = taking.read(fields, item.name, item.shown)
        try:
            value = taking.take(raw, item.shown, item.order)
        except Invalid as fault:
            page.errors[item.number] = [str(message) for message in fault.fields[""]]
            page.typed[item.number] = raw if isinstance(raw, str) else ""
            continue
        stored = given.get(item.key)
        if value != stored.value if stored else not is_empty(value):
            page.answers[item.key] = Answer(value, _seen(fields.get(f"s{item.number}", "")) + 1)
    return page


def _seen(text: str) -> int:
    """The sequence number that the page was made from."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else 0
