"""The page of a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

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
        blocks=shown_blocks(page, other_language),
        footnotes=Markup(page.part["footnotes"]),  # noqa: S704 - cleaned by nh3 when it was published
        other_language=other_language,
        part_language_name=language_name(page.part_language),
        checked_on=date.fromisoformat(page.part["checked_on"]) if page.part["checked_on"] else None,
        is_done=page.progress is not None and page.activity.key in page.progress.done,
        is_updated=page.progress is not None and page.activity.key in page.progress.updated,
    )


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
