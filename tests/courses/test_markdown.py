"""Markdown to clean HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.courses.formats import markdown
from academy.courses.formats.markdown import Picture, Shape, Target

TEXT = """Opening with **weight**.

## Heading

Term
: What it means.

| a | b |
|---|--:|
| 1 | 2 |

!!! remember "Title"
    Inside *this*.

    And this.

![What is seen](media/tilt.en.svg "A caption & more")

- one
- two

A note[^1] and once more[^1].

[^1]: The footnote.

> quoted
"""
KINDS = [
    "paragraph",
    "heading ##",
    "definition list of 1",
    "table of 2 rows and 2 columns",
    "note “remember”",
    "figure tilt",
    "list of 2",
    "paragraph",
    "footnote",
    "quotation",
]


def media(name):
    return Picture(f"/files/abc/{name}", 640, 250) if name == "tilt.en.svg" else None


def html(text, **options):
    return markdown.render(text, **options).html


def test_blocks_are_numbered_as_they_are_cut():
    rendered = markdown.render(TEXT, media=media)
    assert [block.number for block in rendered.blocks] == [1, 2, 3, 4, 5, 6, 7, 8, 10]
    assert [shape.kind for shape in markdown.shapes(TEXT)] == KINDS
    assert len(markdown.blocks(TEXT)) == 10
    assert markdown.blocks(TEXT)[1] == "## Heading"
    assert markdown.blocks(TEXT)[8] == "[^1]: The footnote."


def test_figure():
    assert markdown.render(TEXT, media=media).blocks[5].html == (
        '<figure><img src="/files/abc/tilt.en.svg" alt="What is seen" width="640" height="250" loading="lazy">'
        "<figcaption>A caption &amp; more</figcaption></figure>"
    )


def test_figure_without_caption_and_picture_within_a_sentence():
    assert "figcaption" not in html("![x](media/tilt.en.svg)", media=media)
    assert html("![x](media/tilt.en.svg)", media=media).startswith("<figure><img")
    inside = html("See ![x](media/tilt.en.svg) here.", media=media)
    assert inside.startswith("<p>See <img")
    assert "figure" not in inside


def test_a_picture_that_is_not_there_leaves_its_words():
    assert html("![A stamp](media/none.svg)", media=media) == "<p>A stamp</p>"
    assert html("![A stamp](https://elsewhere.example/x.png)", media=media) == "<p>A stamp</p>"


def test_links_to_media_lead_to_the_file():
    assert html("[plan](media/tilt.en.svg)", media=media) == '<p><a href="/files/abc/tilt.en.svg">plan</a></p>'
    assert html("[plan](media/none.svg)", media=media) == '<p><a href="media/none.svg">plan</a></p>'
    assert html("[next](check-1)") == '<p><a href="check-1">next</a></p>'


def test_admonition():
    assert markdown.render(TEXT, media=media).blocks[4].html == (
        '<div class="note remember" role="note">\n<p class="note-title"><strong>Title</strong></p>\n'
        "<p>Inside <em>this</em>.</p>\n<p>And this.</p>\n</div>"
    )
    assert '<div class="note" role="note">' in html('!!! other "T"\n    x').replace("note ", "note")


def test_table_scrolls_and_aligns_without_inline_style():
    table = markdown.render(TEXT).blocks[3].html
    assert table.startswith('<div class="table" tabindex="0"><table>')
    assert '<td class="right">2</td>' in table
    assert '<th scope="col">a</th>' in table
    assert "style" not in table


def test_footnotes_have_ids_of_their_lesson():
    rendered = markdown.render(TEXT, prefix="tilt")
    assert 'href="#fn-tilt-1" id="fnref-tilt-1"' in rendered.html
    assert 'id="fnref-tilt-1-1"' in rendered.html
    assert rendered.footnotes.startswith('<section class="footnotes">')
    assert '<li id="fn-tilt-1">' in rendered.footnotes
    assert rendered.footnotes.count("footnote-back") == 1
    assert 'id="fnref-1"' in markdown.render(TEXT).html
    assert markdown.render("No note.").footnotes == ""


def test_without_ids():
    clean = markdown.without_ids(markdown.render(TEXT, media=media, prefix="k").html)
    assert "id=" not in clean
    assert 'class="note remember"' in clean
    assert markdown.without_ids('<p>write id="x" so</p>') == '<p>write id="x" so</p>'


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "text <b onclick=x>bold</b>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        '![x](media/tilt.en.svg "a\\" onload=\\"alert(1)")',
        '!!! remember "<script>alert(1)</script>"\n    x',
        '!!! "onload=alert(1)" "t"\n    x',
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "[^<script>]: x",
        "```<script>\nx\n```",
        "| <script> |\n|---|\n| <svg onload=alert(1)> |",
    ],
)
def test_nothing_active_comes_out(attack):
    for found in (html(attack, media=media), markdown.render_inline(attack)):
        tags = re.findall(r"<[^>]*>", found)
        active = re.compile(r"<\s*(script|svg|math|style|iframe)|\son\w+=|javascript:|data:", re.IGNORECASE)
        assert not any(active.search(tag) for tag in tags)


@given(st.text(alphabet=st.sampled_from(list("ab \n#*_[](){}<>!|-:^\"'`\\&;=/.1")), max_size=120))
def test_any_text_gives_numbered_blocks_and_no_foreign_tag(text):
    rendered = markdown.render(text, media=media)
    count = len(markdown.blocks(text))
    numbers = [block.number for block in rendered.blocks]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= count for number in numbers)
    allowed = markdown._INLINE_TAGS | markdown._BLOCK_TAGS
    assert {tag.lower() for tag in re.findall(r"<\/?([a-zA-Z][a-zA-Z0-9]*)", rendered.html)} <= allowed
    assert len(markdown.shapes(text)) == count


@given(
    st.lists(
        st.sampled_from(["word", "## head", "- a\n- b", "> q", "1. x", "| a |\n|---|\n| 1 |", "[^1]: f", "***"]),
        max_size=8,
    )
)
def test_blocks_joined_are_the_text_again(parts):
    text = "\n\n".join(parts)
    joined = "\n\n".join(markdown.blocks(text))
    assert joined.split() == text.split()
    assert markdown.blocks(joined) == markdown.blocks(text)


def test_what_makes_no_block_stays_with_the_one_before():
    text = "[before]: https://a.example\n\nOne [x].\n\n[x]: https://b.example\n\nTwo."
    assert markdown.blocks(text) == ("[before]: https://a.example\n\nOne [x].\n\n[x]: https://b.example", "Two.")
    assert markdown.blocks("") == ()


def test_inline_has_no_block():
    assert markdown.render_inline("**a** and `b`\nnext [l](https://x.example)") == (
        '<strong>a</strong> and <code>b</code> next <a href="https://x.example">l</a>'
    )
    assert markdown.render_inline("![picture](media/tilt.en.svg)") == "picture"


def test_shapes_tell_numbered_lists_code_and_lines_apart():
    text = "1. a\n2. b\n\n---\n\n    code\n\n```\nx\n```"
    assert [shape.kind for shape in markdown.shapes(text)] == ["numbered list of 2", "line", "code", "code"]
    assert markdown.shapes("x\n\n## y")[1] == Shape("heading ##", 3, "## y")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("three", []),
        ("1.5 and 1,5", ["1.5", "1.5"]),
        ("10 000 people, 10,000 people, 10 000", ["10000", "10000", "10000"]),
        ("On 9 March 2026", ["9", "2026"]),
        ("See [this 4](https://x.example/7) and [^2]", ["4"]),
    ],
)
def test_numerals(text, found):
    assert markdown.numerals(text) == found


def test_targets_raw_html_and_notes_are_found_with_their_lines():
    text = "a\n[b](https://x.example)\n![c](media/c.svg)\n\n<i>x</i> y\nz <b>\n\n<div>"
    text += '\n\n!!! odd "T"\n    x\n\n!!! remember\n    y\n\nq[^9]'
    assert markdown.targets(text) == [Target("https://x.example", 2), Target("media/c.svg", 3, "c")]
    assert markdown.raw_html(text) == [5, 6, 8]
    assert markdown.unknown_notes(text) == [("odd", 10), ("", 13)]
    assert markdown.undefined_footnotes(text) == [("9", 16)]


def test_plain_text_has_the_words_alone():
    assert markdown.plain_text("<h2>One</h2><p>t<em>w</em>o<br>three &amp; four</p>") == "One two three & four"


def test_underlined_headings_are_headings():
    assert [shape.kind for shape in markdown.shapes("One\n===\n\nTwo\n---\n\n#### Four")] == [
        "heading #",
        "heading ##",
        "heading ####",
    ]


def test_figure_name():
    assert markdown.figure_name("media/look.en.svg") == markdown.figure_name("media/look.ru.svg") == "look"
