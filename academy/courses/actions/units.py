"""The rows that work lists of translators are made of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from academy.courses import queries, rules
from academy.courses.kinds import TextPiece, kind
from academy.courses.models import SourceVersion, TextState, TextUnit
from academy.courses.rules import Unit
from academy.foundation import db
from academy.foundation.i18n import languages

_Key = tuple[str, str, int, str]


def record_texts(course_id: int, *, now: datetime) -> None:
    """The text units of the course say what is missing, outdated and current now; assignees and due dates are kept.

    The source versions are those that some translation was approved for. Called in the unit of work of every save of
    content. *now* is the instant of the save.
    """
    del now  # kept in the signature: a unit may one day say since when it is behind
    draft = queries.load_draft(course_id)
    pieces = [("", TextPiece(field, text)) for field, text in draft.texts() if text]
    for activity in draft.activities:
        pieces.append((activity.key, TextPiece("title", activity.title)))
        pieces += [(activity.key, piece) for piece in kind(activity.kind).texts(activity)]
    sources = {
        row.fingerprint: row.text
        for row in db.session.execute(
            select(SourceVersion.fingerprint, SourceVersion.text).where(SourceVersion.course_id == course_id)
        )
    }
    asked = draft.facts(languages()).languages
    units = [unit for key, piece in pieces for unit in rules.units(key, piece, asked, sources)]
    _write_units(course_id, {(u.activity_key, u.field, u.segment, u.language): u for u in units})
    _write_sources(course_id, [piece for _, piece in pieces], sources)


def _write_units(course_id: int, units: dict[_Key, Unit]) -> None:
    rows = db.session.execute(
        select(
            TextUnit.id,
            TextUnit.activity_key,
            TextUnit.field,
            TextUnit.segment,
            TextUnit.language,
            TextUnit.source_fingerprint,
            TextUnit.approved_fingerprint,
            TextUnit.state,
            TextUnit.words,
        ).where(TextUnit.course_id == course_id)
    ).all()
    there = {(row[1], row[2], row[3], row[4]): row for row in rows}
    changed = [
        {"id": there[key].id} | _values(unit)
        for key, unit in units.items()
        if key in there and tuple(there[key][5:]) != tuple(_values(unit).values())
    ]
    if changed:
        db.session.execute(update(TextUnit), changed)
    new = [
        {
            "course_id": course_id,
            "activity_key": unit.activity_key,
            "field": unit.field,
            "segment": unit.segment,
            "language": unit.language,
        }
        | _values(unit)
        for key, unit in units.items()
        if key not in there
    ]
    if new:
        db.session.execute(insert(TextUnit), new)
    gone = [row.id for key, row in there.items() if key not in units]
    for start in range(0, len(gone), 500):
        db.session.execute(delete(TextUnit).where(TextUnit.id.in_(gone[start : start + 500])))


def _values(unit: Unit) -> dict[str, str | int | TextState | None]:
    return {
        "source_fingerprint": unit.source_fingerprint,
        "approved_fingerprint": unit.approved_fingerprint,
        "state": unit.state.value,
        "words": unit.words,
    }


def _write_sources(course_id: int, pieces: list[TextPiece], sources: dict[str, str]) -> None:
    """Keeps the texts that some translation was approved for; forgets those that nobody names any more."""
    named = {mark for piece in pieces for mark in piece.text.approved_for.values()}
    present = {piece.text.source_fingerprint: piece.text.texts[piece.text.source] for piece in pieces}
    new = [
        {"course_id": course_id, "fingerprint": mark, "text": present[mark]}
        for mark in named
        if mark in present and mark not in sources
    ]
    if new:
        db.session.execute(insert(SourceVersion), new)
    gone = sorted(set(sources) - named)
    for start in range(0, len(gone), 500):
        db.session.execute(
            delete(SourceVersion).where(
                SourceVersion.course_id == course_id, SourceVersion.fingerprint.in_(gone[start : start + 500])
            )
        )
