"""G10, I05, D02: whatever is sent to whichever route by whomever, the academy answers in time and never with a fault.

Routes are counted from the url map, names of parameters from the source and from the forms on the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict

from academy.accounts.models import User
from academy.courses.models import Course
from academy.enrolments.models import Enrolment
from academy.foundation import db
from academy.foundation.web import refusals
from academy.foundation.web.form_token import HEADER
from tests.sample import ROOT, World

ROLES = (None, "owner", "admin")
FLOOR = 2000

VALUES = (
    "",
    "\0",
    "a\0b",
    "\r\nX-Injected: 1",
    "\u202egnp.exe",
    "\ufeff\u200b",
    "' OR '1'='1",
    '") UNION SELECT password_hash FROM users --',
    "%' ESCAPE '!",
    '"AND NEAR(a b) OR *',
    "{{7*7}}${7*7}#{7*7}%(x)s%n{0.__class__}",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "//evil.example/",
    "-1",
    "0",
    "1e999",
    "NaN",
    "٣",
    "²",
    "9" * 19,
    "9" * 5000,
    "2026-02-31",
    "0001-01-01",
    "9999-12-31",
    "[]",
    "null",
    "a@b@c",
    "x" * 20_000,
    "слово " * 3000,
    "é" * 300 + "\u0301" * 300,
    "_" * 50,
    "c:d:e",
    "course:",
    "xx_YY",
)
# In a path nothing may be longer than what servers take.
PATHS = tuple(value for value in VALUES if value and len(value.encode()) < 4000 and not value.startswith(("..", "//")))
RAW = ("%ff", "%c0%af", "%2e%2e%2f", "%00", "%0d%0aX-Injected:1", "a%2fb", "%ed%a0%80", "%F0%9F%98%80")
PART = re.compile(r"<(?:\w+:)?(\w+)>")
JSON = (
    b"", b"null", b"[]", b"1", b'"x"', b"{", b"\xff\xfe", b'{"value": "\\ud800", "seq": 1}',
    b'{"value": "\\u0000", "seq": 1}', b'{"value": NaN, "seq": 1}', b'{"value": 1e999, "seq": 1}',
    b'{"value": [0], "seq": 1e999}', b'{"value": {"a": 1}, "seq": 1}', b'{"value": [[0]], "seq": 2}',
    b'{"value": [true], "seq": 3}', b'{"value": [-1], "seq": 4}', b'{"value": 0, "seq": 99999999999999999999}',
    b'{"value": "' + b"9" * 9000 + b'", "seq": 1}', b'{"value": ' + b"9" * 9000 + b', "seq": 1}',
    b"[" * 12_000, b'{"a":' * 3000, b'{"value": 0, "seq": 1, "value": "x"}', b"x" * 5_000_000,
)  # fmt: skip


def parameters() -> set[str]:
    """Every name that some door reads from an address or a form by itself."""
    found = set()
    for path in (ROOT / "academy").rglob("*.py"):
        found |= set(re.findall(r"request\.(?:args|values|form)(?:\.get(?:list)?\(|\[)\"(\w+)\"", path.read_text()))
    forms = Path(ROOT / "academy" / "admin" / "forms.py").read_text()
    return (
        found | set(re.findall(r"^    (\w+) = \w+Field\(", forms, re.MULTILINE)) | {"page", "lang", "kept.x", "_method"}
    )


class Attacker:
    """A browser that keeps its token, and notes what should not have happened."""

    def __init__(self, world: World, who: str | None) -> None:
        self.who, self.count, self.faults = who or "anonymous", 0, []
        self.client = world.client(who)
        self.token = self.client.get("/form-token").get_json()["token"]

    def send(self, address: str, method: str = "GET", **sent):
        headers = {HEADER: self.token, **sent.pop("headers", {})}
        answer = self.client.open(address, method=method, headers=headers, without_token=True, **sent)
        self.count += 1
        wrong = answer.status_code >= 500 or "X-Injected" in answer.headers
        if wrong or b"<script>alert" in answer.data:
            self.faults.append(f"{method} {address[:150]} as {self.who}: {answer.status_code}")
        return answer


@pytest.fixture
def attackers(fresh_world, monkeypatch) -> Iterator[list[Attacker]]:
    """One for each role; at the end nothing may have gone wrong."""
    traces: list[str] = []
    monkeypatch.setattr(refusals.log, "error", lambda _words, exc_info: traces.append(repr(exc_info)[:300]))
    made = [Attacker(fresh_world, who) for who in ROLES]
    yield made
    faults = [fault for attacker in made for fault in attacker.faults]
    assert not faults, "\n".join([*faults[:40], *dict.fromkeys(traces)])


def rules(world: World) -> list[tuple[str, str, set[str]]]:
    """(endpoint, address, methods) of every route; without what would sign the attacker out."""
    listed = sorted({rule.endpoint for rule in world.app.url_map.iter_rules()})
    methods = {name: {m for rule in world.app.url_map.iter_rules(name) for m in rule.methods or ()} for name in listed}
    left_out = {"accounts.sign_out", "accounts.sign_out_everywhere", "accounts.end_other_sessions", "healthz"}
    return [(name, world.address(name), methods[name]) for name in listed if name not in left_out]


def hostile_paths(world: World) -> Iterator[str]:
    """Each route with something hostile in place of each part of its address, in turn; for numbers all of it."""
    values = [*(quote(value, safe="") for value in PATHS), *RAW]
    turn = cycle(values)
    for rule in world.app.url_map.iter_rules():
        for name in sorted(rule.arguments - {"lang"}):
            for value in values if "<int:" in rule.rule else islice(turn, 7):
                parts = [value if part == name else "en" if part == "lang" else "1" for part in PART.findall(rule.rule)]
                yield PART.sub("{}", rule.rule).format(*parts)


def test_G10_hostile_paths_are_refused(attackers, fresh_world):
    for address in hostile_paths(fresh_world):
        for attacker in attackers:
            attacker.send(address)
            attacker.send(address, "POST")
    assert sum(attacker.count for attacker in attackers) >= FLOOR


def test_I05_hostile_queries_are_refused(attackers, fresh_world):
    names, turn = sorted(parameters()), cycle(VALUES)
    assert {"q", "page", "enrolment", "do", "sort", "next", "code", "theme"} <= set(names)
    reading = [address for _name, address, methods in rules(fresh_world) if "GET" in methods]
    for address in reading:
        for value in islice(turn, 5):
            asked = names if len(value) < 1000 else ["q", "page", "next", "theme"]
            for attacker in attackers:
                attacker.send(f"{address}?{urlencode([(name, value) for name in asked])}")
    assert sum(attacker.count for attacker in attackers) >= 700


@pytest.mark.parametrize("address", ["admin.change_enrolments", "admin.issue"])
def test_I05_hostile_ids_of_enrolments_are_refused(attackers, fresh_world, address):
    admin = attackers[-1]
    for value in VALUES:
        fields = MultiDict([("do", "extend"), ("all", value), ("enrolment", value), ("enrolment", value[::-1])])
        admin.send(f"{fresh_world.address(address)}?{urlencode(list(fields.items(multi=True)))}"[:200_000])
        admin.send(fresh_world.address(address), "POST", data=fields)
    admin.send(
        fresh_world.address(address), "POST", data=MultiDict([("enrolment", "x" * 36)] * 1900 + [("do", "again")])
    )
    assert admin.count > 2 * len(VALUES)


def test_G09_hostile_fields_are_refused(attackers, fresh_world):
    names, turn = sorted(parameters()), cycle(VALUES)
    for endpoint, address, methods in rules(fresh_world):
        if not methods & {"POST", "PUT"}:
            continue
        for attacker in attackers:
            page = attacker.client.get(address).text if "GET" in methods else ""
            fields = sorted({*names, *re.findall(r'name="([\w.\-]+)"', page)} - {"form_token"})
            for value in islice(turn, 5):
                method = "POST" if "POST" in methods else "PUT"
                attacker.send(address, method, data=MultiDict([(name, value) for name in fields]))
            if endpoint == "accounts.password":
                break
    assert sum(attacker.count for attacker in attackers) >= 400


def test_G11_hostile_json_is_refused(attackers, fresh_world):
    writing = [address for _name, address, methods in rules(fresh_world) if methods & {"POST", "PUT"}]
    saving = fresh_world.address("quizzes.save_answer")
    for document in JSON:
        for attacker in attackers:
            for method in ("PUT", "POST"):
                attacker.send(saving, method, data=document, content_type="application/json")
    for address, document in zip(writing, cycle(JSON[:-1]), strict=False):
        for attacker in attackers:
            attacker.send(address, "POST", data=document, content_type="application/json")
            attacker.send(address, "POST", data=document, content_type="multipart/form-data; boundary=")
            attacker.send(address, "POST", data=document, content_type="text/plain; charset=nonsense")


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2200-01-01", "9999-12-31"])
@pytest.mark.parametrize("zone", ["UTC", "Atlantic/Azores", "Asia/Kamchatka"])
def test_D02_days_without_an_instant_are_refused(fresh_world, day, zone):
    with db.current().write() as session:
        session.execute(update(User).values(time_zone=zone))
        uuid = session.scalar(
            select(Enrolment.uuid).join(Course).where(Course.code == "DOC", Enrolment.status == "active")
        )
    client = fresh_world.client("admin")
    chosen = {"do": "extend", "enrolment": uuid, "due_on": day}
    assert client.post("/en/admin/courses/DOC/change", data=chosen).status_code == 422
    assert client.get(f"/en/admin/audit?begins={day}&ends={day}").status_code == 400
    granted = {"role": "trainer", "where": "all", "expires_on": day}
    assert client.post(fresh_world.address("admin.grant_role"), data=granted).status_code == 422
