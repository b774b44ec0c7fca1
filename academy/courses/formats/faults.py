"""Faults of course packages and drafts, in plain words and with their place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """Something that keeps a package from being imported or a draft from being published.

    ``file`` is the path inside the package, ``line`` counts from 1 (0: the whole file), ``message`` is a plain English
    sentence for authors that says what is wrong and, where it is not obvious, what to do. ``missing`` is the language
    of a translation that is not there: a fault unless the course says that this language is in preparation. A
    ``warning`` is told but keeps nothing from happening.
    """

    file: str
    line: int
    message: str
    missing: str = ""
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"
