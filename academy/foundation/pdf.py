"""PDF files: typst templates of ours, filled with data, as PDF/A-2a and PDF/UA-1 in one file."""

import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import typst

FONT = "Libertinus Serif"
_STANDARDS: list["typst.PDFStandard"] = ["a-2a", "ua-1"]
# What typst computed it keeps until ten more documents, whatever they are, were compiled without it (typst-py calls
# `comemo::evict(10)` after each). Of one certificate nothing serves the next, whose data differ, and each keeps 14 MB.
# So after each file eleven empty documents of half a millisecond are compiled: 60 certificates in a row then add 49 MB
# to the process, typst itself included, instead of 239 MB, and take no longer (65 ms of CPU each).
_UNTIL_FORGOTTEN = 11
# One thread for typst's own pool: more make no file sooner, but each has its own heap (75 MB instead of 49 MB).
os.environ.setdefault("RAYON_NUM_THREADS", "1")
_PROBE = f"""#set document(title: "Probe")
#set text(font: "{FONT}", fallback: false)
#json(bytes(sys.inputs.data))
"""
# How typst 0.15 says that a font lacks a glyph; the text is quoted and escaped as Rust's Debug writes it.
_NO_GLYPH = re.compile(r'the text `"((?:\\.|[^"\\])*)"` could not be displayed')
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]{1,6})\}|(.))")
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


class CannotCompile(Exception):
    """The template does not compile with this data; the message is typst's, with the place."""


class MissingGlyphs(CannotCompile):
    """The fonts of the template lack characters of the data; ``characters`` holds each once, in order."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"no glyph for: {characters}")
        self.characters = characters


def compile_pdf(
    template: Path, data: Mapping[str, Any], *, files: Mapping[str, bytes] | None = None, at: datetime
) -> bytes:
    """The template filled with *data*: the same bytes for the same template, data, files and instant.

    Data reach the template as JSON text in ``sys.inputs.data`` and are never source code; *files* (name → bytes)
    as lists of numbers in ``sys.inputs.files``, to be read with ``bytes(…)``. The template sees its own folder,
    the fonts that typst brings, and nothing else. Raises MissingGlyphs, CannotCompile. Takes milliseconds to
    tenths of a second: call it outside a unit of work.
    """
    inputs = {
        "data": json.dumps(data, ensure_ascii=False),
        "files": json.dumps({name: list(content) for name, content in (files or {}).items()}),
    }
    return _compile(str(template), template.parent, inputs, at)


def missing_glyphs(text: str) -> str:
    """The characters of *text* for which FONT has no glyph, each once; empty when it has all."""
    try:
        _compile(
            _PROBE.encode(), None, {"data": json.dumps(text, ensure_ascii=False)}, datetime(2026, 1, 1, tzinfo=UTC)
        )
    except MissingGlyphs as missing:
        return missing.characters
    return ""


def _compile(source: Any, root: Path | None, inputs: dict[str, str], at: datetime) -> bytes:
    import typst  # here, because only those who print need its 80 MB

    try:
        return typst.compile(
            source,
            root=root,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=_STANDARDS,
            timestamp=at.astimezone(UTC).replace(microsecond=0),  # typst refuses parts of a second
        )
    except typst.TypstError as fault:
        missing = _missing(fault.diagnostic)
        raise (MissingGlyphs(missing) if missing else CannotCompile(fault.diagnostic or fault.message)) from fault
    finally:
        for _ in range(_UNTIL_FORGOTTEN):
            typst.compile(b"", font_paths=_fonts(), ignore_system_fonts=True, format="svg")


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _missing(diagnostic: str) -> str:
    texts = (_ESCAPE.sub(_unescape, quoted) for quoted in _NO_GLYPH.findall(diagnostic))
    return "".join(dict.fromkeys("".join(texts)))


def _unescape(match: re.Match[str]) -> str:
    number, plain = match.groups()
    return chr(int(number, 16)) if number else _PLAIN_ESCAPES.get(plain, plain)
