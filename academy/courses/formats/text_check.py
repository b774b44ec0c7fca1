"""What may be wrong with a text in Markdown, and with its translation beside it."""

from __future__ import annotations

import re
from collections.abc import Collection

from academy.courses.formats import markdown
from academy.courses.formats.faults import Fault

_HEADING = re.compile(r"heading (#+)")


def check_text(
    text: str,
    file: str,
    *,
    media: Collection[str],
    activity_keys: Collection[str],
    first_line: int = 1,
) -> list[Fault]:
    """Every fault of one text: raw HTML, headings, notes, footnotes, links and pictures.

    *first_line* is its line in the file.
    """
    faults: list[Fault] = []

    def fault(line: int, message: str) -> None:
        faults.append(Fault(file, line + first_line - 1, message))

    for line in markdown.raw_html(text):
        fault(line, "HTML is not possible in a text; write it in Markdown")
    for shape in markdown.shapes(text):
        heading = _HEADING.fullmatch(shape.kind)
        if heading and len(heading[1]) not in (2, 3):
            fault(shape.line, "headings are ## or ###; the title of the activity is the only heading above them")
    for label, line in markdown.undefined_footnotes(text):
        fault(line, f"there is no footnote [^{label}]: in this text")
    for name, line in markdown.unknown_notes(text):
        fault(line, _note_words(name))
    for target in markdown.targets(text):
        words = _picture_words(target, media) if target.alt is not None else _link_words(target, media, activity_keys)
        if words:
            fault(target.line, words)
    return faults


def _note_words(name: str) -> str:
    if name:
        return f"there is no note “{name}”; use one of {', '.join(markdown.NOTES)}"
    return 'a note needs a title in quotation marks: !!! remember "Remember"'


def _picture_words(target: markdown.Target, media: Collection[str]) -> str:
    if not (target.alt or "").strip():
        return f"the picture “{target.address}” has no alternative text; say in the square brackets what is seen"
    if not target.address.startswith(markdown.MEDIA):
        return f"the picture “{target.address}” must lie in the folder media of the course"
    if target.address.removeprefix(markdown.MEDIA) not in media:
        return f"there is no file “{target.address}”"
    return ""


def _link_words(target: markdown.Target, media: Collection[str], activity_keys: Collection[str]) -> str:
    address = target.address
    if address.startswith(("https://", "mailto:", "#")) or address in activity_keys:
        return ""
    if address.startswith("http://"):
        return f"the link to “{address}” must begin with https://"
    if address.startswith(markdown.MEDIA):
        return "" if address.removeprefix(markdown.MEDIA) in media else f"there is no file “{address}”"
    return f"the link to “{address}” leads nowhere; link to https://…, media/… or the key of an activity"


def compare_texts(
    source: str, translation: str, file: str, *, source_language: str, first_line: int = 1
) -> list[Fault]:
    """Where the translation is not built like its source, block for block; other numbers in a block are a warning."""
    ours, theirs = markdown.shapes(translation), markdown.shapes(source)
    for place, (here, there) in enumerate(zip(ours, theirs, strict=False), start=1):
        if here.kind != there.kind:
            words = f"block {place} is a {here.kind} here but a {there.kind} in “{source_language}”"
            return [Fault(file, here.line + first_line - 1, words)]
    if len(ours) != len(theirs):
        line = ours[-1].line if ours else 1
        words = f"there are {len(ours)} blocks here but {len(theirs)} in “{source_language}”"
        return [Fault(file, line + first_line - 1, words)]
    faults = []
    for place, (here, there) in enumerate(zip(ours, theirs, strict=True), start=1):
        if sorted(markdown.numerals(here.text)) != sorted(markdown.numerals(there.text)):
            numbers = ", ".join(markdown.numerals(here.text)) or "none"
            others = ", ".join(markdown.numerals(there.text)) or "none"
            words = f"block {place} has the numbers {numbers} here but {others} in “{source_language}”"
            faults.append(Fault(file, here.line + first_line - 1, words, warning=True))
    return faults
