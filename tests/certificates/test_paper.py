"""The sheet itself: all facts in both languages, whatever the name; archival, tagged, small."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.certificates.formats.paper import (
    TEMPLATE,
    paper,
    qr_svg,
    shown_address,
    unprintable,
    verification_address,
)
from academy.certificates.queries import printing
from academy.foundation.pdf import compile_pdf
from tests.certificates.corpus import NAMES
from tests.factories.certificates import both, edition_view, facts

AT = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
CODE = "7K3MQ9XA2BTVH4NEW8RCJ5DPYF"
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")
LONG_TITLE = both(
    "Protection of persons in need of international protection in mixed migration movements: identification, referral"
    " and first interview at the border",
    "Защита лиц, нуждающихся в международной защите, в условиях смешанных миграционных потоков: выявление,"
    " перенаправление и первичное интервью на границе",
)


def data_of(
    snapshot: dict[str, Any] | None = None, *, latin: str = "Nino Beridze", cyrillic: str = "", **given: Any
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "number": "TA-2026-000123",
        "code": CODE,
        "issued_on": date(2026, 3, 9),
        "base_url": "https://academy.example",
    }
    return paper(snapshot or facts(), name_latin=latin, name_cyrillic=cyrillic, **values | given)


def pdf_of(data: dict[str, Any]) -> bytes:
    return compile_pdf(TEMPLATE, data, files={"qr.svg": qr_svg(data["link"])}, at=AT)


def poppler(command: str, pdf: bytes, *options: str) -> str:
    ran = subprocess.run(
        [command, *options, "-", *(["-"] if command == "pdftotext" else [])], input=pdf, capture_output=True, check=True
    )
    return ran.stdout.decode()


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def joined(text: str) -> str:
    """Without any blanks and hyphens, so that broken lines do not matter."""
    return re.sub(r"[\s\u00a0-]", "", text)


@needs_poppler
def test_sheet_states_everything_in_both_languages() -> None:
    data = data_of(latin="Nilufar Rahimova", cyrillic="Нилуфар Раҳимова")
    text = squeezed(poppler("pdftotext", pdf_of(data), "-raw"))
    for expected in (
        "CERTIFICATE", "СЕРТИФИКАТ", "of completion", "о прохождении курса",
        "Nilufar Rahimova", "Нилуфар Раҳимова",
        "Recognising document fraud", "Распознавание поддельных документов",
        "2.5 hours", "2,5 часа", "self-paced, online", "самостоятельно, онлайн",
        "final test passed in Russian", "итоговый тест сдан на русском языке",
        "9 March 2026", "9 марта 2026 г.", "4.1", "TA-2026-000123", "7K3M-Q9XA-2BTV-H4NE-W8RCJ-5DPYF",
        "academy.example/verify", "TRAINING ACADEMY", "УЧЕБНАЯ АКАДЕМИЯ",
        "Demonstration project", "Демонстрационный проект",
        "Head of the Academy", "Руководитель академии", "not a formal qualification",
        "не является документом о квалификации",
        "carry out check 3", "проводить проверку 3", "How to check", "Как проверять",
    ):  # fmt: skip
        assert expected in text, expected


@needs_poppler
def test_file_is_tagged_and_archival() -> None:
    pdf = pdf_of(data_of())
    info = poppler("pdfinfo", pdf)
    assert re.search(r"Tagged:\s+yes", info)
    assert re.search(r"Pages:\s+2\n", info)
    assert re.search(r"Page size:\s+841\.89 x 595\.27\d* pts \(A4\)", info)
    assert "Certificate of completion TA-2026-000123: Nino Beridze" in info
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def test_line_work_belongs_to_the_mark_of_printed_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(TEMPLATE.parent, tmp_path / "paper")
    monkeypatch.setattr(printing, "TEMPLATE", folder / TEMPLATE.name)
    marks = set()
    for name in ("certificate.typ", "front.svg", "reverse.svg"):
        (folder / name).write_text((folder / name).read_text() + "\n")
        printing.print_mark.cache_clear()
        marks.add(printing.print_mark("http://localhost"))
    printing.print_mark.cache_clear()
    assert len(marks) == 3


PRINTING = """
import re, sys
from pathlib import Path
from tests.certificates.test_paper import data_of, pdf_of

def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

for n in range(int(sys.argv[1])):
    if n == 3:
        before = resident()
    pdf_of(data_of(latin=f"Nino Beridze {n}", number=f"TA-2026-{n:06d}"))
print(resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory of a process as Linux tells it")
def test_printing_many_takes_no_more_memory() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PRINTING, "9"], cwd=Path(__file__).parents[2], capture_output=True, check=True
    )
    assert float(ran.stdout) < 25, "MB; without forgetting 14 for each"


@needs_poppler
def test_attendance_has_one_page() -> None:
    assert re.search(r"Pages:\s+1\n", poppler("pdfinfo", pdf_of(data_of(facts(kind="attendance")))))


