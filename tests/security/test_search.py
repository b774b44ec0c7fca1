"""I05, D02, E23: searching is quick, shows nothing that is not meant to be found, and reads no language of its own."""

from __future__ import annotations

import sys
import threading
import time

import pytest

from academy.foundation import search

SYNTAX = (
    '"', '""', "*", "a*", "^a", "a AND b", "a OR", "NOT", "NEAR(a b, 3)", "title:a", "{a b}:c", "(", ")", "-a", "+a",
    "a:*", "'", "' | 'x", "a & b", "!a", "<->", "\\", "%", "_", "a_b", "__", ";DROP TABLE users", "²", "𝔘𝔫𝔦",
    "ﬁ", "İ", "ё",
)  # fmt: skip
HUGE = ("слово " * 10_000, "w" * 100_000, "ing" * 40_000, " ".join(f"w{n}" for n in range(10_000)))


@pytest.fixture
def indexed(app, database):
    """Three texts, one of them long."""
    with database.write():
        search.put(
            "lesson", "1", "en", title="Passports", text="A passport and <b>its</b> chip_a. " * 2000, group="OPEN"
        )
        search.put("lesson", "2", "en", title="Secret", text="A passport that nobody may find", group="CLOSED")
        search.put("lesson", "3", "ru", title="Паспорта", text="Проверка документов", group="OPEN")


@pytest.mark.parametrize("query", [*SYNTAX, *HUGE])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_I05_whatever_is_looked_up_is_words_and_nothing_else(indexed, database, query, lang):
    began = time.perf_counter()
    with database.read():
        found = search.find(query, lang=lang, groups=["OPEN"])
    assert time.perf_counter() - began < 1.5
    assert "2" not in [hit.key for hit in found]


def test_E23_what_is_in_no_group_of_the_reader_is_not_found(indexed, database):
    with database.read():
        assert [hit.key for hit in search.find("passport", lang="en", groups=["OPEN"])] == ["1"]
        assert {hit.key for hit in search.find("passport", lang="en", groups=None)} == {"1", "2"}
        assert search.find("passport", lang="en", groups=[]) == []


def test_I01_texts_that_were_found_are_shown_as_they_are_written(indexed, database):
    with database.read():
        (hit,) = search.find("passport", lang="en", groups=["OPEN"])
    assert "&lt;b&gt;its&lt;/b&gt;" in hit.snippet
    assert "<b>" not in hit.snippet
    assert "<mark>passport</mark>" in hit.snippet


def test_stems_are_right_however_many_look_at_once():
    words = [
        f"{word}{end}" for word in ("провер", "документ", "running", "nationalit") for end in ("ами", "ies", "ов", "s")
    ]
    alone = {word: search.stems(word, "ru") for word in words}
    wrong = []

    def look() -> None:
        for _ in range(60):
            search._stem.cache_clear()
            wrong.extend(word for word in words if search.stems(word, "ru") != alone[word])

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert wrong == []


def test_D02_the_search_page_answers_soon(fresh_world):
    client = fresh_world.client("admin")
    client.get("/ru/search?q=документ")
    for query in ("документ", "слово " * 5000, "the document of a person", "a b c d e f g h i j k l m n"):
        began = time.perf_counter()
        assert client.get("/ru/search", query_string={"q": query}).status_code == 200
        assert time.perf_counter() - began < 1.0, query[:30]
