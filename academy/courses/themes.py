"""The thematic areas that courses belong to; fixed, from ``data/themes.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from academy.foundation.i18n import LocalizedText


@cache
def _themes() -> dict[str, LocalizedText]:
    data = tomllib.loads((Path(__file__).parent / "data" / "themes.toml").read_text("utf-8"))
    return {
        entry["code"]: LocalizedText.of("en", **{lang: text for lang, text in entry.items() if lang != "code"})
        for entry in data["theme"]
    }


def codes() -> tuple[str, ...]:
    """The codes of all themes, in order."""
    return tuple(_themes())


def name(code: str) -> LocalizedText | None:
    """What the theme is called, or None when there is none with that code."""
    return _themes().get(code)
