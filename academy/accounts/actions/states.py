"""The list of states."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from academy.accounts import permissions
from academy.accounts.formats.states import StateList, read_states
from academy.accounts.models import State, StateFootnote, StateName
from academy.foundation import audit, db
from academy.foundation.errors import NotAllowed, NotFound
from academy.foundation.i18n import sort_key
from academy.foundation.security import Identity

_FILE = Path(__file__).parents[1] / "data" / "states.toml"


def seed_states(listed: StateList | None = None) -> bool:
    """The tables hold the list (default: the one that comes with the academy); tells whether anything changed.

    States, names and footnotes that the list does not know stay as they are, and so does whether registration is open.
    """
    listed = listed or read_states(_FILE.read_text(encoding="utf-8"))
    changed = False
    states = {row.code: row for row in db.session.scalars(select(State))}
    names = {(row.state_code, row.language, row.valid_from): row for row in db.session.scalars(select(StateName))}
    notes = {(row.key, row.language): row for row in db.session.scalars(select(StateFootnote))}
    for entry in listed.states:
        values: dict[str, Any] = {
            "alpha3": entry.alpha3,
            "numeric": entry.numeric,
            "group_code": entry.group,
            "footnote": entry.footnote,
        }
        values |= {"valid_from": entry.valid_from, "valid_until": entry.valid_until}
        changed |= _settle(states.get(entry.code), State, {"code": entry.code}, values)
    db.session.flush()
    for entry in listed.states:
        for name in entry.names:
            key = {"state_code": entry.code, "language": name.language, "valid_from": name.valid_from}
            shown = {"name": name.name, "sort_key": sort_key(name.sort, name.language)}
            changed |= _settle(names.get((entry.code, name.language, name.valid_from)), StateName, key, shown)
    for footnote, texts in listed.footnotes.items():
        for language, text in texts.items():
            note = {"key": footnote, "language": language}
            changed |= _settle(notes.get((footnote, language)), StateFootnote, note, {"text": text})
    db.session.flush()
    return changed


def _settle(row: db.Base | None, kind: type[db.Base], key: dict[str, Any], values: dict[str, Any]) -> bool:
    if row is None:
        db.session.add(kind(**key, **values))
        return True
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def open_registration(code: str, *, is_open: bool, actor: Identity, now: datetime) -> None:
    """People of that state can register by themselves, or not.

    Who is there already is not touched. Raises NotAllowed, NotFound.
    """
    if not permissions.may_manage_people(actor):
        raise NotAllowed
    state = db.session.get(State, code)
    if state is None:
        raise NotFound
    state.registration_open = is_open
    audit.record(
        "accounts.open_registration", actor=actor, now=now, object_type="state", object_id=code, is_open=is_open
    )
