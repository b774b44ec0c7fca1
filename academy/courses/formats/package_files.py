"""A course package as named bytes: from a folder or a zip, and back. Nothing outside it is ever read or written."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

MOST_FILES = 2000
MOST_BYTES = 64 * 1024 * 1024
MOST_BYTES_EACH = 8 * 1024 * 1024
_NAME = re.compile(r"[\w][\w .+-]*", re.ASCII)


class PackageRefused(ValueError):
    """The folder or zip cannot be taken at all; the message says why in plain words."""


def read_files(path: Path) -> dict[str, bytes]:
    """Path inside the package → bytes, of a folder or a zip; raises PackageRefused.

    Hidden files are passed over. A zip may hold everything in one folder.
    """
    if path.is_dir():
        return _limited(_folder(path))
    if not path.is_file():
        raise PackageRefused(f"there is no folder or file {path}")
    if path.stat().st_size > MOST_BYTES:
        raise PackageRefused(f"the file is larger than {MOST_BYTES // 1024 // 1024} MB")
    return read_zip(path.read_bytes())


def read_zip(data: bytes) -> dict[str, bytes]:
    """Path inside the package → bytes; raises PackageRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _without_top(_limited(_members(archive)))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError):
        raise PackageRefused("the file is not a readable zip") from None


def write_folder(files: Mapping[str, bytes], target: Path) -> None:
    """The folder holds exactly these files in addition to what it held; raises PackageRefused when it was not empty."""
    if target.exists() and any(target.iterdir()):
        raise PackageRefused(f"the folder {target} is not empty")
    for name, data in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def write_zip(files: Mapping[str, bytes], folder: str) -> bytes:
    """The files as a zip with one folder; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(f"{folder}/{name}", (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(member, files[name])
    return buffer.getvalue()


def _folder(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if _is_hidden(name):
            continue
        if path.is_symlink():
            raise PackageRefused(f"{name} is a link; only files can be taken")
        if path.is_file():
            if path.stat().st_size > MOST_BYTES_EACH:
                raise PackageRefused(f"{name} is larger than {MOST_BYTES_EACH // 1024 // 1024} MB")
            yield name, path.read_bytes()
        elif not path.is_dir():
            raise PackageRefused(f"{name} is not a plain file")


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    if len(archive.infolist()) > MOST_FILES:
        raise PackageRefused(f"the zip holds more than {MOST_FILES} files")
    if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
        raise PackageRefused(f"the zip holds more than {MOST_BYTES // 1024 // 1024} MB")
    for member in archive.infolist():
        mode = member.external_attr >> 16
        if member.is_dir():
            continue
        if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
            raise PackageRefused(f"{_shown(member.filename)} is not a plain file")
        if member.flag_bits & 0x1:
            raise PackageRefused("the zip is locked with a password")
        if _is_hidden(member.filename):
            continue
        with archive.open(member) as file:
            yield member.filename, file.read(MOST_BYTES_EACH + 1)


def _is_hidden(name: str) -> bool:
    """Whether the file belongs to a system or tool, such as .git or .DS_Store; . and .. are no such names."""
    return any(part.startswith(".") and part.strip(".") for part in name.split("/")) or name.startswith("__MACOSX/")


def _limited(files: Iterator[tuple[str, bytes]]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    for name, data in files:
        parts = name.split("/")
        if name.startswith("/") or any(not _NAME.fullmatch(part) or len(part) > 120 for part in parts):
            raise PackageRefused(
                f"“{_shown(name)}” cannot be the name of a file; use letters a to z, digits, hyphens and dots"
            )
        if name in found:
            raise PackageRefused(f"{_shown(name)} is there twice")
        if len(data) > MOST_BYTES_EACH:
            raise PackageRefused(f"{_shown(name)} is larger than {MOST_BYTES_EACH // 1024 // 1024} MB")
        total += len(data)
        found[name] = data
        if total > MOST_BYTES or len(found) > MOST_FILES:
            raise PackageRefused("the package is too large")
    return found


def _without_top(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {name.split("/", 1)[0] for name in files}
    if "course.toml" in files or len(tops) != 1 or not all("/" in name for name in files):
        return files
    return {name.split("/", 1)[1]: data for name, data in files.items()}


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:80]
