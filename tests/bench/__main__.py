"""``python -m tests.bench [--quick] [--json]``: hot pages of the demo, each beside its ceiling, in the same run.

The load program runs on the same cores as the server, for the academy and for the ceiling alike.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import count, cycle
from pathlib import Path

from sqlalchemy import event

from academy.app import create_app
from academy.foundation import db
from academy.settings import read
from tests.bench import load
from tests.bench.academy_server import Browser, Server, forget, free_port, make_demo, serve_demo

COURSE = "/ru/courses/document-fraud"
CONNECTIONS = 4


@dataclass
class Row:
    """One line of the table; bytes are those of the body on the wire."""

    name: str
    rps: float
    ceiling_rps: float
    ratio: float
    p50_ms: float
    p99_ms: float
    bytes: int
    queries: int


@dataclass
class Case:
    """What is measured: requests of one connection, the statuses expected, and a page's address."""

    name: str
    make: Callable[[], load.Request]
    expect: tuple[int, ...]
    path: str | None = None


def _get(path: str, browser: Browser) -> Callable[[], load.Request]:
    headers = browser.headers
    return lambda: lambda: ("GET", path, None, headers)


def _cases(port: int, folder: Path) -> tuple[list[Case], Browser]:
    learner = Browser(port)
    learner.sign_in("learner@demo.example")
    guest = Browser(port)
    attempt = _start(learner, "check-3")
    pages = [
        ("catalogue", "/ru/", guest),
        ("course", COURSE, learner),
        ("lesson", f"{COURSE}/magnifier-and-ultraviolet", learner),
        ("quiz page", f"/ru/attempts/{attempt}", learner),
        ("verify", f"/ru/verify/{_code(folder)}", guest),
    ]
    cases = [Case(name, _get(path, browser), (200,), path) for name, path, browser in pages]
    cases.append(Case("save an answer", lambda: _saving(learner, attempt), (200,)))
    cases.append(Case("submit", lambda: _submitting(port), (303,)))
    return cases, learner


def _start(browser: Browser, key: str) -> str:
    _status, _text, headers = browser.ask("POST", f"{COURSE}/{key}/start", {})
    return headers["Location"].rstrip("/").rpartition("/")[2]


def _code(folder: Path) -> str:
    """The code of a certificate that is valid."""
    with closing(sqlite3.connect(folder / "academy.sqlite3")) as connection:
        return str(connection.execute("SELECT code FROM certificates WHERE status = 'valid'").fetchone()[0])


_numbers = count(1)


def _saving(browser: Browser, attempt: str) -> load.Request:
    token = browser.token()
    headers = {
        **browser.headers,
        "Content-Type": "application/json",
        "Accept": "application/json",
        "X-Form-Token": token,
    }

    def request() -> tuple[str, str, bytes | None, load.Headers]:
        number = next(_numbers)
        body = json.dumps({"value": str(number % 2), "seq": number}).encode()
        return "PUT", f"/ru/attempts/{attempt}/answers/1", body, headers

    return request


# Learners of the demo who have done every check.
_people = cycle(["p01", "p02", "p04", "p07", "p08", "p14", "p17", "p21"])


def _submitting(port: int) -> load.Request:
    """Each request hands in an attempt that was started before, outside the measured time of the request."""
    browser = Browser(port)
    browser.sign_in(f"{next(_people)}@demo.example")

    def request() -> tuple[str, str, bytes | None, load.Headers]:
        attempt = _start(browser, "check-1")
        token = browser.token()
        headers = {**browser.headers, "Content-Type": "application/x-www-form-urlencoded"}
        return "POST", f"/ru/attempts/{attempt}/submit", f"form_token={token}".encode(), headers

    return request


