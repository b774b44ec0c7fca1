"""Jobs: nudges after a commit, and a sweep each minute that picks up whatever is still owed.

A job may be lost with its worker; the state rows that say what is owed may not. So every job does something that its
sweep would do too, and doing it twice changes nothing. The queue (huey) lies behind this module alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from academy.foundation import clock, db
from academy.settings import Settings, secret_key

log = logging.getLogger(__name__)

JOBS: dict[str, Callable[[int], None]] = {}
SWEEPS: dict[str, Callable[[datetime], None]] = {}

_queue: Huey | None = None


def job(name: str) -> Callable[[Callable[[int], None]], Callable[[int], None]]:
    """Registers a job under ``room.verb``. It gets the id of a row and opens its own units of work."""

    def register(function: Callable[[int], None]) -> Callable[[int], None]:
        JOBS[name] = function
        return function

    return register


def sweep(name: str) -> Callable[[Callable[[datetime], None]], Callable[[datetime], None]]:
    """Registers what is done each minute for everything that is still owed."""

    def register(function: Callable[[datetime], None]) -> Callable[[datetime], None]:
        SWEEPS[name] = function
        return function

    return register


def enqueue_after_commit(name: str, row_id: int) -> None:
    """The job is put into the queue once the running unit of work is committed; failing to is only logged."""
    if name not in JOBS:
        raise LookupError(f"there is no job {name}")
    db.after_commit(lambda: enqueue(name, row_id))


def enqueue(name: str, row_id: int) -> None:
    """Puts the job into the queue. The sweep does its work if this fails, so a broken queue stops no request."""
    if _queue is None:
        return
    try:
        _queue.enqueue(_run.s(name, row_id))
    except Exception:  # whatever the queue's store raises: the row is there and the sweep will find it
        log.exception("job %s could not be queued", name)


def _perform(name: str, row_id: int) -> None:
    JOBS[name](row_id)


def sweep_all(now: datetime) -> None:
    """Runs every sweep; one that fails does not stop the others."""
    for name, function in SWEEPS.items():
        try:
            function(now)
        except Exception:  # a sweep is tried again in a minute; the others must still run
            log.exception("sweep %s failed", name)


_run: Any = None


def open_queue(settings: Settings, context: Callable[[], Any], *, memory: bool = False) -> None:
    """Opens the queue of this academy; jobs run inside ``context()``."""
    global _queue, _run  # noqa: PLW0603 - one queue per process
    options: dict[str, Any] = {"serializer": SignedSerializer(secret=secret_key(settings)), "results": False}
    if memory:
        _queue = MemoryHuey("academy", immediate=False, **options)
    elif settings.jobs_url:
        _queue = RedisHuey("academy", url=settings.jobs_url, **options)
    elif settings.database_url.startswith("postgresql"):
        _queue = PostgresHuey("academy", dsn=_dsn(settings.database_url), **options)
    else:
        _queue = SqliteHuey("academy", filename=str(_file(settings.data)), **options)

    def run(name: str, row_id: int) -> None:
        with context():
            _perform(name, row_id)

    def each_minute() -> None:
        with context():
            sweep_all(clock.now())

    _run = _queue.task(name="academy_run")(run)
    _queue.periodic_task(crontab(minute="*"), name="academy_sweep")(each_minute)


def close_queue() -> None:
    """No job is queued by this process any more."""
    global _queue  # noqa: PLW0603 - one queue per process
    _queue = None


def _dsn(address: str) -> str:
    return address.replace("postgresql+psycopg://", "postgresql://")


def _file(data: Path) -> Path:
    data.mkdir(parents=True, exist_ok=True)
    return data / "jobs.sqlite3"


class _InsideConsumer(Consumer):  # type: ignore[misc]  # huey is untyped
    """A consumer that leaves the process's signals alone."""

    def _set_signal_handlers(self) -> None:
        return


def start_inside() -> Any:
    """Starts the workers in threads of this process; returns something with ``stop(graceful=True)``."""
    if _queue is None:
        raise RuntimeError("the queue is not open")
    consumer = _InsideConsumer(
        _queue, workers=1, periodic=True, initial_delay=0.2, max_delay=5.0, check_worker_health=True
    )
    consumer.start()
    return consumer


def run_worker(workers: int = 2) -> None:
    """Runs jobs until the process is told to stop."""
    if _queue is None:
        raise RuntimeError("the queue is not open")
    _queue.create_consumer(workers=workers, periodic=True, max_delay=2.0).run()
