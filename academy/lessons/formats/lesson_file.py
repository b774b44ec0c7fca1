"""The files of a lesson in a course package: ``+++``, TOML, ``+++``, then Markdown; one file for each language.

The file in the source language has key, title, minutes, required, checked_on and sources; a translation has its title
and, in ``title_of`` and ``of``, the fingerprints of the source title and text that it was approved for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from academy.courses.formats.faults import Fault
from academy.courses.formats.toml_reading import Table, localized, parse
from academy.courses.formats.toml_writing import TomlText
from academy.courses.kinds import ActivityDraft, ActivityFiles, ReadActivity
from academy.foundation.i18n import LocalizedText
from academy.lessons.content import LessonContent

_FENCE = "+++"


@dataclass(frozen=True)
class _Page:
    """One file, cut in two; ``line`` is where the body begins."""

    front: Table
    body: str
    line: int


def read_lesson(files: ActivityFiles) -> ReadActivity:
    """The lesson that the files describe, with every fault of form."""
    faults: list[Fault] = []
    cut = {lang: _cut(text, files.names[lang], faults) for lang, text in files.texts.items()}
    pages = {lang: page for lang, page in cut.items() if page is not None}
    source = pages.get(files.source_language)
    if source is None:
        return ReadActivity(None, tuple(faults))
    faults += [_no_file(files, lang) for lang in files.languages if lang not in files.texts]
    title, body = _texts(files, pages)
    draft = ActivityDraft(
        kind="lesson",
        key=source.front.key(),
        stem=files.stem,
        title=title,
        required=source.front.flag("required", True),
        minutes=source.front.integer("minutes", least=1, most=1000),
        content=LessonContent(
            body=body,
            sources=source.front.texts("sources"),
            checked_on=source.front.day("checked_on"),
            lines={lang: page.line for lang, page in pages.items()},
        ),
        files=tuple(files.names.values()),
    )
    source.front.close()
    return ReadActivity(draft, tuple(faults))


def _no_file(files: ActivityFiles, lang: str) -> Fault:
    name = files.names[files.source_language]
    wanted = name.removesuffix(f".{files.source_language}.md") + f".{lang}.md"
    return Fault(name, 0, f"there is no translation into “{lang}”: the file {wanted} is missing", lang)


def _texts(files: ActivityFiles, pages: Mapping[str, _Page]) -> tuple[LocalizedText, LocalizedText]:
    """Title and body in all languages, and for what source the translations were approved."""
    source = pages[files.source_language]
    titles = {files.source_language: source.front.text("title")}
    bodies = {files.source_language: source.body}
    title_marks: dict[str, str] = {}
    body_marks: dict[str, str] = {}
    for lang, page in pages.items():
        if lang == files.source_language:
            continue
        if page.front.has("title"):
            titles[lang] = page.front.text("title")
        else:
            page.front.fault(f"“title” has no translation into “{lang}”", missing=lang)
        if page.body:
            bodies[lang] = page.body
        else:
            page.front.fault(f"the text has no translation into “{lang}”", missing=lang)
        _mark_read(page.front, lang, "title_of", title_marks)
        _mark_read(page.front, lang, "of", body_marks)
        page.front.close()
    return (
        localized(files.source_language, titles, title_marks),
        localized(files.source_language, bodies, body_marks),
    )


def write_lesson(draft: ActivityDraft, languages: tuple[str, ...]) -> dict[str, str]:
    """Language → file text, for the languages in which there is anything."""
    content: LessonContent = draft.content
    source = draft.title.source
    front = TomlText()
    front.values(
        {
            "key": draft.key,
            "title": draft.title.texts[source],
            "minutes": draft.minutes,
            "required": draft.required,
            "checked_on": content.checked_on,
            "sources": content.sources or None,
        }
    )
    files = {source: _join(str(front), content.body.texts[source])}
    for lang in languages:
        if lang != source and (draft.title.has(lang) or content.body.has(lang)):
            front = TomlText()
            front.values(
                {
                    "title": draft.title.texts.get(lang),
                    "title_of": _mark(draft.title, lang),
                    "of": _mark(content.body, lang),
                }
            )
            files[lang] = _join(str(front), content.body.texts.get(lang, ""))
    return files


def _mark(text: LocalizedText, lang: str) -> str | None:
    return text.approved_for.get(lang, "0" * 16) if text.has(lang) else None


def _join(front: str, body: str) -> str:
    return f"{_FENCE}\n{front}{_FENCE}\n\n{body}\n" if body else f"{_FENCE}\n{front}{_FENCE}\n"


def _cut(text: str, name: str, faults: list[Fault]) -> _Page | None:
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        faults.append(Fault(name, 1, "the file must begin with a line +++ and its title, key and so on"))
        return None
    ends = [place for place, line in enumerate(lines[1:], start=1) if line.rstrip() == _FENCE]
    if not ends:
        faults.append(Fault(name, 1, "the line +++ that ends the head of the file is missing"))
        return None
    front = parse("\n".join(lines[1 : ends[0]]), name, faults, first_line=2)
    if front is None:
        return None
    rest = lines[ends[0] + 1 :]
    blank = next((place for place, line in enumerate(rest) if line.strip()), len(rest))
    return _Page(front, "\n".join(rest[blank:]).rstrip(), ends[0] + 2 + blank)


def _mark_read(front: Table, lang: str, key: str, marks: dict[str, str]) -> None:
    if not front.has(key):
        return
    mark = front.text(key)
    if len(mark) == 16 and set(mark) <= set("0123456789abcdef"):
        marks[lang] = mark
    else:
        front.fault(f"“{key}” must be 16 digits and letters a to f", key)
