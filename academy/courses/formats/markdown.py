"""Markdown of lessons and questions to clean HTML, block by block.

CommonMark with tables, footnotes, definition lists, admonitions (``!!! remember "Title"``) and figures (an image alone
in its paragraph; its title is the caption). No raw HTML; whatever comes out has passed nh3. The numbers of blocks count
from 1 and are those of ``blocks``, so that the k-th block of a translation belongs to the k-th of its source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html.parser import HTMLParser
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import escape
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

NOTES = ("remember", "example", "warning", "practice")
MEDIA = "media/"
_ALIGNED = {"text-align:left": "", "text-align:right": "right", "text-align:center": "centre"}
_INLINE_TAGS = {"a", "br", "code", "em", "s", "strong", "sub", "sup"}
_BLOCK_TAGS = {
    *("blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "h2", "h3", "hr", "img", "li", "ol", "p", "pre"),
    *("section", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "img": {"src", "alt", "width", "height", "loading"},
    "li": {"id"},
    "ol": {"start"},
    "th": {"scope"},
    "div": {"role", "tabindex"},
}
_CLASSES = {
    "div": {"note", "table", *NOTES},
    "p": {"note-title"},
    "section": {"footnotes"},
    "a": {"footnote-back"},
    "sup": {"footnote-mark"},
    "th": {"right", "centre"},
    "td": {"right", "centre"},
}


@dataclass(frozen=True)
class Picture:
    """Where a picture is served, and its size in CSS pixels."""

    address: str
    width: int
    height: int


FindMedia = Callable[[str], Picture | None]
"""Gives the picture (or file, of size 0) for a name in ``media/``; None when there is none."""


@dataclass(frozen=True)
class Block:
    """One top-level block as clean HTML; ``number`` counts from 1."""

    number: int
    html: str


@dataclass(frozen=True)
class Rendered:
    """A text as clean HTML; ``footnotes`` is empty where there are none."""

    blocks: tuple[Block, ...]
    footnotes: str

    @property
    def html(self) -> str:
        """The whole as one piece."""
        return "\n".join([*(block.html for block in self.blocks), *([self.footnotes] if self.footnotes else [])])


@dataclass(frozen=True)
class Target:
    """A link or picture in a text: where it leads, on which line; ``alt`` and ``title`` of a picture, else None."""

    address: str
    line: int
    alt: str | None = None
    title: str = ""


@dataclass(frozen=True)
class Shape:
    """What a top-level block is: ``kind`` in plain English, the same in all languages, its first line, its text."""

    kind: str
    line: int
    text: str


def _no_media(_name: str) -> Picture | None:
    return None


def render(text: str, *, media: FindMedia = _no_media, prefix: str = "") -> Rendered:
    """The text as clean HTML. *prefix* keeps the ids of footnotes apart when several texts stand on one page."""
    starts = [line for line, _ in _cut(text)]
    env: dict[str, Any] = {"docId": prefix} if prefix else {}
    markdown = _parser(raw=False, notes_at_end=True)
    found: list[Block] = []
    footnotes = ""
    for group in _top_level(markdown.parse(text, env)):
        _prepare(group, media)
        html = _clean(markdown.renderer.render(group, markdown.options, env))
        if group[0].type == "footnote_block_open":
            footnotes = html
        else:
            found.append(Block(bisect_right(starts, group[0].map[0] if group[0].map else 0), html))
    return Rendered(tuple(found), footnotes)


def render_inline(text: str) -> str:
    """A text of one line (a choice, a caption) as clean HTML without any block around it."""
    markdown = _parser(raw=False, notes_at_end=False)
    tokens = markdown.parseInline(text.replace("\n", " "))
    for token in tokens:
        token.children = [
            _image(child, _no_media) if child.type == "image" else child for child in token.children or []
        ]
    return _clean(markdown.renderer.render(tokens, markdown.options, {}), _INLINE_TAGS)


def blocks(text: str) -> tuple[str, ...]:
    """The source of each top-level block. Joined by blank lines they are the text again."""
    return tuple(part for _, part in _cut(text))


def shapes(text: str) -> tuple[Shape, ...]:
    """What each top-level block is, for comparing a text with its translation."""
    groups = _top_level(_parser(raw=False, notes_at_end=False).parse(text))
    cut = _cut(text)
    return tuple(Shape(_kind(group), line + 1, part) for group, (line, part) in zip(groups, cut, strict=True))


def numerals(text: str) -> list[str]:
    """The numbers that stand in a text as digits, in order, without marks of language (1,5 and 1.5 are the same)."""
    without_links = re.sub(r"\]\([^)]*\)|https?://\S+|\[\^[^\]]*\]", " ", text)
    joined = re.sub(r"(?<=\d)[\u00a0\u202f\u2009 ,](?=\d{3}(?!\d))", "", without_links)
    return [number.replace(",", ".") for number in re.findall(r"\d+(?:[.,]\d+)?", joined)]


def targets(text: str) -> list[Target]:
    """Every link and picture of a text, in order."""
    found: list[Target] = []
    for token in _parser(raw=False, notes_at_end=False).parse(text):
        line = token.map[0] + 1 if token.map else 0
        for child in token.children or []:
            if child.type == "image":
                found.append(Target(str(child.attrs["src"]), line, child.content, str(child.attrs.get("title", ""))))
            elif child.type == "link_open":
                found.append(Target(str(child.attrs["href"]), line))
            elif child.type in ("softbreak", "hardbreak"):
                line += 1
    return found


def raw_html(text: str) -> list[int]:
    """The lines on which the text has HTML, which would be shown as it is written."""
    lines: list[int] = []
    for token in _parser(raw=True, notes_at_end=False).parse(text):
        line = token.map[0] + 1 if token.map else 0
        if token.type == "html_block":
            lines.append(line)
        for child in token.children or []:
            if child.type == "html_inline":
                lines.append(line)
            elif child.type in ("softbreak", "hardbreak"):
                line += 1
    return sorted(set(lines))


def undefined_footnotes(text: str) -> list[tuple[str, int]]:
    """(label, line) of footnote marks ``[^x]`` for which there is no footnote; they would be shown as typed."""
    found = []
    for token in _parser(raw=False, notes_at_end=False).parse(text):
        for child in token.children or []:
            if child.type == "text":
                line = token.map[0] + 1 if token.map else 0
                found += [(label, line) for label in re.findall(r"\[\^([^\]\s]+)\]", child.content)]
    return found


def unknown_notes(text: str) -> list[tuple[str, int]]:
    """(type, line) of admonitions whose type is none of NOTES, or (“”, line) of those without a title."""
    found = []
    for token in _parser(raw=False, notes_at_end=False).parse(text):
        if token.type == "admonition_open":
            line = token.map[0] + 1 if token.map else 0
            if token.meta["tag"] not in NOTES:
                found.append((str(token.meta["tag"]), line))
            elif not re.search(r'"[^"]*\S[^"]*"\s*$', token.info):
                found.append(("", line))
    return found


def plain_text(html: str) -> str:
    """The words of clean HTML, single blanks between them."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.words).split())


