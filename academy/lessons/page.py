"""The page of a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from academy.courses.cache import cache
from academy.courses.formats import markdown
from academy.courses.kinds import PageContext
from academy.foundation import web
from academy.foundation.i18n import language_name

ALL_BLOCKS = -1


@dataclass(frozen=True)
class ShownBlock:
    """A block of the text; ``other`` is its translation, where the reader asked for it."""

    number: int
    html: Markup
    other: Markup | None = None


def show(page: PageContext) -> str:
    """The lesson, inside the shell of the page."""
    other_language = next((lang for lang in page.activity.parts if lang != page.part_language), None)
    return web.render(
        "lessons/lesson.html",
        page=page,
        text=_text(page, other_language),
        other_language=other_language,
        part_language_name=language_name(page.part_language),
        is_done=page.progress is not None and page.activity.key in page.progress.done,
        is_updated=page.progress is not None and page.activity.key in page.progress.updated,
    )


def _text(page: PageContext, other_language: str | None) -> Markup:
    """The text with its sources. Without asked-for blocks it depends on the part and the language, and is kept."""
    if page.preview or page.other_block is not None:
        return _rendered_text(page, other_language)
    name = ("lesson-text", page.edition.slug, page.activity.parts[page.part_language], page.language)
    kept: Markup | None = cache().get(name)
    if kept is None:
        kept = _rendered_text(page, other_language)
        cache().put(name, kept, len(kept.encode()))
    return kept


def _rendered_text(page: PageContext, other_language: str | None) -> Markup:
    html = web.render(
        "lessons/text.html",
        page=page,
        blocks=shown_blocks(page, other_language),
        footnotes=Markup(page.part["footnotes"]),  # noqa: S704 - cleaned by nh3 when it was published
        other_language=other_language,
        checked_on=date.fromisoformat(page.part["checked_on"]) if page.part["checked_on"] else None,
    )
    return Markup(html)  # noqa: S704 - our own template, which escapes


def shown_blocks(page: PageContext, other_language: str | None) -> list[ShownBlock]:
    """The blocks in order, with the translation beneath those for which the reader asked."""
    others: dict[int, str] = {}
    if page.other_block is not None and other_language is not None and other_language in page.others:
        others = dict(page.others[other_language]["blocks"])
    asked = set(others) if page.other_block == ALL_BLOCKS else {page.other_block}
    return [
        ShownBlock(
            number,
            Markup(html),  # noqa: S704 - cleaned by nh3 when it was published
            Markup(markdown.without_ids(others[number])) if number in asked and number in others else None,  # noqa: S704 - as above
        )
        for number, html in page.part["blocks"]
    ]


def whole(part: Mapping[str, Any]) -> Markup:
    """The text of a part in one piece."""
    pieces = [html for _number, html in part["blocks"]]
    return Markup("\n".join([*pieces, part["footnotes"]]))  # noqa: S704 - cleaned by nh3 when it was published
