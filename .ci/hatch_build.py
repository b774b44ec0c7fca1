"""Compiles the catalogues when the package is built or installed for editing; a wheel has the compiled ones alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """The build hook that ``pyproject.toml`` names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Each ``.po`` file has its ``.mo`` file beside it; in a wheel they lie in ``academy/_translations``."""
        translations = Path(self.root) / "translations"
        for source in sorted(translations.glob("*/LC_MESSAGES/*.po")):
            with source.open("rb") as file:
                catalogue = read_po(file)
            target = source.with_suffix(".mo")
            with target.open("wb") as file:
                write_mo(file, catalogue)
            if self.target_name == "wheel" and version != "editable":
                inside = target.relative_to(translations).as_posix()
                build_data["force_include"][str(target)] = f"academy/_translations/{inside}"