def without_ids(html: str) -> str:
    """The same clean HTML without ids, for showing it a second time on a page."""
    return str(_cleaner(frozenset(_INLINE_TAGS | _BLOCK_TAGS), ids=False).clean(html))


@cache
def _parser(*, raw: bool, notes_at_end: bool) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": raw}).enable(["table", "strikethrough"])
    markdown.use(footnote_plugin, inline=False, move_to_end=notes_at_end)
    markdown.use(deflist_plugin).use(admon_plugin)
    for name, rule in _RULES.items():
        markdown.add_render_rule(name, rule)
    return markdown


@lru_cache(maxsize=2048)
def _cut(text: str) -> tuple[tuple[int, str], ...]:
    """(first line from 0, source) of each top-level block; what makes no block of its own goes with the one before."""
    starts = [
        group[0].map[0]
        for group in _top_level(_parser(raw=False, notes_at_end=False).parse(text))
        if group[0].map is not None
    ]
    lines = text.split("\n")
    ends = [*starts[1:], len(lines)] if starts else []
    return tuple(
        (start, "\n".join(lines[0 if place == 0 else start : end]).strip("\n").rstrip())
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


def _top_level(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    group: list[Token] = []
    depth = 0
    for token in tokens:
        group.append(token)
        depth += token.nesting
        if depth == 0:
            yield group
            group = []


_PLAIN_KINDS = {
    "footnote_reference_open": "footnote",
    "blockquote_open": "quotation",
    "fence": "code",
    "code_block": "code",
    "hr": "line",
}


def _kind(group: Sequence[Token]) -> str:
    first = group[0]

    def count(*names: str) -> int:
        return sum(1 for token in group if token.type in names)

    if first.type == "paragraph_open":
        image = _figure(group)
        return f"figure {figure_name(str(image.attrs['src']))}" if image else "paragraph"
    if first.type == "table_open":
        rows = count("tr_open")
        return f"table of {rows} rows and {count('td_open', 'th_open') // rows} columns"
    counted = {
        "heading_open": f"heading {'#' * int(first.tag[1:]) if first.type == 'heading_open' else ''}",
        "bullet_list_open": f"list of {count('list_item_open')}",
        "ordered_list_open": f"numbered list of {count('list_item_open')}",
        "dl_open": f"definition list of {count('dt_open')}",
        "admonition_open": f"note “{first.meta.get('tag')}”",
    }
    return counted.get(first.type) or _PLAIN_KINDS.get(first.type, first.type)


def figure_name(address: str) -> str:
    """The name of a picture without folder, language and ending: ``media/tilt.en.svg`` → ``tilt``."""
    return address.removeprefix(MEDIA).split(".")[0]


def _figure(group: Sequence[Token]) -> Token | None:
    """The image of a paragraph that holds nothing else."""
    if len(group) != 3 or group[0].type != "paragraph_open":
        return None
    children = [child for child in group[1].children or [] if child.type != "text" or child.content.strip()]
    return children[0] if len(children) == 1 and children[0].type == "image" else None


def _prepare(group: list[Token], media: FindMedia) -> None:
    """Turns pictures, links to media, figures and the alignment of cells into what the page needs."""
    for token in group:
        if token.type in ("th_open", "td_open"):
            name = _ALIGNED.get(str(token.attrs.pop("style", "")).replace(" ", ""), "")
            if name:
                token.attrs["class"] = name
            if token.type == "th_open":
                token.attrs["scope"] = "col"
        if token.children:
            token.children = [_image(child, media) if child.type == "image" else child for child in token.children]
            for child in token.children:
                if child.type == "link_open":
                    _point(child, media)
    for place in range(len(group) - 2):
        image = _figure(group[place : place + 3])
        if image is not None:
            group[place].tag = group[place + 2].tag = "figure"
            group[place].hidden = group[place + 2].hidden = False
            caption = image.meta.get("caption", "")
            under = [Token("figure_caption", "", 0, content=caption)] if caption else []
            group[place + 1].children = [image, *under]


def _image(image: Token, media: FindMedia) -> Token:
    """The image with its address and size; a picture that is not there leaves its alternative text."""
    address = str(image.attrs["src"])
    picture = media(address.removeprefix(MEDIA)) if address.startswith(MEDIA) else None
    if picture is None:
        return Token("text", "", 0, content=image.content)
    found = Token("image", "img", 0, children=image.children, content=image.content)
    found.attrs = {
        "src": picture.address,
        "alt": image.content,
        "width": picture.width,
        "height": picture.height,
        "loading": "lazy",
    }
    found.meta = {"caption": str(image.attrs.get("title", ""))}
    return found


def _point(link: Token, media: FindMedia) -> None:
    address = str(link.attrs["href"])
    if address.startswith(MEDIA):
        file = media(address.removeprefix(MEDIA))
        if file is not None:
            link.attrs["href"] = file.address


_Rule = Callable[..., str]


def _note_open(_self: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    tag = tokens[place].meta["tag"]
    return f'<div class="note {tag if tag in NOTES else ""}" role="note">\n'


def _caption(_self: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    return f"<figcaption>{escape(tokens[place].content)}</figcaption>"


def _footnote_id(token: Token, env: Mapping[str, Any]) -> str:
    prefix = env.get("docId", "")
    return f"{prefix}-{token.meta['id'] + 1}" if prefix else str(token.meta["id"] + 1)


def _footnote_mark(_self: Any, tokens: Sequence[Token], place: int, _options: Any, env: Mapping[str, Any]) -> str:
    token = tokens[place]
    name = _footnote_id(token, env)
    again = f"-{token.meta['subId']}" if token.meta.get("subId", 0) > 0 else ""
    return f'<sup class="footnote-mark"><a href="#fn-{name}" id="fnref-{name}{again}">{token.meta["id"] + 1}</a></sup>'


def _footnote_open(_self: Any, tokens: Sequence[Token], place: int, _options: Any, env: Mapping[str, Any]) -> str:
    return f'<li id="fn-{_footnote_id(tokens[place], env)}">'


def _footnote_back(_self: Any, tokens: Sequence[Token], place: int, _options: Any, env: Mapping[str, Any]) -> str:
    token = tokens[place]
    if token.meta.get("subId", 0) > 0:
        return ""
    return f' <a href="#fnref-{_footnote_id(token, env)}" class="footnote-back">↑</a>'


def _fixed(html: str) -> _Rule:
    def rule(*_arguments: Any) -> str:
        return html

    return rule


_RULES: dict[str, _Rule] = {
    "admonition_open": _note_open,
    "admonition_title_open": _fixed('<p class="note-title"><strong>'),
    "admonition_title_close": _fixed("</strong></p>\n"),
    "figure_caption": _caption,
    "footnote_ref": _footnote_mark,
    "footnote_block_open": _fixed('<section class="footnotes">\n<ol>\n'),
    "footnote_block_close": _fixed("</ol>\n</section>\n"),
    "footnote_open": _footnote_open,
    "footnote_anchor": _footnote_back,
    "table_open": _fixed('<div class="table" tabindex="0"><table>\n'),
    "table_close": _fixed("</table></div>\n"),
}


def _clean(html: str, tags: set[str] | None = None) -> str:
    return str(_cleaner(frozenset(tags or _INLINE_TAGS | _BLOCK_TAGS)).clean(html)).strip()


@cache
def _cleaner(tags: frozenset[str], *, ids: bool = True) -> nh3.Cleaner:
    attributes = {
        tag: {name for name in names if ids or name != "id"} for tag, names in _ATTRIBUTES.items() if tag in tags
    }
    return nh3.Cleaner(
        tags=set(tags),
        attributes=attributes,
        allowed_classes={tag: names for tag, names in _CLASSES.items() if tag in tags},
        url_schemes={"https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE_TAGS or tag == "br":
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE_TAGS:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
