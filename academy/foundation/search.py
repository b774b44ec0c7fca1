"""Full-text search that finds inflected words, the same on both databases.

Text is stemmed here (Snowball, the language's own stemmer; ё as е) and the stems are indexed: by FTS5 on SQLite, by a
``tsvector`` of the configuration ``simple`` on PostgreSQL. Snippets are cut from the plain text.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import snowballstemmer
from markupsafe import Markup, escape
from sqlalchemy import DDL, Float, Index, Integer, String, Text, UniqueConstraint, delete, event, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from academy.foundation import db
from academy.foundation.i18n import search_key

_STEMMERS = {"en": "english", "ru": "russian"}
_WORD = re.compile(r"\w+")
_SNIPPET = 220
MOST_WORDS = 12
LONGEST_WORD = 60


class SearchDocument(db.Base):
    """One text of one thing in one language, as it is searched."""

    __tablename__ = "search_documents"
    __table_args__ = (
        UniqueConstraint("kind", "key", "lang"),
        Index(None, "group_key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200))
    lang: Mapped[str] = mapped_column(String(8))
    group_key: Mapped[str] = mapped_column(String(100), default="")
    url_key: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    stems: Mapped[str] = mapped_column(Text)


SQLITE_INDEX = (
    (
        "CREATE VIRTUAL TABLE search_stems"
        " USING fts5(stems, content='search_documents', content_rowid='id', tokenize='unicode61')"
    ),
    (
        "CREATE TRIGGER search_documents_ai AFTER INSERT ON search_documents BEGIN"
        " INSERT INTO search_stems(rowid, stems) VALUES (new.id, new.stems); END"
    ),
    (
        "CREATE TRIGGER search_documents_ad AFTER DELETE ON search_documents BEGIN"
        " INSERT INTO search_stems(search_stems, rowid, stems) VALUES ('delete', old.id, old.stems); END"
    ),
    (
        "CREATE TRIGGER search_documents_au AFTER UPDATE ON search_documents BEGIN"
        " INSERT INTO search_stems(search_stems, rowid, stems) VALUES ('delete', old.id, old.stems);"
        " INSERT INTO search_stems(rowid, stems) VALUES (new.id, new.stems); END"
    ),
)
POSTGRESQL_INDEX = ("CREATE INDEX search_stems ON search_documents USING gin (to_tsvector('simple', stems))",)


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that was found; ``snippet`` is safe HTML with the words marked."""

    kind: str
    key: str
    lang: str
    title: str
    snippet: Markup
    group: str
    url_key: str


class _Stemmers(threading.local):
    """A stemmer works on the word inside itself, so each thread has its own."""

    def __init__(self) -> None:
        self.of: dict[str, Any] = {}

    def stem(self, word: str, lang: str) -> str:
        if lang not in self.of:
            self.of[lang] = snowballstemmer.stemmer(_STEMMERS.get(lang, "porter"))
        return str(self.of[lang].stemWord(word))


_stemmers = _Stemmers()


@lru_cache(maxsize=65_536)
def _stem(word: str, lang: str) -> str:
    return _stemmers.stem(word, lang)


def stems(words: str, lang: str) -> list[str]:
    """The stems of the words, in order; words that are too long to be any are cut."""
    return [_stem(word[:LONGEST_WORD], lang) for word in _WORD.findall(search_key(words))]


@lru_cache(maxsize=65_536)
def _first_stem(word: str, lang: str) -> str:
    return next(iter(stems(word, lang)), "")


def put(kind: str, key: str, lang: str, *, title: str, text: str, group: str = "", url_key: str = "") -> None:
    """The document is in the index with this text, instead of any earlier one."""
    values = {
        "kind": kind,
        "key": key,
        "lang": lang,
        "title": title,
        "body": text,
        "group_key": group,
        "url_key": url_key,
        "stems": " ".join(stems(f"{title} {title} {text}", lang)),
    }
    db.upsert(SearchDocument.__table__, values, conflict=("kind", "key", "lang"))  # type: ignore[arg-type]  # declared as FromClause


def remove_group(group: str) -> None:
    """No document of the group is in the index."""
    db.session.execute(delete(SearchDocument).where(SearchDocument.group_key == group))


def remove(kind: str, key: str) -> None:
    """The document is in the index in no language."""
    db.session.execute(delete(SearchDocument).where(SearchDocument.kind == kind, SearchDocument.key == key))


def find(query: str, *, lang: str, groups: Collection[str] | None = None, limit: int = 20) -> list[Hit]:
    """The documents in that language that have all words of the query, best first; none for an empty query."""
    wanted = list(dict.fromkeys(stems(query, lang)))[:MOST_WORDS]
    if not wanted:
        return []
    statement = select(SearchDocument).where(SearchDocument.lang == lang).limit(limit)
    if groups is not None:
        statement = statement.where(SearchDocument.group_key.in_(groups))
    if db.session.get_bind().dialect.name == "postgresql":
        vector = func.to_tsvector(text("'simple'"), SearchDocument.stems)
        asked = func.to_tsquery(text("'simple'"), " & ".join(f"'{stem}'" for stem in wanted))
        statement = statement.where(vector.op("@@")(asked)).order_by(
            func.ts_rank(vector, asked).desc(), SearchDocument.id
        )
    else:
        matching = text("SELECT rowid AS id, rank FROM search_stems WHERE search_stems MATCH :asked").columns(
            id=Integer(), rank=Float()
        )
        found = matching.bindparams(asked=" ".join(f'"{stem}"' for stem in wanted)).subquery()
        statement = statement.join(found, found.c.id == SearchDocument.id).order_by(found.c.rank, SearchDocument.id)
    return [_hit(document, set(wanted)) for document in db.session.scalars(statement)]


def _hit(document: SearchDocument, wanted: set[str]) -> Hit:
    snippet = _snippet(document.body, document.lang, wanted)
    return Hit(
        document.kind, document.key, document.lang, document.title, snippet, document.group_key, document.url_key
    )


def _snippet(body: str, lang: str, wanted: set[str]) -> Markup:
    marks = [match.span() for match in _WORD.finditer(body) if _first_stem(match.group(), lang) in wanted]
    start = body.rfind(" ", 0, max(0, marks[0][0] - _SNIPPET // 3)) + 1 if marks else 0
    end = len(body) if len(body) - start <= _SNIPPET else body.rfind(" ", start, start + _SNIPPET)
    pieces: list[str] = ["… " if start else ""]
    at = start
    for first, last in marks:
        if first >= start and last <= end:
            pieces += [escape(body[at:first]), Markup("<mark>"), escape(body[first:last]), Markup("</mark>")]
            at = last
    pieces += [escape(body[at:end]), " …" if end < len(body) else ""]
    return Markup("").join(pieces)


def _on(moment: str, statement: str, dialect: str) -> None:
    ddl = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # DDL is untyped
    event.listen(SearchDocument.__table__, moment, ddl)


for _statement in SQLITE_INDEX:
    _on("after_create", _statement, "sqlite")
for _statement in POSTGRESQL_INDEX:
    _on("after_create", _statement, "postgresql")
_on("before_drop", "DROP TABLE IF EXISTS search_stems", "sqlite")
