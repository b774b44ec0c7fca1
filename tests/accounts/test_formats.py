"""Files that the room reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import academy.accounts
from academy.accounts import rules
from academy.accounts.formats.notice import read_notice
from academy.accounts.formats.people import UnreadableList, read_people
from academy.accounts.formats.states import read_states
from academy.foundation.security import Grant

DATA = Path(academy.accounts.__file__).parent / "data"
LIST = """email;name;name_cyrillic;state
nino@ministry.example;Nino Beridze;Нино Беридзе;GE

ali@service.example;Ali Rahimov;;TJ
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lists_are_read_as_spreadsheets_write_them(encoding, delimiter, newline):
    text = LIST.replace(";", delimiter).replace("\n", newline)
    rows = read_people(text.encode(encoding))
    assert [row.line for row in rows] == [2, 4]
    assert rows[0].cells == {
        "email": "nino@ministry.example",
        "name": "Nino Beridze",
        "name_cyrillic": "Нино Беридзе",
        "state": "GE",
    }
    assert rows[1].cells == {"email": "ali@service.example", "name": "Ali Rahimov", "state": "TJ"}


def test_headings_may_be_russian_and_cells_quoted_over_lines():
    rows = read_people('Эл. почта,Имя,Учреждение\na@b.example,Anna,"Служба,\nотдел"\nc@d.example,Boris,\n'.encode())
    assert rows[0].cells["institution"] == "Служба, отдел"
    assert [row.line for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"email,name,shoe size\n", "not known: shoe size"),
        (b"email,state\n", "missing: name"),
        (b"email,name,mail\n", "twice: email"),
        (b"email\0,name\n", "neither UTF-8"),
        (b"email,name\n\x98\x00\n", "neither UTF-8"),
        (b"email,name\n" + b"a@b.example,Anna\n" * 5001, "more than 5000"),
        (b'email,name\n"' + b"x" * 200_000 + b'",y\n', "not a table"),
    ],
)
def test_what_is_no_list_is_refused_in_plain_words(data, words):
    with pytest.raises(UnreadableList, match=words):
        read_people(data)


STATES = {"ge": "GE", "georgia": "GE", "грузия": "GE"}


def read(**cells: str) -> tuple[rules.PersonRow, list[str]]:
    given = {"email": "nino@ministry.example", "name": "Nino Beridze"} | cells
    row, faults = rules.read_row(given, states=STATES, languages=("en", "ru"))
    return row, [str(fault) for fault in faults]


def test_a_full_row_is_understood():
    row, faults = read(
        name_cyrillic="Нино Беридзе",
        language="RU",
        state="Грузия",
        institution="Служба",
        institution_type="Border guard or border police",
        function="Инспектор",
        gender="ж",
        role="coordinator",
        scope="georgia",
    )
    assert faults == []
    assert row == rules.PersonRow(
        "nino@ministry.example",
        "Nino Beridze",
        "Нино Беридзе",
        "ru",
        "GE",
        "Служба",
        "border",
        "Инспектор",
        "female",
        (Grant("coordinator", "state", "GE"),),
    )


def test_what_a_row_leaves_empty_stays_empty():
    row, faults = read()
    assert faults == []
    assert (row.language, row.state_code, row.institution_type, row.gender, row.grants) == ("en", "", "", "", ())


@pytest.mark.parametrize(
    ("cells", "grants"),
    [
        ({"role": "trainer"}, (Grant("trainer"),)),
        ({"role": "Trainer", "scope": "doc"}, (Grant("trainer", "course", "DOC"),)),
        ({"role": "learner"}, ()),
    ],
)
def test_roles_of_rows(cells, grants):
    row, faults = read(**cells)
    assert (row.grants, faults) == (grants, [])


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"email": "nino"}, "“nino” is not a complete"),
        ({"email": ""}, "not a complete"),
        ({"name": ""}, "name is missing"),
        ({"name": "Нино"}, "not Latin"),
        ({"name_cyrillic": "Nino"}, "not Cyrillic"),
        ({"state": "Atlantis"}, "state: “Atlantis”"),
        ({"language": "fr"}, "language: “fr”"),
        ({"institution_type": "circus"}, "institution_type"),
        ({"gender": "x"}, "gender"),
        ({"role": "minister"}, "role"),
        ({"role": "coordinator"}, "does not fit"),
        ({"role": "coordinator", "scope": "DOC"}, "does not fit"),
        ({"role": "admin", "scope": "DOC"}, "does not fit"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(cells, words):
    _, faults = read(**cells)
    assert len(faults) == 1
    assert words in faults[0]


def test_the_list_of_states_is_complete():
    listed = read_states((DATA / "states.toml").read_text(encoding="utf-8"))
    assert len(listed.states) == 50
    assert len({state.code for state in listed.states}) == 50
    by_code = {state.code: state for state in listed.states}
    assert (by_code["XK"].alpha3, by_code["XK"].footnote) == (None, "kosovo")
    assert {name.language for state in listed.states for name in state.names} == {"en", "ru"}
    assert set(listed.footnotes["kosovo"]) == {"en", "ru"}
    macedonia = [(name.valid_from, name.name) for name in by_code["MK"].names if name.language == "en"]
    assert macedonia[-1] == (date(2019, 2, 12), "North Macedonia")


def test_a_third_language_of_names_needs_no_new_column():
    state = '[[state]]\ncode="GE"\ngroup="EAP"\nvalid_from=1900-01-01\n'
    text = f'{state}[[state.names]]\nfrom=1900-01-01\nen="Georgia"\nka="საქართველო"\n'
    (state,) = read_states(text).states
    assert [(name.language, name.sort) for name in state.names] == [("en", "Georgia"), ("ka", "საქართველო")]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_privacy_notice_is_read(language):
    notice = read_notice((DATA / f"privacy.{language}.md").read_text(encoding="utf-8"))
    assert notice.version == "1"
    assert notice.valid_from == date(2026, 9, 1)
    assert "<h1>" not in notice.body
    assert '<div class="scroll" tabindex="0"><table>' in notice.body


def test_a_notice_cannot_smuggle_html():
    notice = read_notice('+++\nversion = "2"\nvalid_from = 2026-01-01\n+++\n# Title\n\n<script>x</script>\n')
    assert "<script>" not in notice.body
    assert notice.title == "Title"


@pytest.mark.parametrize("text", ["", "# Title", "+++\nversion=1\n# Title", '+++\nversion = "1"\n+++\nno title\n'])
def test_a_notice_without_front_matter_or_title_is_refused(text):
    with pytest.raises(ValueError, match="front matter"):
        read_notice(text)