@pytest.mark.parametrize(("latin", "cyrillic"), NAMES)
def test_every_name_fits(latin: str, cyrillic: str) -> None:
    pdf = pdf_of(data_of(facts(title=LONG_TITLE), latin=latin, cyrillic=cyrillic))
    assert len(pdf) < 200_000
    if shutil.which("pdftotext"):
        assert re.search(r"Pages:\s+2\n", poppler("pdfinfo", pdf))
        text = joined(poppler("pdftotext", pdf, "-raw"))
        assert joined(latin) in text
        assert joined(cyrillic) in text


def test_eight_long_outcomes_and_twelve_modules_stay_on_the_second_page() -> None:
    snapshot = facts(outcomes=8, title=LONG_TITLE)
    snapshot["outcomes"] = [LONG_TITLE] * 8
    snapshot["track"] = [{"title": LONG_TITLE, "activities": [["lesson", True], ["quiz", False]]}] * 12
    pdf = pdf_of(data_of(snapshot))
    assert len(pdf) < 200_000
    if shutil.which("pdfinfo"):
        assert re.search(r"Pages:\s+2\n", poppler("pdfinfo", pdf))


@needs_poppler
@pytest.mark.parametrize(
    "payload", ["#panic()", "$x$ *y* _z_", "{{7*7}} <b>", '\\) Tj #read("/etc/passwd")', "@ref <label> // x"]
)
def test_text_in_any_field_is_printed_as_it_is(payload: str) -> None:
    snapshot = facts(title=both(payload, payload))
    snapshot["issuer"]["project"] = both(payload, payload)
    snapshot["issuer"]["signatory_name"] = payload
    snapshot["outcomes"] = [both(payload, payload)]
    text = squeezed(poppler("pdftotext", pdf_of(data_of(snapshot, latin=payload, cyrillic=payload)), "-raw"))
    assert text.count(payload) >= 10


def test_text_that_exists_in_one_language_is_marked_as_such() -> None:
    snapshot = facts(title={"src": "en", "t": {"en": "Only English"}, "of": {}})
    _, russian = data_of(snapshot)["sides"]
    assert russian["course"] == {"text": "Only English", "lang": "en"}


def test_unprintable_characters_are_found_in_every_field() -> None:
    assert unprintable(facts(), name_latin="Nino", name_cyrillic="Нино") == ""
    assert unprintable(facts(), name_latin="Ni漢no", name_cyrillic="字") == "漢字"
    for where in ("outcomes", "track", "issuer", "course"):
        snapshot = json.loads(json.dumps(facts()))
        if where == "outcomes":
            snapshot["outcomes"][0]["t"]["ru"] = "漢"
        elif where == "track":
            snapshot["track"][0]["title"]["t"]["ru"] = "漢"
        elif where == "issuer":
            snapshot["issuer"]["signatory_name"] = "漢"
        else:
            snapshot["course"]["title"]["t"]["en"] = "漢"
        assert unprintable(snapshot, name_latin="Nino", name_cyrillic="") == "漢", where


def test_addresses_come_from_the_setting() -> None:
    assert verification_address("https://academy.example/", CODE) == f"https://academy.example/verify/{CODE}"
    assert shown_address("https://academy.example") == "academy.example/verify"
    assert shown_address("http://127.0.0.1:8000") == "http://127.0.0.1:8000/verify"
    assert data_of()["link"].startswith("https://academy.example/verify/")


def test_qr_code_is_a_small_drawing_without_a_background() -> None:
    svg = qr_svg(f"https://academy.example/verify/{CODE}")
    assert svg.startswith(b"<svg")
    assert len(svg) < 6_000
    assert b"<image" not in svg


def test_snapshot_holds_no_score_and_no_name() -> None:
    kept = json.dumps(facts())
    assert "score" not in kept
    assert "0.9" not in kept
    assert "Nino" not in kept


def test_attendance_keeps_nothing_about_results() -> None:
    kept = facts(kind="attendance")
    assert kept["outcomes"] == kept["track"] == []
    assert kept["test_language"] is None
    assert kept["rule"]["final_test"] is False


def test_track_shows_what_was_done_where_it_is_known() -> None:
    values = {"done": ["a1", "final-test"]}
    assert [a for m in facts(values=values)["track"] for a in m["activities"]] == [
        ["lesson", True], ["lesson", False], ["lesson", False], ["quiz", True],
    ]  # fmt: skip
    assert data_of(facts(values=values))["track_alt"] == "Track: 2 of 4 activities completed, in 2 modules"
    assert all(done for m in facts()["track"] for _, done in m["activities"])


def test_course_without_a_final_test_names_what_was_done() -> None:
    snapshot = facts(rule={"share": 1, "final_test_key": None})
    assert data_of(snapshot)["sides"][0]["facts"][2]["value"] == "required activities completed"
    snapshot = facts(values={})
    assert data_of(snapshot)["sides"][0]["facts"][2]["value"] == "final test passed"


def test_edition_is_named_as_it_is() -> None:
    assert facts()["edition"] == edition_view().number == "4.1"


@given(st.text(st.sampled_from("abcdeNñžəіӣқҳҷғңөү '’-."), min_size=1, max_size=120))
def test_any_name_of_these_letters_can_be_printed(name: str) -> None:
    assert unprintable(facts(), name_latin=name, name_cyrillic=name) == ""
