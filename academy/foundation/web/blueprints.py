"""Blueprints whose addresses start with the language."""

from __future__ import annotations

from flask import Blueprint, Flask
from werkzeug.routing import BaseConverter


def blueprint(name: str, import_name: str, *, language: bool = True) -> Blueprint:
    """A room's blueprint: addresses below ``/<language>``, templates in the room's ``templates/`` folder."""
    return Blueprint(name, import_name, template_folder="templates", url_prefix="/<lang:lang>" if language else None)


def install_language(app: Flask, codes: tuple[str, ...]) -> None:
    """Addresses know the converter ``lang``, which takes exactly these codes."""

    class LanguageConverter(BaseConverter):
        regex = "|".join(codes)

    app.url_map.converters["lang"] = LanguageConverter
