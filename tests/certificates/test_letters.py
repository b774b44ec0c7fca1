"""Which letters can be printed: exactly those that the font has in every style of the certificate."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.certificates.formats.letters import letters, one_line, printable, printable_all
from academy.foundation import pdf
from tests.certificates.corpus import ALPHABETS, NAMES

AT = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_every_letter_of_the_region_can_be_printed(alphabet: str) -> None:
    small = ALPHABETS[alphabet]
    assert printable(small) == ""
    assert printable(small.upper()) == ""


@pytest.mark.parametrize("style", ["weight: 400", "weight: 600", 'style: "italic"'])
def test_font_has_every_letter_in_every_style(tmp_path: Path, style: str) -> None:
    template = tmp_path / "all.typ"
    template.write_text(
        '#set document(title: "x")\n'
        f'#set text(font: "Libertinus Serif", fallback: false, {style})\n'
        "#for letter in json(bytes(sys.inputs.data)).letters { par(letter) }\n"
    )
    assert pdf.compile_pdf(template, {"letters": sorted(letters())}, at=AT)


def test_what_the_font_lacks_is_found() -> None:
    assert printable("Ли 李明 \u202eabc ₸") == "李明\u202e₸"
    assert printable_all(["a\u2066", "b漢"]) == "\u2066漢"
    assert printable("\u00ad\u200b\u2060") == ""


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=20))
@settings(max_examples=150, deadline=None)
def test_what_is_called_printable_can_be_printed(text: str) -> None:
    kept = "".join(c for c in text if not printable(c))
    assert pdf.missing_glyphs(kept) == ""


@pytest.mark.parametrize(("latin", "cyrillic"), NAMES)
def test_names_can_be_printed(latin: str, cyrillic: str) -> None:
    assert printable(latin + cyrillic) == ""


def test_blanks_become_one() -> None:
    assert one_line("  a \n\t b\u00a0c  ") == "a b\u00a0c"
