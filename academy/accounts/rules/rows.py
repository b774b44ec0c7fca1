"""What a row of a list of people means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from academy.accounts.models import Scope
from academy.accounts.rules.addresses import check_email
from academy.accounts.rules.names import cyrillic_faults, latin_faults, tidy_name
from academy.accounts.rules.roles import allowed_scopes
from academy.accounts.rules.words import GENDERS, INSTITUTION_TYPES, ROLES
from academy.foundation.errors import Words
from academy.foundation.i18n import lazy_gettext as _l
from academy.foundation.security import Grant

_GENDERS = {"f": "female", "ж": "female", "женский": "female", "m": "male", "м": "male", "мужской": "male"}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of a list; empty where the list says nothing."""

    email: str
    name_latin: str
    name_cyrillic: str
    language: str
    state_code: str
    institution: str
    institution_type: str
    function: str
    gender: str
    grants: tuple[Grant, ...]


def read_row(
    cells: Mapping[str, str], *, states: Mapping[str, str], languages: tuple[str, ...]
) -> tuple[PersonRow, list[Words]]:
    """The person of the cells, and what is wrong with them. *states* maps folded codes and names to codes."""
    faults: list[Words] = []

    def choice(column: str, known: Mapping[str, str]) -> str:
        typed = cells.get(column, "")
        found = known.get(typed.casefold(), "")
        if typed and not found:
            faults.append(_l("%(column)s: “%(value)s” is not known", column=column, value=typed))
        return found

    latin, cyrillic = tidy_name(cells.get("name", "")), tidy_name(cells.get("name_cyrillic", ""))
    faults += latin_faults(latin) if latin else [_l("The name is missing.")]
    faults += cyrillic_faults(cyrillic) if cyrillic else []
    row = PersonRow(
        email=_email(cells.get("email", ""), faults),
        name_latin=latin,
        name_cyrillic=cyrillic,
        language=choice("language", {code: code for code in languages}) or languages[0],
        state_code=choice("state", states),
        institution=cells.get("institution", "")[:200],
        institution_type=choice("institution_type", _known(INSTITUTION_TYPES)),
        function=cells.get("function", "")[:200],
        gender=choice("gender", _GENDERS | _known(GENDERS)),
        grants=_grants(choice("role", _known(ROLES)), cells.get("scope", ""), states, faults),
    )
    return row, faults


def _email(typed: str, faults: list[Words]) -> str:
    try:
        return check_email(typed)
    except ValueError:
        faults.append(_l("“%(value)s” is not a complete e-mail address", value=typed))
        return ""


def _known(words: Mapping[str, str]) -> dict[str, str]:
    """Codes and names in the running language, folded, to codes."""
    return {code: code for code in words} | {str(name).casefold(): code for code, name in words.items()}


def _grants(role: str, scope: str, states: Mapping[str, str], faults: list[Words]) -> tuple[Grant, ...]:
    """A scope is a state where the role is granted for states, else the code of a course; empty: the whole academy."""
    scopes = allowed_scopes(role)
    if not scopes:
        return ()
    if not scope and Scope.ALL in scopes:
        return (Grant(role),)
    if Scope.STATE in scopes and scope.casefold() in states:
        return (Grant(role, Scope.STATE, states[scope.casefold()]),)
    if Scope.COURSE in scopes:
        return (Grant(role, Scope.COURSE, scope.upper()),)
    faults.append(_l("scope: “%(value)s” does not fit this role", value=scope))
    return ()
