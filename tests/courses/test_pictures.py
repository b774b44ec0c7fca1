"""What pictures are taken."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.courses.formats import pictures, svg
from academy.courses.formats.pictures import PictureFacts, PictureRefused, check_picture
from academy.courses.formats.svg import SvgRefused, check_svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 250">'


def drawing(inside, head=HEAD):
    return f"{head}{inside}</svg>".encode()


def test_a_plain_drawing_is_taken_with_its_size():
    assert check_svg(drawing('<g fill="url(#a)"><path d="M1 1"/><text x="1" xml:space="preserve">я</text></g>')) == (
        640,
        250,
    )
    assert check_svg(drawing("", '<svg xmlns="http://www.w3.org/2000/svg" width="32px" height="16.4">')) == (32, 16)
    assert check_svg(b'<?xml version="1.0" encoding="utf-8"?>' + drawing("<!-- a word -->")) == (640, 250)


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<script>x</script>", "<script>"),
        ("<style>x</style>", "<style>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<image href='x'/>", "<image>"),
        ("<use href='#x'/>", "<use>"),
        ("<a href='https://x.example'/>", "<a>"),
        ("<animate/>", "<animate>"),
        ("<set/>", "<set>"),
        ("<g onload='x'/>", "onload"),
        ("<g style='x'/>", "style"),
        ("<g xlink:href='#x' xmlns:xlink='http://www.w3.org/1999/xlink'/>", "href"),
        ("<g fill='url(https://x.example/#a)'/>", "outside"),
        ("<g fill='URL(data:x)'/>", "outside"),
        ("<g fill='u\\72l(https://x.example)'/>", "outside"),
        ("<h:script xmlns:h='http://www.w3.org/1999/xhtml'/>", "<script>"),
        ("<?xml-stylesheet href='x'?>", "xml-stylesheet"),
    ],
)
def test_anything_active_or_foreign_is_refused_with_its_line(inside, words):
    with pytest.raises(SvgRefused) as refused:
        check_svg(drawing("\n" + inside))
    assert words in str(refused.value)
    assert refused.value.faults[0][0] == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"\xff\xfe\x00",
        drawing("<g>"),
        b'<!DOCTYPE svg [<!ENTITY x "y">]>' + drawing("&x;"),
        b'<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + drawing(""),
        b"<svg viewBox='0 0 1 1'></svg>",
        drawing("", '<svg xmlns="http://www.w3.org/2000/svg">'),
        drawing("", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99999 1">'),
        drawing("", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 x y">'),
        b'<?xml version="1.0" encoding="nonsense"?>' + drawing(""),
        drawing("<g/>" * (svg.MAX_ELEMENTS + 1)),
        b" " * (svg.MAX_BYTES + 1),
    ],
)
def test_what_is_no_drawing_is_refused(data):
    with pytest.raises(SvgRefused):
        check_svg(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_taken_or_refused_in_words(data):
    for name in ("x.svg", "x.png", "x.jpg", "x.webp"):
        for start in (
            b"",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"RIFF1234WEBPVP8 ",
            b"RIFF1234WEBPVP8L",
            b"RIFF1234WEBPVP8X",
        ):
            try:
                facts = check_picture(name, start + data)
            except PictureRefused:
                continue
            assert 0 < facts.width <= 10_000


PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 30, 20) + b"\x08\x02\0\0\0"
JPEG = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2" + struct.pack(">HBHHB", 11, 8, 20, 30, 1) + b"\0" * 8
VP8 = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 30, 20)
VP8L = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (29 | 19 << 14).to_bytes(4, "little")
VP8X = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0" + (29).to_bytes(3, "little") + (19).to_bytes(3, "little")


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.png", PNG, "image/png"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.JPEG", JPEG, "image/jpeg"),
        ("a.webp", VP8, "image/webp"),
        ("a.webp", VP8L, "image/webp"),
        ("a.webp", VP8X, "image/webp"),
    ],
)
def test_photographs(name, data, media_type):
    assert check_picture(name, data) == PictureFacts(media_type, 30, 20)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", JPEG),
        ("a.jpg", PNG),
        ("a.webp", PNG),
        ("a.webp", VP8[:15] + b"?" + VP8[16:]),
        ("a.png", PNG[:20]),
        ("a.jpg", b"\xff\xd8\xff\xd0\xff\x01\xff\xe0\0\x01"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x02x"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x02"),
        ("a.gif", b"GIF89a"),
        ("a.html", b"<html>"),
        ("a.svg", b"<html>"),
        ("png", PNG),
        ("a.png", PNG[:16] + struct.pack(">II", 0, 20)),
        ("a.png", b"\0" * (pictures.MAX_BYTES + 1)),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name, data):
    with pytest.raises(PictureRefused):
        check_picture(name, data)
