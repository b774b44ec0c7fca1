"""The PDF files: the same bytes each time, archival and tagged, data never code, nothing from outside."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from academy.foundation import pdf

AT = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set document(title: "Test", date: auto)
#set text(font: "Libertinus Serif", fallback: false, hyphenate: false)
#set page(width: 60cm)
#data.text
"""
PAYLOADS = (
    "#panic(1)",
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    "*bold* _slanted_ = heading",
    "$ x^2 $ \\ @label <label>",
    "{{ config }} {% raw %} ${7*7}",
    "<script>alert(1)</script>",
    ") Tj ET (",
    "// comment /* and more */",
    "Robert'); DROP TABLE users;--",
)
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "test.typ"
    path.write_text(TEMPLATE)
    return path


def text_of(data: bytes, *options: str) -> str:
    return subprocess.run(
        ["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()


def test_same_data_gives_the_same_bytes(template: Path) -> None:
    first = pdf.compile_pdf(template, {"text": "Один"}, at=AT)
    assert pdf.compile_pdf(template, {"text": "Один"}, at=AT) == first
    assert pdf.compile_pdf(template, {"text": "Два"}, at=AT) != first


def test_instant_is_the_one_that_is_given(template: Path) -> None:
    assert b"2026-03-09T10:00:00" in pdf.compile_pdf(template, {"text": "x"}, at=AT)


def test_file_says_that_it_is_archival_and_accessible(template: Path) -> None:
    data = pdf.compile_pdf(template, {"text": "x"}, at=AT)
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in data
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data


@needs_poppler
@pytest.mark.parametrize("payload", PAYLOADS)
def test_data_are_printed_and_never_run(template: Path, payload: str) -> None:
    assert text_of(pdf.compile_pdf(template, {"text": payload}, at=AT)).strip() == payload


def test_missing_glyphs_are_named(template: Path) -> None:
    with pytest.raises(pdf.MissingGlyphs) as caught:
        pdf.compile_pdf(template, {"text": "Ли 李 Ли 明 李"}, at=AT)
    assert caught.value.characters == "李明"


def test_probe_finds_missing_glyphs() -> None:
    assert pdf.missing_glyphs("\ue000x\u0f71") == "\ue000\u0f71", "which typst's message writes in digits"
    assert pdf.missing_glyphs('ӣӯқҳҷғ ңөү әғұі їєґ ə “«№»” "\\') == ""
    assert pdf.missing_glyphs('a漢"字\\b') == "漢字"


@pytest.mark.parametrize(
    "line", ['#read("/etc/hostname")', '#read("../../etc/hostname")', '#image("http://localhost/x.svg")']
)
def test_template_sees_only_its_folder(tmp_path: Path, line: str) -> None:
    path = tmp_path / "inner" / "test.typ"
    path.parent.mkdir()
    path.write_text('#set document(title: "x")\n' + line)
    with pytest.raises(pdf.CannotCompile):
        pdf.compile_pdf(path, {}, at=AT)


def test_fonts_of_the_machine_are_not_used(tmp_path: Path) -> None:
    # A Tifinagh letter: DejaVu Sans, which most machines have, would print it; none of typst's own fonts does.
    path = tmp_path / "test.typ"
    path.write_text('#set document(title: "x")\n#set text(font: "DejaVu Sans")\n\u2d63')
    with pytest.raises(pdf.MissingGlyphs):
        pdf.compile_pdf(path, {}, at=AT)


def test_files_reach_the_template_as_bytes(tmp_path: Path) -> None:
    path = tmp_path / "test.typ"
    path.write_text(
        '#set document(title: "x")\n#let files = json(bytes(sys.inputs.files))\n'
        '#assert(bytes(files.at("a.bin")) == bytes((0, 255, 10)))\nx'
    )
    assert pdf.compile_pdf(path, {}, files={"a.bin": b"\x00\xff\n"}, at=AT).startswith(b"%PDF")
    with pytest.raises(pdf.CannotCompile):
        pdf.compile_pdf(path, {}, files={"a.bin": b"\x00\xff"}, at=AT)


def test_no_template_of_ours_loads_packages_or_runs_data() -> None:
    templates = list(Path(pdf.__file__).parents[1].rglob("*.typ"))
    assert templates
    for path in templates:
        source = path.read_text()
        assert not [word for word in ('"@', "eval(", "mode:") if word in source], path


def test_parts_of_a_second_do_not_matter(template: Path) -> None:
    exact = pdf.compile_pdf(template, {"text": "x"}, at=AT)
    assert pdf.compile_pdf(template, {"text": "x"}, at=AT.replace(microsecond=123456)) == exact
