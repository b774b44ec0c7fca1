"""Files by content: each is stored once, under its SHA-256, and never changed."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from academy.foundation.errors import NotFound

_root = Path("files")


def configure(root: Path) -> None:
    """Sets the folder of this process."""
    global _root  # noqa: PLW0603 - one folder per process, set once at start
    _root = root


def path(sha: str) -> Path:
    """Where the file of that hash lies, whether or not it is there; raises NotFound for what is no hash."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha):
        raise NotFound
    return _root / sha[:2] / sha


def exists(sha: str) -> bool:
    """Whether the file is there."""
    return path(sha).is_file()


def put(data: bytes) -> str:
    """Stores the bytes durably and returns their hash. Slow: outside a unit of work."""
    sha = hashlib.sha256(data).hexdigest()
    target = path(sha)
    if target.is_file():
        return sha
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return sha


def read(sha: str) -> bytes:
    """The bytes of that hash; raises NotFound."""
    try:
        return path(sha).read_bytes()
    except FileNotFoundError:
        raise NotFound from None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
