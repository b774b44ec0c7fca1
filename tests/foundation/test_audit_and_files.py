"""The audit log, and files by their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select

from academy.foundation import audit, files
from academy.foundation.errors import NotFound
from academy.foundation.security import ANONYMOUS, OPERATOR, Identity
from tests.conftest import NOW


def test_an_entry_says_who_did_what_to_which_object(database):
    person = Identity("user", 7, "uuid-7", name="Nino Beridze", email="nino@ministry.example")
    audit.request_id.set("request-1")
    with database.write():
        audit.record("course.publish", actor=person, now=NOW, object_type="course", object_id="DOC", edition="4.0")
        audit.record("user.refuse", actor=ANONYMOUS, now=NOW, object_type="user", object_id=7, outcome="refused")
        audit.record("user.add", actor=OPERATOR, now=NOW, object_type="user", object_id=8)
    with database.read() as session:
        first, second, third = session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.id)).all()
    assert (first.actor_kind, first.actor_id, first.action, first.object_id) == ("user", 7, "course.publish", "DOC")
    assert (first.at, first.outcome, first.details, first.request_id) == (NOW, "done", {"edition": "4.0"}, "request-1")
    assert (second.actor_kind, second.actor_id, second.outcome, second.object_id) == ("anonymous", None, "refused", "7")
    assert (third.actor_kind, third.actor_label) == ("operator", "operator")
    stored = repr([vars(entry) for entry in (first, second, third)])
    assert "Nino" not in stored
    assert "ministry" not in stored


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_root", Path("files"))
    files.configure(tmp_path / "files")
    return tmp_path / "files"


def test_a_file_is_stored_once_under_its_hash(folder):
    sha = files.put(b"picture")
    assert sha == hashlib.sha256(b"picture").hexdigest()
    stored = folder / sha[:2] / sha
    first = stored.stat().st_mtime_ns
    assert files.put(b"picture") == sha
    assert stored.stat().st_mtime_ns == first
    assert files.read(sha) == b"picture"
    assert files.exists(sha)
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [sha]


def test_a_file_that_is_not_there(folder):
    sha = hashlib.sha256(b"other").hexdigest()
    assert not files.exists(sha)
    with pytest.raises(NotFound):
        files.read(sha)


@pytest.mark.parametrize("name", ["", "x", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n", "/" * 64])
def test_what_is_no_hash_has_no_path(folder, name):
    with pytest.raises(NotFound):
        files.path(name)


def test_a_write_that_fails_leaves_nothing(folder, monkeypatch):
    def fail(_descriptor):
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        files.put(b"picture")
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_the_bytes_and_the_folder_reach_the_disk(folder, monkeypatch):
    synced = []
    monkeypatch.setattr(files.os, "fsync", synced.append)
    files.put(b"picture")
    assert len(synced) == 2
