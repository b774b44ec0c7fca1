"""Search finds inflected words in both languages, and gives them back marked and safe."""

from __future__ import annotations

import pytest

from academy.foundation import search

TEXT = "Documents are checked at the border. <script>alert(1)</script> A forged passport is a document too."


@pytest.fixture
def index(database):
    with database.write():
        search.put("lesson", "DOC/1", "en", title="Passports", text=TEXT, group="DOC", url_key="genuine")
        search.put("lesson", "DOC/1", "ru", title="Паспорта", text="Всё о поддельных документах и ёлках.", group="DOC")
        search.put(
            "lesson",
            "RISK/1",
            "en",
            title="Risk",
            text="Passengers and documents. " + "Filler words. " * 60,
            group="RISK",
        )
    return database


def keys(database, query, lang="en", **options):
    with database.read():
        return [hit.key for hit in search.find(query, lang=lang, **options)]


@pytest.mark.parametrize("query", ["document", "documents", "DOCUMENT", "checking documents", "passport forged"])
def test_english_words_are_found_in_every_form(index, query):
    assert "DOC/1" in keys(index, query)


@pytest.mark.parametrize("query", ["документ", "документами", "поддельный документ", "елка", "ЁЛКИ", "паспорт"])
def test_russian_words_are_found_in_every_form(index, query):
    assert keys(index, query, "ru") == ["DOC/1"]


def test_all_words_must_be_there(index):
    assert keys(index, "passport unicorn") == []


def test_each_language_and_group_for_itself(index):
    assert keys(index, "documents", "ru") == []
    assert set(keys(index, "documents")) == {"DOC/1", "RISK/1"}
    assert keys(index, "documents", groups={"RISK"}) == ["RISK/1"]
    assert keys(index, "documents", groups=set()) == []
    assert len(keys(index, "documents", limit=1)) == 1


def test_the_better_hit_comes_first(index):
    assert keys(index, "documents passport")[0] == "DOC/1"


@pytest.mark.parametrize(
    "query",
    ["", "   ", "!!!", '"', "' OR 1=1 --", "NOT", "a AND", "stems:x", "*", "(", "\\", "NEAR(", "x" * 5000, "ж " * 500],
)
def test_no_query_is_a_fault(index, query):
    keys(index, query)


def test_a_snippet_marks_the_words_and_is_safe(index):
    with index.read():
        hit = next(hit for hit in search.find("document", lang="en") if hit.key == "DOC/1")
    assert "<mark>Documents</mark> are checked" in hit.snippet
    assert "<script>" not in hit.snippet
    assert "&lt;script&gt;" in hit.snippet
    assert (hit.kind, hit.title, hit.group, hit.url_key) == ("lesson", "Passports", "DOC", "genuine")


def test_a_snippet_of_a_long_text_is_cut_at_words(index):
    with index.write():
        search.put("lesson", "LONG", "en", title="Long", text="filler " * 200 + "needle " + "filler " * 200)
    with index.read():
        (hit,) = search.find("needles", lang="en")
    assert hit.snippet.startswith("… filler")
    assert hit.snippet.endswith("filler …")
    assert "<mark>needle</mark>" in hit.snippet
    assert len(hit.snippet) < 300


def test_a_title_without_the_word_in_the_text_is_found(index):
    with index.write():
        search.put("lesson", "TITLE", "en", title="Ultraviolet", text="short")
    with index.read():
        (hit,) = search.find("ultraviolet", lang="en")
    assert hit.snippet == "short"


def test_a_document_is_replaced_and_removed(index):
    with index.write():
        search.put("lesson", "DOC/1", "en", title="Other", text="Nothing left", group="DOC")
    assert keys(index, "passport") == []
    assert keys(index, "nothing") == ["DOC/1"]
    with index.write():
        search.remove("lesson", "DOC/1")
    assert keys(index, "nothing") == keys(index, "документ", "ru") == []
    with index.write():
        search.remove_group("RISK")
    assert keys(index, "documents") == []


def test_a_language_without_a_stemmer_of_its_own_is_searched_too(database):
    with database.write():
        search.put("lesson", "X", "kk", title="Құжат", text="Құжат тексеру")
    assert keys(database, "құжат", "kk") == ["X"]
