"""The handbook: Markdown pages that lie beside the code and are shown as Help."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

FOLDER = Path(__file__).parents[2] / "docs" / "handbook"
_NAME = re.compile(r"(?:\d+-)?([a-z0-9-]+)\.md")


@dataclass(frozen=True, slots=True)
class HelpPage:
    """A page of the handbook.

    ``key`` is its file name without number and ending; ``sections`` are its headings; ``body`` is HTML without the
    title.
    """

    key: str
    title: str
    sections: tuple[str, ...]
    body: Markup


@cache
def pages(lang: str, folder: Path = FOLDER) -> dict[str, HelpPage]:
    """The pages in that language by key, in order."""
    found = (_page(path) for path in sorted((folder / lang).glob("*.md")))
    return {page.key: page for page in found if page}


def _page(path: Path) -> HelpPage | None:
    name = _NAME.fullmatch(path.name)
    if name is None:
        return None
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    tokens = markdown.parse(path.read_text(encoding="utf-8"))
    title, tokens = _take_title(tokens)
    for token in tokens:
        for child in token.children or ():
            _mend_link(child)
    body = markdown.renderer.render(tokens, markdown.options, {})
    return HelpPage(name[1], title or name[1], _sections(tokens), Markup(body))  # noqa: S704 - our own files, rendered without raw HTML


def _take_title(tokens: list[Token]) -> tuple[str, list[Token]]:
    if len(tokens) >= 3 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        return tokens[1].content, tokens[3:]
    return "", tokens


def _sections(tokens: list[Token]) -> tuple[str, ...]:
    return tuple(t.content for before, t in pairwise(tokens) if before.type == "heading_open" and before.tag == "h2")


def _mend_link(token: Token) -> None:
    """A link to another file of the handbook leads to its page."""
    href = str(token.attrs.get("href", ""))
    name = _NAME.fullmatch(href.partition("#")[0])
    if token.type == "link_open" and name:
        token.attrs["href"] = name[1]
