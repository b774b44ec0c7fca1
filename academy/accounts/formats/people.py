"""Lists of people as spreadsheets write them: CSV in UTF-8, UTF-8 with BOM or Windows-1251.

Separators ``,`` ``;`` tab.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from academy.foundation.errors import Words
from academy.foundation.i18n import lazy_gettext as _l

COLUMNS = (
    "email",
    "name",
    "name_cyrillic",
    "language",
    "state",
    "institution",
    "institution_type",
    "function",
    "gender",
    "role",
    "scope",
)
REQUIRED = ("email", "name")
# Headings as people write them, in both languages, folded.
_HEADINGS = {
    "email": "email",
    "e-mail": "email",
    "mail": "email",
    "эл. почта": "email",
    "электронная почта": "email",
    "адрес": "email",
    "name": "name",
    "name (latin)": "name",
    "name_latin": "name",
    "имя": "name",
    "имя латиницей": "name",
    "name (cyrillic)": "name_cyrillic",
    "name_cyrillic": "name_cyrillic",
    "имя кириллицей": "name_cyrillic",
    "language": "language",
    "язык": "language",
    "state": "state",
    "country": "state",
    "государство": "state",
    "страна": "state",
    "institution": "institution",
    "учреждение": "institution",
    "institution type": "institution_type",
    "institution_type": "institution_type",
    "вид учреждения": "institution_type",
    "function": "function",
    "должность": "function",
    "gender": "gender",
    "пол": "gender",
    "role": "role",
    "роль": "role",
    "scope": "scope",
    "область": "scope",
}
_MAX_ROWS = 5000


class UnreadableList(ValueError):
    """The file is no such list; ``words`` says why."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, counted from 1, and its cells by column."""

    line: int
    cells: dict[str, str]


def read_people(data: bytes) -> list[Row]:
    """The rows of the list, empty ones left out; raises UnreadableList."""
    text = _decode(data)
    lines = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    try:
        rows = list(_numbered(lines))
    except csv.Error as fault:
        raise UnreadableList(_l("The file is not a table with separators.")) from fault
    if not rows:
        raise UnreadableList(_l("The file is empty."))
    columns = _columns(rows[0][1])
    if len(rows) > _MAX_ROWS + 1:
        raise UnreadableList(_l("The file has more than %(most)s rows. Divide it.", most=_MAX_ROWS))
    return [Row(line, _cells(columns, cells)) for line, cells in rows[1:]]


def _decode(data: bytes) -> str:
    """Windows-1251 gives a letter to nearly every byte, so it comes last; UTF-8 hardly ever fits by accident."""
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableList(_l("The file is neither UTF-8 nor Windows-1251 text. Save it as CSV in UTF-8."))


def _delimiter(text: str) -> str:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=heading.count)


def _numbered(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    reader_line = 1
    for cells in lines:
        if any(cell.strip() for cell in cells):
            yield reader_line, [" ".join(cell.split()) for cell in cells]
        reader_line = lines.line_num + 1  # type: ignore[attr-defined]  # a csv reader counts its lines


def _columns(heading: list[str]) -> list[str]:
    columns = [_HEADINGS.get(cell.casefold(), "") for cell in heading]
    unknown = [cell for cell, column in zip(heading, columns, strict=True) if cell and not column]
    if unknown:
        raise UnreadableList(_l("These headings are not known: %(headings)s", headings=", ".join(unknown)))
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        raise UnreadableList(_l("These columns are missing: %(columns)s", columns=", ".join(missing)))
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise UnreadableList(_l("These columns occur twice: %(columns)s", columns=", ".join(twice)))
    return columns


def _cells(columns: list[str], cells: list[str]) -> dict[str, str]:
    return {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell}