def _queries(folder: Path, learner: Browser, path: str) -> int:
    """How many statements one answer needs, counted inside this process on the same data."""
    app = create_app(read({}, data=folder, demo=True), testing=True)
    client = app.test_client()
    for name, value in learner.cookies.items():
        client.set_cookie(name, value)
    client.get(path)
    seen: list[str] = []
    engine = db.current().engine
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    client.get(path)
    db.current().close()
    return sum(not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")) for statement in seen)


def _ceilings(cases: list[Case], learner: Browser, folder: Path, seconds: float) -> dict[str, float]:
    for case in cases:
        if case.path:
            (folder / f"{_slug(case.name)}.html").write_text(learner.ask("GET", case.path)[1])
    port = free_port()
    server = Server([sys.executable, "-m", "tests.bench.ceiling", str(folder), str(port)], port)
    try:
        found = {}
        for case in cases:
            made = _ceiling_request(case)
            found[case.name] = load.run(port, [made] * CONNECTIONS, seconds=seconds, expect=(200,)).rps
        return found
    finally:
        server.stop()


def _ceiling_request(case: Case) -> load.Request:
    if case.path:
        return lambda: ("GET", f"/page/{_slug(case.name)}", None, {"Accept-Encoding": "gzip"})
    return lambda: ("POST", "/save", b'{"value": "1", "seq": 1}', {"Content-Type": "application/json"})


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name)


def measure(*, seconds: float) -> dict[str, object]:
    """The document that ``--json`` prints."""
    folder = Path(tempfile.mkdtemp(prefix="academy-bench-"))
    first_start_s = make_demo(folder / "demo")
    server = serve_demo(folder / "demo")
    try:
        cases, learner = _cases(server.port, folder / "demo")
        measured = {}
        for case in cases:
            load.run(server.port, [case.make() for _ in range(CONNECTIONS)], seconds=0.5, expect=case.expect)
            measured[case.name] = load.run(
                server.port, [case.make() for _ in range(CONNECTIONS)], seconds=seconds, expect=case.expect
            )
        memory_mb = server.memory_mb()
        (folder / "ceiling").mkdir()
        ceilings = _ceilings(cases, learner, folder / "ceiling", seconds)
        rows = [_row(case, measured[case.name], ceilings[case.name], folder / "demo", learner) for case in cases]
        return {
            "pages": [asdict(row) for row in rows],
            "memory_mb": round(memory_mb, 1),
            "start_s": round(server.start_s, 2),
            "first_start_s": round(first_start_s, 2),
        }
    finally:
        server.stop()
        forget(folder)


def _row(case: Case, found: load.Measured, ceiling: float, folder: Path, learner: Browser) -> Row:
    if found.faults:
        raise RuntimeError(f"{case.name}: {found.faults} of {len(found.latencies)} answers were not as expected")
    busy = sum(found.latencies) / CONNECTIONS
    rps = len(found.latencies) / busy if busy else 0.0
    return Row(
        name=case.name,
        rps=round(rps, 1),
        ceiling_rps=round(ceiling, 1),
        ratio=round(rps / ceiling, 2),
        p50_ms=round(found.percentile_ms(50), 1),
        p99_ms=round(found.percentile_ms(99), 1),
        bytes=found.bytes,
        queries=_queries(folder, learner, case.path) if case.path else 0,
    )


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one second a page instead of six")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    given = parser.parse_args()
    document = measure(seconds=1.0 if given.quick else 6.0)
    if given.json:
        print(json.dumps(document, indent=2))
        return
    print(f"{'page':<16}{'rps':>9}{'ceiling':>9}{'ratio':>7}{'p50 ms':>8}{'p99 ms':>8}{'bytes':>8}{'queries':>9}")
    pages: list[dict[str, object]] = document["pages"]  # type: ignore[assignment]  # made above
    for row in pages:
        print(
            f"{row['name']:<16}{row['rps']:>9}{row['ceiling_rps']:>9}{row['ratio']:>7}"
            f"{row['p50_ms']:>8}{row['p99_ms']:>8}{row['bytes']:>8}{row['queries']:>9}"
        )
    print(
        f"memory {document['memory_mb']} MB, start {document['start_s']} s, first start {document['first_start_s']} s"
    )


if __name__ == "__main__":
    main()
