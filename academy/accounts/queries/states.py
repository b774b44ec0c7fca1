"""States under the name that is valid on a day, in the order of the reader's alphabet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from academy.accounts.models import State, StateFootnote, StateName
from academy.foundation import db
from academy.foundation.i18n import default_language, languages


@dataclass(frozen=True, slots=True)
class StateView:
    """A state as a list shows it; ``footnote`` is the key of the text that must stand on the same page."""

    code: str
    name: str
    group: str
    footnote: str | None
    registration_open: bool


def list_states(lang: str, now: datetime) -> list[StateView]:
    """The states that take part now, sorted for that language.

    A name missing in it is given in the default language.
    """
    today = now.date()
    names = _names(lang, today)
    rows = db.session.scalars(
        select(State).where(State.valid_from <= today, or_(State.valid_until.is_(None), State.valid_until >= today))
    )
    listed = [(names[s.code], s) for s in rows if s.code in names]
    listed.sort(key=lambda pair: (pair[0].sort_key, pair[1].code))
    return [StateView(s.code, n.name, s.group_code, s.footnote, s.registration_open) for n, s in listed]


def state_codes() -> frozenset[str]:
    """The codes of all states that there are."""
    return frozenset(db.session.scalars(select(State.code)))


def codes_by_name(now: datetime) -> dict[str, str]:
    """Folded codes and present names in all languages, each to the code."""
    today = now.date()
    found = {code.casefold(): code for code in state_codes()}
    for language in languages():
        found |= {row.name.rstrip("*").casefold(): code for code, row in _names(language, today).items()}
    return found


def state_name(code: str, lang: str, on: date) -> str:
    """The name that was valid on that day, with its asterisk where it has a footnote.

    The code itself when there is none.
    """
    found = _names(lang, on, code=code).get(code)
    return found.name if found else code


def states_footnotes(codes: Iterable[str], lang: str) -> list[str]:
    """The footnotes that these states need, each once, with their asterisk."""
    keys = select(State.footnote).where(State.code.in_(list(codes)), State.footnote.is_not(None)).distinct()
    rows = db.session.scalars(
        select(StateFootnote).where(StateFootnote.key.in_(keys)).order_by(StateFootnote.key, StateFootnote.language)
    )
    by_key: dict[str, dict[str, str]] = {}
    for row in rows:
        by_key.setdefault(row.key, {})[row.language] = row.text
    return [f"* {texts.get(lang) or texts[default_language()]}" for texts in by_key.values()]


def _names(lang: str, on: date, *, code: str | None = None) -> dict[str, StateName]:
    """The names valid on the day by state, in the language where there is one."""
    newest = func.row_number().over(
        partition_by=(StateName.state_code, StateName.language), order_by=StateName.valid_from.desc()
    )
    dated = select(StateName.id, newest.label("place")).where(
        StateName.valid_from <= on, StateName.language.in_({lang, default_language()})
    )
    if code is not None:
        dated = dated.where(StateName.state_code == code)
    valid = dated.subquery()
    rows = db.session.scalars(select(StateName).join(valid, valid.c.id == StateName.id).where(valid.c.place == 1))
    wanted_last = sorted(rows, key=lambda row: row.language == lang)
    return {row.state_code: row for row in wanted_last}
