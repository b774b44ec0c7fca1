"""Jobs are nudges after the commit; the sweep does what is still owed."""

from __future__ import annotations

import contextlib

import pytest

from academy.foundation import jobs
from academy.settings import Settings
from tests.conftest import KEY, NOW


@pytest.fixture
def apart(monkeypatch):
    """Registers of their own."""
    monkeypatch.setattr(jobs, "JOBS", {})
    monkeypatch.setattr(jobs, "SWEEPS", {})
    monkeypatch.setattr(jobs, "_queue", jobs._queue)
    monkeypatch.setattr(jobs, "_run", jobs._run)


def drain():
    """Runs what is queued, as a worker would."""
    while (task := jobs._queue.dequeue()) is not None:
        jobs._queue.execute(task)


def test_a_job_runs_after_the_commit_and_in_its_context(apart, database):
    seen, around = [], []

    @contextlib.contextmanager
    def context():
        around.append("in")
        yield
        around.append("out")

    jobs.job("test.see")(seen.append)
    jobs.open_queue(Settings(secret_key=KEY), context, memory=True)
    with database.write():
        jobs.enqueue_after_commit("test.see", 7)
        assert len(jobs._queue) == 0
    assert len(jobs._queue) == 1
    drain()
    assert seen == [7]
    assert around == ["in", "out"]


def test_a_rollback_queues_nothing(apart, database):
    jobs.job("test.see")(lambda _row: None)
    jobs.open_queue(Settings(secret_key=KEY), contextlib.nullcontext, memory=True)
    with pytest.raises(RuntimeError), database.write():
        jobs.enqueue_after_commit("test.see", 7)
        raise RuntimeError
    assert len(jobs._queue) == 0


def test_an_unknown_job_is_a_fault_at_once(apart, database):
    with pytest.raises(LookupError, match=r"test\.none"), database.write():
        jobs.enqueue_after_commit("test.none", 7)


def test_a_broken_queue_stops_no_request(apart, caplog, monkeypatch):
    jobs.job("test.see")(lambda _row: None)
    jobs.open_queue(Settings(secret_key=KEY), contextlib.nullcontext, memory=True)

    def fail(_task):
        raise OSError("queue is down")

    monkeypatch.setattr(jobs._queue, "enqueue", fail)
    jobs.enqueue("test.see", 7)
    assert "test.see could not be queued" in caplog.text
    jobs.close_queue()
    jobs.enqueue("test.see", 7)


def test_one_sweep_that_fails_does_not_stop_the_others(apart, caplog):
    seen = []

    @jobs.sweep("test.first")
    def first(_now):
        raise RuntimeError("broken")

    jobs.sweep("test.second")(seen.append)
    jobs.sweep_all(NOW)
    assert seen == [NOW]
    assert "sweep test.first failed" in caplog.text


def test_without_a_queue_there_are_no_workers(apart):
    jobs.close_queue()
    with pytest.raises(RuntimeError, match="not open"):
        jobs.start_inside()
    with pytest.raises(RuntimeError, match="not open"):
        jobs.run_worker()


def test_the_worker_inside_runs_a_job_and_stops(apart, tmp_path):
    import threading

    done = threading.Event()
    jobs.job("test.see")(lambda _row: done.set())
    jobs.open_queue(Settings(data=tmp_path / "data", secret_key=KEY), contextlib.nullcontext)
    consumer = jobs.start_inside()
    try:
        jobs.enqueue("test.see", 1)
        assert done.wait(20)
    finally:
        consumer.stop(graceful=True)
    assert (tmp_path / "data" / "jobs.sqlite3").exists()


def test_the_sweep_runs_each_minute_in_its_context(apart):
    seen = []
    jobs.sweep("test.sweep")(seen.append)
    jobs.open_queue(Settings(secret_key=KEY), contextlib.nullcontext, memory=True)
    (periodic,) = jobs._queue._registry.periodic_tasks
    assert periodic.validate_datetime(NOW)
    periodic.execute()
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("chosen", "kind"),
    [
        ({"jobs_url": "redis://127.0.0.1:1/0"}, "RedisHuey"),
        ({"database_url": "postgresql+psycopg://postgres@127.0.0.1:1/none"}, "PostgresHuey"),
    ],
)
def test_the_queue_lies_where_the_settings_say(apart, monkeypatch, chosen, kind):
    made = {}

    def make(name, **options):
        made.update(options, name=name)
        return jobs.MemoryHuey(name, immediate=False, results=False)

    monkeypatch.setattr(jobs, kind, make)
    jobs.open_queue(Settings(secret_key=KEY, **chosen), contextlib.nullcontext)
    assert made["name"] == "academy"
    assert made.get("url", made.get("dsn")).startswith(("redis://", "postgresql://postgres@"))


def test_a_task_that_somebody_else_put_into_the_queue_is_not_run(apart):
    jobs.job("test.see")(lambda _row: None)
    jobs.open_queue(Settings(secret_key=KEY), contextlib.nullcontext, memory=True)
    jobs.enqueue("test.see", 1)
    (message,) = jobs._queue.storage._queue
    _, _, payload = message if isinstance(message, tuple) else (0, 0, message)
    forged = payload[:-1] + bytes([payload[-1] ^ 1])
    with pytest.raises(ValueError, match=r"[Ss]ignature"):
        jobs._queue.deserialize_task(forged)
