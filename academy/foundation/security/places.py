"""Where a browser may be sent on to."""

from __future__ import annotations

import unicodedata

_MAX_PATH = 2000


def local_path(text: str | None) -> str | None:
    """*text* when it is a path on this site and nothing that a browser could take for another site; else None."""
    if not text or len(text) > _MAX_PATH or not text.startswith("/") or "//" in text or "\\" in text:
        return None
    if any(c.isspace() or unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in text):
        return None
    path = text.partition("#")[0].partition("?")[0]
    return None if any(step in {".", ".."} for step in path.split("/")) else text
