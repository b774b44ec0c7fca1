"""What every request keeps to: reading changes nothing, writing is short and leaves a trace, errors have one shape."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select

from academy.accounts.models import User
from academy.courses.models import Course
from academy.enrolments import actions as enrolments
from academy.foundation import clock, db, web
from academy.foundation.audit import AuditEntry
from tests.factories.accounts import identity_of, make_user
from tests.house.test_routes import ADMIN_ROUTES, ENDING, POLICY, PUBLIC_ROUTES, endpoints, methods_of
from tests.sample import written

JSON = {"Accept": "application/json"}
# What a reading request may write, in a unit of work of its own: when the session was last used, that it was refused,
# that somebody's data were looked at, and that the code of a certificate was wrong.
TRACES = ("user_sessions", "audit_entries", "verification_misses")
AUTOSAVE = {"quizzes.save", "quizzes.save_answer"}
# Writes a cookie of the reader's own, and nothing in the academy.
NOTHING = {"choose_theme"}
# What follows from it in the same unit of work, each room for itself.
CASCADE = ("progress.", "enrolments.completed", "certificates.issued")
SEEN = re.compile(r"audit_entries|UPDATE user_sessions SET last_seen_at|INSERT INTO user_sessions")
LOCK_SECONDS = 0.050
TRIED = 26
# Who has not yet done what the owner of the certificate has done.
LEARNERS = {
    "learn.enrol": "trainer",
    "learn.withdraw": "learner2",
    "quizzes.start": "learner2",
    "lessons.done": "learner2",
}


def reader_of(endpoint: str) -> str | None:
    """Somebody who may."""
    if endpoint in PUBLIC_ROUTES and endpoint != "accounts.sign_out":
        return None
    return "admin" if endpoint.startswith("admin.") else LEARNERS.get(endpoint, "owner")


def reading(world) -> list[str]:
    return [name for name in endpoints(world) if "GET" in methods_of(world, name)]


def writing(world) -> list[str]:
    return [name for name in endpoints(world) if methods_of(world, name) & {"POST", "PUT"}]


def changes(statements: list[str]) -> list[str]:
    return [line for line in written(statements) if not any(name in line for name in TRACES)]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_reading_answers_without_a_fault_and_changes_nothing(world, statements, lang):
    faults = []
    for who in (None, "owner", "admin"):
        client = world.client(who)
        for endpoint in reading(world):
            statements.clear()
            answer = client.get(world.address(endpoint, lang=lang))
            if answer.status_code >= 500 and endpoint != "healthz":
                faults.append(f"{endpoint} as {who}: {answer.status_code}")
            faults += [f"{endpoint} as {who}: {line[:80]}" for line in changes(statements)]
            page = answer.status_code == 200 and answer.mimetype == "text/html" and "lang" in world.arguments(endpoint)
            if page and f'<html lang="{lang}"' not in answer.text:
                faults.append(f"{endpoint} as {who}: is not in {lang}")
    assert not faults, "\n".join(faults)


def test_control_a_get_that_writes_is_noticed(world, statements, monkeypatch):
    def forgetful():
        with web.unit_of_work():
            make_user()
        return "x"

    monkeypatch.setitem(world.app.view_functions, "learn.courses", web.access(web.PUBLIC)(forgetful))
    world.client(None).get(world.address("learn.courses"))
    assert changes(statements) != []


def test_every_error_has_one_json_shape(world):
    faults, seen = [], set()
    for who in (None, "learner2", "owner"):
        client = world.client(who)
        for endpoint in endpoints(world):
            for method in ("GET", "DELETE") if endpoint in ENDING else ("GET", "POST", "DELETE"):
                answer = client.open(world.address(endpoint, parts="none"), method=method, headers=JSON)
                if answer.status_code < 400 or endpoint == "healthz":
                    continue
                seen.add(answer.status_code)
                error = (answer.get_json(silent=True) or {}).get("error", {}) if answer.is_json else {}
                if set(error) != {"code", "message", "fields"} or set(answer.get_json()) != {"error"}:
                    faults.append(f"{method} {endpoint} as {who}: {answer.status_code} {answer.data[:60]!r}")
    assert not faults, "\n".join(faults)
    assert {401, 403, 404, 405} <= seen


class Forms(HTMLParser):
    """The forms of a page that are sent with POST: (address, what they send when everything is filled in)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open: dict[str, str] | None = None
        self._select: str | None = None

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = {}
            self.found.append((given.get("action", ""), self._open))
        elif self._open is None or (not name and tag != "option"):
            return
        elif tag == "input":
            self._input(name, given)
        elif tag == "textarea":
            self._open[name] = WORDS.get(name, "Some words about it")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or not self._open.get(self._select)):
            self._open[self._select] = given.get("value", "")

    def _input(self, name, given):
        kind = given.get("type", "text")
        if kind == "radio":
            self._open.setdefault(name, given.get("value", ""))
        elif kind == "checkbox":
            self._open[name] = given.get("value", "y") or "y"
        elif kind == "password":
            self._open[name] = "academy-demo" if name in ("password", "current") else "another river, four bridges"
        elif kind not in ("submit", "button", "file") and name != "form_token":
            self._open[name] = WORDS.get(name) or given.get("value", "") or ("" if kind == "date" else "Something")

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "form":
            self._open = None


WORDS = {
    "email": "newcomer@ministry.example",
    "addresses": "learner2@demo.example",
    "name_latin": "Nino Beridze",
    "name_cyrillic": "Нино Беридзе",
    "text": "The figure is wrong.",
    "reason": "The holder asked for it.",
    "function": "Inspector",
    "institution": "Border police",
}
# Where one page leads to several forms, or a form must say more than its page says.
MORE = {
    "accounts.sign_in": {"email": "trainer@demo.example", "password": "academy-demo"},
    "accounts.email": {"email": "newer@ministry.example", "present_password": "academy-demo"},
    "accounts.password": {"present_password": "academy-demo", "password": "another river, four bridges"},
    "admin.enrol": {"step": "enrol", "addresses": "trainer@demo.example"},
}


def send(world, endpoint):
    """Sends the route's own form, filled in as a person would; gives the answer."""
    client, address = world.client(reader_of(endpoint)), world.address(endpoint)
    data: dict[str, str] = {}
    if "GET" in methods_of(world, endpoint):
        page = Forms()
        page.feed(client.get(address).text.split("<main", 1)[-1].split("<footer")[0])
        own = [fields for action, fields in page.found if action.partition("?")[0] in ("", address)]
        data = own[0] if own else {}
    return client.post(address, data={**data, **MORE.get(endpoint, {})})


def entries() -> list[AuditEntry]:
    with db.current().read() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def trace_faults(world, chosen, renew, statements) -> tuple[list[str], set[str], list[AuditEntry]]:
    faults, tried, left = [], set(), []
    for endpoint in chosen:
        renew()
        before = len(entries())
        statements.clear()
        answer = send(world, endpoint)
        changed, after = [line for line in written(statements) if not SEEN.search(line)], entries()[before:]
        if answer.status_code not in (200, 303) or not changed:
            continue
        tried.add(endpoint)
        left += after
        expected = 0 if endpoint in AUTOSAVE | NOTHING else 1
        own = [entry for entry in after if not entry.action.startswith(CASCADE)]
        done = own or after
        if len(done) != expected:
            faults.append(f"{endpoint}: {[entry.action for entry in done]}, expected {expected}")
    return faults, tried, left


def test_every_writing_route_leaves_one_audit_entry_of_ids_and_codes(fresh_world, renew, statements):
    faults, tried, left = trace_faults(fresh_world, writing(fresh_world), renew, statements)
    assert not faults, "\n".join(faults)
    assert len(tried) >= TRIED, sorted(set(writing(fresh_world)) - tried)
    with db.current().read() as session:
        names = {
            part for name in session.scalars(select(User.name_latin)) if name for part in name.split() if len(part) > 5
        }
    for entry in left:
        kept = repr((entry.object_id, entry.details))
        assert "@" not in kept, f"{entry.action}: {kept}"
        assert not [name for name in names if re.search(rf"\b{re.escape(name)}\b", kept)], f"{entry.action}: {kept}"


def test_control_a_route_without_a_trace_is_noticed(fresh_world, renew, statements, monkeypatch):
    from academy.foundation import audit

    monkeypatch.setattr(audit, "record", lambda *_args, **_options: None)
    faults, _tried, _left = trace_faults(fresh_world, ["admin.suspend", "accounts.edit"], renew, statements)
    assert len(faults) == 2


def test_no_unit_of_work_holds_the_lock_for_long(fresh_world, renew, monkeypatch):
    held: dict[str, float] = {}
    whole, running = db.Database.write, [""]

    @contextmanager
    def timed(self):
        with whole(self) as session:
            began = time.thread_time()
            yield session
            session.flush()
            held[running[0]] = max(held.get(running[0], 0), time.thread_time() - began)

    chosen = writing(fresh_world)
    for endpoint in chosen:
        send(fresh_world, endpoint)  # what is made once per process is made now
    renew()
    monkeypatch.setattr(db.Database, "write", timed)
    for endpoint in chosen:
        running[0] = endpoint
        send(fresh_world, endpoint)
    held.pop("", None)
    assert len(held) > 15
    assert {name: round(seconds, 3) for name, seconds in held.items() if seconds > LOCK_SECONDS} == {}


def test_control_a_hash_inside_a_unit_of_work_takes_too_long(database):
    from academy.foundation.security import hash_password

    began = time.thread_time()
    for _ in range(3):
        hash_password("slow")
    assert time.thread_time() - began > LOCK_SECONDS / 2


def count_queries(world, statements, who) -> dict[str, int]:
    client, counts = world.client(who), {}
    for endpoint in reading(world):
        address = world.address(endpoint)
        client.get(address)
        statements.clear()
        if client.get(address).status_code == 200:
            counts[endpoint] = sum(line.lstrip().upper().startswith(("SELECT", "WITH")) for line in statements)
    return counts


MOST_QUERIES = 20


def test_pages_ask_the_same_number_of_questions_however_much_there_is(fresh_world, statements):
    before = count_queries(fresh_world, statements, "admin")
    with db.current().write() as session:
        course = session.scalars(select(Course)).first()
        for _ in range(15):
            user = make_user(state_code="GE")
            enrolments.enrol(user.id, course.id, actor=identity_of(user), now=clock.now())
        assert session.scalar(select(func.count()).select_from(User)) > 50
    after = count_queries(fresh_world, statements, "admin")
    assert after == before
    assert {name: count for name, count in after.items() if count > MOST_QUERIES} == {}


def test_hot_pages_ask_little(world, statements):
    counts = count_queries(world, statements, "owner")
    assert {name: counts[name] for name in ("learn.activity", "quizzes.attempt") if counts.get(name, 0) > 8} == {}


def test_the_policy_of_the_matrix_covers_what_is_sent_here(world):
    assert set(writing(world)) <= set(POLICY)
    assert set(ADMIN_ROUTES) <= set(POLICY)
