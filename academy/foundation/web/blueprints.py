"""Blueprints whose addresses start with the language, and what may stand in any address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask
from werkzeug.routing import BaseConverter, IntegerConverter, PathConverter, UnicodeConverter


def blueprint(name: str, import_name: str, *, language: bool = True) -> Blueprint:
    """A room's blueprint: addresses below ``/<language>``, templates in the room's ``templates/`` folder."""
    return Blueprint(name, import_name, template_folder="templates", url_prefix="/<lang:lang>" if language else None)


class _Text(UnicodeConverter):
    """A part of an address: no control characters, which no name has and not every database stores."""

    regex = r"[^/\x00-\x1f\x7f]{1,200}"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        BaseConverter.__init__(self, *arguments, **options)


class _Path(PathConverter):
    """The same with slashes."""

    regex = r"[^/\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,999}?"


class _Number(IntegerConverter):
    """A number that every database can hold."""

    regex = r"[0-9]{1,9}"


def install_converters(app: Flask, codes: tuple[str, ...]) -> None:
    """Addresses know the converter ``lang``, which takes exactly these codes; what else stands in them is bounded."""

    class LanguageConverter(BaseConverter):
        regex = "|".join(codes)

    app.url_map.converters |= {
        "lang": LanguageConverter,
        "default": _Text,
        "string": _Text,
        "path": _Path,
        "int": _Number,
    }
