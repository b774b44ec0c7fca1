"""Dying at every point of a piece of work.

For n = 1, 2, … the work runs in a child process that is killed (SIGKILL) at its n-th event; an event is the moment
before and after every statement and every commit. What the work acknowledges goes through a pipe at once, as an answer
goes to a browser. After each death the parent looks at what is left. The loop ends with the first run that is not
killed.

The caller's *check* must be shown to see a loss: run it again with the guard taken away, and expect ``Lost``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Engine, event

from academy.foundation import db

State = TypeVar("State")
Acknowledge = Callable[[Any], None]
_FAILED = 70


class Lost(AssertionError):
    """Something that was acknowledged is not there, or something half done is."""


@dataclass(frozen=True)
class Run:
    """One run of the work: what it acknowledged (as JSON gives it back), and whether it was killed."""

    point: int
    acknowledged: list[Any]
    killed: bool


def die_everywhere(
    database: db.Database,
    *,
    prepare: Callable[[], State],
    work: Callable[[State, Acknowledge], None],
    check: Callable[[State, Run], None],
    first: int = 1,
    most: int = 600,
) -> int:
    """Runs the work until it is clean and gives the number of its points. *prepare* and *check* run in this process."""
    for point in range(first, most + 1):
        state = prepare()
        database.close()
        run = _run_child(database, point, lambda acknowledge, state=state: work(state, acknowledge))
        check(state, run)
        if not run.killed:
            return point - 1
    raise AssertionError(f"the work was still dying at event {most}")


def _run_child(database: db.Database, point: int, work: Callable[[Acknowledge], None]) -> Run:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(database, point, work, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        acknowledged = [json.loads(line) for line in pipe]
    _pid, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not killed and os.WEXITSTATUS(status) != 0:
        raise AssertionError(f"the work failed by itself at event {point}")
    return Run(point, acknowledged, killed)


def _be_child(database: db.Database, point: int, work: Callable[[Acknowledge], None], pipe: int) -> None:
    """Never returns: nothing of the parent's tests may run twice."""
    code = _FAILED
    try:
        address = database.engine.url.render_as_string(hide_password=False)
        own = db.Database(address).open()
        _kill_at(own.engine, point)
        work(lambda said: os.write(pipe, json.dumps(said).encode() + b"\n"))
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, it must be told and must not leave this function
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _kill_at(engine: Engine, point: int) -> None:
    left = [point]

    def tick(*_given: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    really_commit = engine.dialect.do_commit

    def commit(connection: Any) -> None:
        tick()
        really_commit(connection)
        tick()

    event.listen(engine, "before_cursor_execute", tick)
    event.listen(engine, "after_cursor_execute", tick)
    engine.dialect.do_commit = commit  # type: ignore[method-assign]  # there is no event after a commit
