"""Pure decisions of the desk: what was pasted, and when a day ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from academy.accounts.rules import check_email, email_key

MOST_ADDRESSES = 500
_WORD = re.compile(r"[^\s,;<>]+")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted list holds: addresses in their normal form, each once and in order; and what is no address."""

    addresses: tuple[str, ...]
    faults: tuple[str, ...]


def read_addresses(text: str) -> Pasted:
    """The addresses of a list: separated by lines, commas, semicolons or blanks; names before <…> are left out."""
    found: dict[str, str] = {}
    faults: dict[str, None] = {}
    for line in text.splitlines():
        # "Nino Beridze <nino@ministry.example>", as mail programmes copy people: the words without @ are names.
        has_names = "<" in line
        for word in _WORD.findall(line):
            typed = word.strip("\"'()")
            if not typed or (has_names and "@" not in typed):
                continue
            try:
                address = check_email(typed)
            except ValueError:
                faults[typed] = None
            else:
                found.setdefault(email_key(address), address)
    return Pasted(tuple(found.values()), tuple(faults))


@dataclass(frozen=True, slots=True)
class Known:
    """A person whose address was pasted. ``enrolment``: status of the last one in the course, or None."""

    user_id: int
    uuid: str
    name: str
    email: str
    status: str
    enrolment: str | None


@dataclass(frozen=True, slots=True)
class Sorted:
    """What would happen to a pasted list."""

    enrol: tuple[Known, ...]
    already: tuple[Known, ...]
    completed: tuple[Known, ...]
    suspended: tuple[Known, ...]
    unknown: tuple[str, ...]


def sort_people(addresses: Iterable[str], known: Mapping[str, Known]) -> Sorted:
    """Who of the list would be enrolled and who not; *known* by key of the address."""
    enrol, already, completed, suspended = [], [], [], []
    unknown = []
    for address in addresses:
        person = known.get(email_key(address))
        if person is None:
            unknown.append(address)
        elif person.status == "suspended":
            suspended.append(person)
        elif person.enrolment == "active":
            already.append(person)
        elif person.enrolment == "completed":
            completed.append(person)
        else:
            enrol.append(person)
    return Sorted(tuple(enrol), tuple(already), tuple(completed), tuple(suspended), tuple(unknown))


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the day begins in that zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_ends(day: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the day is over in that zone."""
    return day_begins(day + timedelta(days=1), zone)
