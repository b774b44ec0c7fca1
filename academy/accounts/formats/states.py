"""The list of states: TOML with codes, groups, footnotes and dated names in several languages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name in one language from a day on, and the text that it is sorted by."""

    language: str
    valid_from: date
    name: str
    sort: str


@dataclass(frozen=True, slots=True)
class ListedState:
    """One state of the list."""

    code: str
    alpha3: str | None
    numeric: str | None
    group: str
    footnote: str | None
    valid_from: date
    valid_until: date | None
    names: tuple[ListedName, ...]


@dataclass(frozen=True, slots=True)
class StateList:
    """The whole list; ``footnotes`` maps key → language → text."""

    states: tuple[ListedState, ...]
    footnotes: dict[str, dict[str, str]]


def read_states(text: str) -> StateList:
    """The list in *text*.

    In ``[[state.names]]`` every key of letters only but ``from`` is a language; ``sort_<language>`` is optional.
    """
    document = tomllib.loads(text)
    return StateList(tuple(_state(entry) for entry in document["state"]), document.get("footnotes", {}))


def _state(entry: dict[str, Any]) -> ListedState:
    return ListedState(
        code=entry["code"],
        alpha3=entry.get("alpha3") or None,
        numeric=entry.get("numeric") or None,
        group=entry["group"],
        footnote=entry.get("footnote"),
        valid_from=entry["valid_from"],
        valid_until=entry.get("valid_until"),
        names=tuple(name for dated in entry["names"] for name in _names(dated)),
    )


def _names(dated: dict[str, Any]) -> list[ListedName]:
    languages = [key for key in dated if key != "from" and not key.startswith("sort_")]
    return [ListedName(code, dated["from"], dated[code], dated.get(f"sort_{code}", dated[code])) for code in languages]
