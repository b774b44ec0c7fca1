"""Static files of all rooms under one hash: ``/static/<hash>/<room>/<file>``, immutable, gzipped once."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Response, abort, current_app, request

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file, ready to be sent."""

    data: bytes
    packed: bytes
    media_type: str


@dataclass(frozen=True)
class Assets:
    """All static files by ``room/name`` and the hash over them."""

    files: dict[str, Asset]
    version: str


def _read(path: Path) -> Asset:
    data = path.read_bytes()
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(data, gzip.compress(data, 9, mtime=0), media_type)


@cache
def load(package: Path) -> Assets:
    """The static files of the package, read once per process."""
    found = {}
    for folder in sorted([*package.glob("*/static"), package / "foundation" / "web" / "static"]):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found[f"{folder.parent.name}/{path.relative_to(folder).as_posix()}"] = _read(path)
    digest = hashlib.sha256()
    for name, file in found.items():
        digest.update(name.encode() + b"\0" + file.data)
    return Assets(found, digest.hexdigest()[:12])


def _assets() -> Assets:
    return _of_package(current_app.root_path)


@cache
def _of_package(root: str) -> Assets:
    return load(Path(root))


def asset(name: str) -> str:
    """The address of the static file ``room/name``; raises LookupError when there is none."""
    assets = _assets()
    if name not in assets.files:
        raise LookupError(f"there is no static file {name}")
    return f"/static/{assets.version}/{name}"


def serve(version: str, name: str) -> Response:
    """The static file. An address of an older release is answered too, but not to be kept."""
    assets = _assets()
    file = assets.files.get(name)
    if file is None:
        abort(404)
    packed = request.accept_encodings.quality("gzip") > 0 and len(file.packed) < len(file.data)
    answer = Response(file.packed if packed else file.data, content_type=file.media_type)
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if version == assets.version else "no-cache"
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer
