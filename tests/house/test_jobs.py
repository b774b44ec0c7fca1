"""Every job that is enqueued exists, and everything owed has its sweep."""

from __future__ import annotations

import ast
import importlib
import re

from academy.foundation import jobs
from tests.sample import ROOT, in_git


def enqueued(source: str, module: object | None = None) -> set[str]:
    """The names of jobs that the source enqueues."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("enqueue", "enqueue_after_commit")):
            name = node.args[0]
            if isinstance(name, ast.Constant):
                found.add(name.value)
            elif isinstance(name, ast.Name) and module is not None and isinstance(getattr(module, name.id, None), str):
                found.add(getattr(module, name.id))
    return found


def all_enqueued() -> set[str]:
    found = set()
    for name in in_git("academy/*.py"):
        source = (ROOT / name).read_text()
        if "enqueue" in source and name != "academy/foundation/jobs.py":
            module = importlib.import_module(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
            found |= enqueued(source, module)
    return found


def test_every_job_that_is_enqueued_exists(app):
    names = all_enqueued()
    assert names
    assert names <= set(jobs.JOBS)


def test_every_job_is_enqueued_by_somebody(app):
    assert {name for name in jobs.JOBS if not name.startswith("test.")} <= all_enqueued()


def test_every_job_has_a_sweep_that_does_its_work_when_it_is_lost(app):
    rooms = {name.split(".")[0] for name in jobs.JOBS if not name.startswith("test.")}
    assert rooms <= {name.split(".")[0] for name in jobs.SWEEPS}


def test_names_are_room_and_verb(app):
    assert [name for name in (*jobs.JOBS, *jobs.SWEEPS) if not re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", name)] == []


def test_control_a_name_that_nobody_registered_is_noticed():
    assert enqueued('jobs.enqueue_after_commit("room.none", 1)') == {"room.none"}
