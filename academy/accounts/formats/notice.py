"""A notice for everybody to read: Markdown with TOML front matter between lines of ``+++``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date

from markdown_it import MarkdownIt
from markupsafe import Markup

# Raw HTML stays text; links and tables are all that a notice needs beyond CommonMark.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of a notice in one language; ``body`` is safe HTML without the title."""

    version: str
    valid_from: date
    title: str
    body: Markup


def read_notice(text: str) -> Notice:
    """The notice in *text*; raises ValueError when its front matter or its title (``# …``, first) is missing."""
    _, fence, rest = text.partition("+++\n")
    head, closing, markdown = rest.partition("\n+++\n")
    title, _, body = markdown.lstrip().partition("\n")
    if not fence or not closing or not title.startswith("# "):
        raise ValueError("expected front matter between +++ and a title")
    front = tomllib.loads(head)
    html = _MARKDOWN.render(body).replace("<table>", '<div class="scroll" tabindex="0"><table>')
    html = html.replace("</table>", "</table></div>")
    return Notice(str(front["version"]), front["valid_from"], title.removeprefix("# ").strip(), Markup(html))  # noqa: S704 - made from Markdown without raw HTML, right above
