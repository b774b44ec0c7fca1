"""States for lists: choices, names and the footnotes that they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from academy.accounts import queries as accounts
from academy.foundation.i18n import language


@dataclass(frozen=True, slots=True)
class States:
    """The states by code in the order of the reader's alphabet, and the texts that must stand on the same page."""

    names: Mapping[str, str]
    footnotes: tuple[str, ...]

    def name(self, code: str | None) -> str:
        """The state's name; its code when it takes part no longer; empty for none."""
        return self.names.get(code, code) if code else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(code, name) for a select."""
        return list(self.names.items())


def list_states(now: datetime) -> States:
    """The states in the running language."""
    listed = accounts.list_states(language(), now)
    noted = [state.code for state in listed if state.footnote]
    footnotes = accounts.states_footnotes(noted, language()) if noted else []
    return States({state.code: state.name for state in listed}, tuple(footnotes))
