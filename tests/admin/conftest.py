"""A small academy for the desk: a course whose certificates wait for an administrator, and people in it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from sqlalchemy import event, func, select

from academy.accounts import actions as account_actions
from academy.foundation import db
from academy.foundation.audit import AuditEntry
from tests.factories import accounts, courses, enrolments


@dataclass
class Academy:
    """Ids and addresses of what is there. ``people``: name → uuid; ``enrolments``: name → uuid."""

    course: courses.Published
    people: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    enrolments: dict[str, str] = field(default_factory=dict)

    def add(self, name, user):
        self.people[name], self.ids[name], self.emails[name] = user.uuid, user.id, user.email
        return user


@pytest.fixture
def academy(app, database):
    course = courses.published_course(issue="queue", lessons=("look-first", "look-again"))
    made = Academy(course)
    with database.write():
        account_actions.seed_states()
        made.add("admin", accounts.make_user("admin@academy.example", role="admin", name_latin="Ivana Horakova"))
        made.add("second", accounts.make_user("second@academy.example", role="admin", name_latin="Piotr Zielinski"))
        made.add("auditor", accounts.make_user("auditor@academy.example", role="auditor", name_latin="Astrid Lind"))
        made.add("trainer", accounts.make_user("trainer@academy.example", role="trainer", name_latin="Tomas Novak"))
        made.add(
            "coordinator",
            accounts.make_user(
                "ncp@academy.example", role="coordinator", scope="state", scope_id="GE", name_latin="Keti Lomidze"
            ),
        )
        nino = made.add(
            "nino",
            accounts.make_user(
                "nino@police.example", name_latin="Nino Beridze", name_cyrillic="Нино Берёзкина", state_code="GE"
            ),
        )
        aibek = made.add(
            "aibek", accounts.make_user("aibek@border.example", name_latin="Aibek Toktogulov", state_code="KG")
        )
        arben = made.add(
            "arben", accounts.make_user("arben@border.example", name_latin="Arben Krasniqi", state_code="XK")
        )
        made.add("free", accounts.make_user("free@border.example", name_latin="Gulnara Sadykova", state_code="KZ"))
        made.enrolments["nino"] = enrolments.completed_enrolment(nino, course).uuid
        made.enrolments["aibek"] = enrolments.make_enrolment(aibek, course).uuid
        made.enrolments["arben"] = enrolments.completed_enrolment(arben, course).uuid
    return made


@pytest.fixture
def read(database):
    """Runs a query in a reading session of its own."""

    def run(statement):
        with database.read():
            return db.session.scalars(statement).all()

    return run


@pytest.fixture
def entries(read):
    """The actions in the audit log since the last look, without sign-ins."""
    seen = {"last": 0}

    def new():
        found = read(select(AuditEntry).where(AuditEntry.id > seen["last"]).order_by(AuditEntry.id))
        seen["last"] = max([seen["last"], *(entry.id for entry in found)])
        return found

    return new


@pytest.fixture
def count(read):
    return lambda model, *conditions: read(select(func.count()).select_from(model).where(*conditions))[0]


@pytest.fixture
def statements(database):
    """Counts the statements that are sent to the database."""

    class Counter:
        number = 0

        def __call__(self, act):
            self.number = 0
            act()
            return self.number

    counter = Counter()

    def note(*_args):
        counter.number += 1

    event.listen(database.engine, "before_cursor_execute", note)
    yield counter
    event.remove(database.engine, "before_cursor_execute", note)
