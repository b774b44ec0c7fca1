"""Numbers of editions, units of translation, and what a cache keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.courses import editions, permissions, rules, themes
from academy.courses.cache import BoundedCache
from academy.courses.drafts import CourseDraft
from academy.courses.kinds import FrozenActivity, TextPiece, kind
from academy.courses.publishing import content_hash, prepare
from academy.foundation.i18n import LocalizedText, fingerprint
from academy.foundation.security import OPERATOR, Grant, Identity
from tests.conftest import NOW
from tests.factories import courses as factories


def prepared(draft: CourseDraft | None = None, substances=None):
    draft = draft or factories.make_course_package().draft
    return prepare(draft, course_id=1, revision=1, substances=substances or {}, languages=("en", "ru"))


@pytest.mark.parametrize(
    ("newest", "same", "number"),
    [(None, False, (1, 0)), (None, True, (1, 0)), ((3, 2), True, (3, 3)), ((3, 2), False, (4, 0))],
)
def test_next_number(newest, same, number):
    assert rules.next_number(newest, same_structure=same) == number


def test_structure_is_what_is_taught_asked_and_counted():
    draft = factories.make_course_package().draft
    structure = rules.structure_of(prepared(draft).manifest)
    module = draft.modules[0]
    lesson = module.activities[0]

    def with_lesson(**changes):
        return replace(draft, modules=(replace(module, activities=(replace(lesson, **changes),)), draft.modules[1]))

    words = [
        replace(draft, title=LocalizedText.of("en", en="Other")),
        replace(draft, minutes=99, tags=(), theme_code=""),
        with_lesson(title=LocalizedText.of("en", en="Other"), minutes=3),
        replace(draft, modules=(replace(module, title=LocalizedText.of("en", en="x")), draft.modules[1])),
    ]
    substance = [
        replace(draft, completion_share=0.5),
        replace(draft, final_test_key=None),
        replace(draft, certificate_issue="queue"),
        replace(draft, certificate_kind="none"),
        replace(draft, outcomes=()),
        replace(draft, modules=draft.modules[::-1]),
        replace(draft, modules=draft.modules[:1]),
        with_lesson(required=False),
        with_lesson(key="other"),
    ]
    assert all(rules.structure_of(prepared(other).manifest) == structure for other in words)
    assert all(rules.structure_of(prepared(other).manifest) != structure for other in substance)
    assert rules.structure_of(prepared(draft, {"look-first": 2}).manifest) != structure


def test_availability():
    draft = factories.make_course_package(with_quiz=False).draft
    frozen = {
        a.key: FrozenActivity(parts={"en": {}, "ru": {}}, complete=frozenset({"en", "ru"})) for a in draft.activities
    }
    assert rules.availability(draft, frozen, ("en", "ru")) == {"en": "full", "ru": "full"}
    behind = frozen | {"look-first": FrozenActivity(parts={"en": {}, "ru": {}}, complete=frozenset({"en"}))}
    assert rules.availability(draft, behind, ("en", "ru"))["ru"] == "preparation"
    english = {key: FrozenActivity(parts={"en": {}}, complete=frozenset({"en"})) for key in frozen}
    assert rules.availability(draft, english, ("en", "ru"))["ru"] == "preparation"
    untitled = replace(draft, title=LocalizedText.of("en", en="x"))
    assert rules.availability(untitled, frozen, ("en", "ru"))["ru"] == "preparation"
    assert rules.availability(untitled, english, ("en", "ru"))["ru"] == "none"


def states(text, *, markdown=True, sources=None, lang="ru"):
    units = rules.units("k", TextPiece("body", text, markdown=markdown), ("en", "ru"), sources or {})
    return [unit.state.value for unit in units if unit.language == lang]


OLD = "One.\n\nTwo.\n\nThree."


def behind(new, old=OLD):
    return LocalizedText.of("en", en=old, ru="Раз.\n\nДва.\n\nТри.").with_source(new, editorial=False)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD, ["current"] * 3),
        ("One.\n\nTwo, changed.\n\nThree.", ["current", "outdated", "current"]),
        ("One.\n\nNew.\n\nTwo.\n\nThree.", ["current", "missing", "current", "current"]),
        ("One.\n\nThree.", ["current", "current"]),
        ("New.\n\nNewer.\n\nOne.\n\nTwo.\n\nThree.", ["missing", "missing", "current", "current", "current"]),
        ("Quite.\n\nOther.", ["outdated", "outdated"]),
    ],
)
def test_only_changed_blocks_are_outdated(new, expected):
    assert states(behind(new), sources={fingerprint(OLD): OLD}) == expected


def test_without_the_old_source_all_blocks_are_outdated():
    assert states(behind("One.\n\nTwo.")) == ["outdated", "outdated"]
    assert states(LocalizedText("en", {"en": "One.", "ru": "Раз."}, {})) == ["outdated"]


def test_an_editorial_change_outdates_nothing():
    text = LocalizedText.of("en", en=OLD, ru="Раз.").with_source("One!\n\nTwo.\n\nThree.", editorial=True)
    assert states(text) == ["current"] * 3


def test_a_plain_text_is_one_unit():
    assert states(LocalizedText.of("en", en=OLD), markdown=False) == ["missing"]
    unit = rules.units("k", TextPiece("title", LocalizedText.of("en", en="Two words", ru="Два")), ("en", "ru"), {})
    assert [(u.words, u.segment, u.approved_fingerprint) for u in unit] == [(2, 0, fingerprint("Two words"))]
    assert states(LocalizedText.of("en", en="", ru="x")) == ["current"]
    assert rules.units("k", TextPiece("t", LocalizedText.of("en", en="x")), ("en",), {}) == []


@given(st.lists(st.sampled_from("abcdef"), max_size=6), st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6))
def test_a_block_is_current_only_where_the_old_source_has_the_same(old, new):
    old_text, new_text = "\n\n".join(old) or "x", "\n\n".join(new)
    text = LocalizedText.of("en", en=old_text, ru="y").with_source(new_text, editorial=False)
    found = states(text, sources={fingerprint(old_text): old_text})
    assert len(found) == len(new)
    if old_text == new_text:
        assert set(found) == {"current"}
    for block, state in zip(new, found, strict=True):
        assert state != "current" or block in old
    assert found.count("current") <= min(len(old) or 1, len(new))


def test_content_hash_depends_on_content_alone():
    assert content_hash({"a": 1, "b": ["я"]}) == content_hash({"b": ["я"], "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})


def test_editions_as_views():
    edition = prepared().view(NOW)
    assert (edition.number, edition.id, edition.languages) == ("0.0", 0, ("en", "ru"))
    first, second = edition.activities
    assert edition.next_after(first.key) == second
    assert edition.next_after(second.key) is None
    assert edition.previous_before(second.key) == first
    assert edition.previous_before(first.key) is None
    assert edition.find_activity("x") is None
    assert edition.find_module("x") is None
    assert edition.module_of(second.key) == edition.module("judging") == edition.find_module("judging")
    assert edition.track() == ((first,), (second,))
    assert edition.modules[0].minutes == first.minutes == 8
    assert first.part_in("ru") == (first.parts["ru"], "ru")
    assert first.part_in("de") == (first.source_part, "en")
    assert first.of_same_kind == (1, 1)
    assert edition.checked_on.isoformat() == "2026-03-01"
    assert edition.review_by is None
    assert edition.completion == editions.CompletionRule(1.0, "check-1")
    assert edition.short_title == edition.title
    assert not edition.audience
    with pytest.raises(KeyError):
        edition.activity("x")


def test_activities_of_a_kind_are_counted_in_their_module():
    edition = prepared(factories.make_course_package(lessons=("look-first", "then-feel")).draft).view(NOW)
    assert [a.of_same_kind for a in edition.activities] == [(1, 2), (2, 2), (1, 1)]
    assert [a.position for a in edition.activities] == [1, 2, 1]


def test_a_figure_that_no_text_shows_is_not_published():
    package = factories.make_course_package(changes={"media/unused.svg": factories.SVG.format("x")})
    assert len(package.draft.media) == 3
    assert {m.name for m in prepared(package.draft).files} == {"tilt.en.svg", "tilt.ru.svg"}


def test_lesson_parts_hold_what_the_page_needs():
    draft = factories.make_course_package().draft
    lesson = draft.modules[0].activities[0]
    frozen = kind("lesson").freeze(lesson, draft.facts(("en", "ru")))
    assert set(frozen.parts) == frozen.complete == {"en", "ru"}
    assert frozen.answers is None
    assert frozen.parts["en"]["sources"] == ["ICAO Doc 9303"]
    assert frozen.parts["en"]["checked_on"] == "2026-03-01"
    assert frozen.parts["ru"]["outdated"] is False
    assert "Remember" in kind("lesson").search_text(frozen.parts["en"])
    untitled = replace(lesson, title=LocalizedText.of("en", en="x"))
    assert kind("lesson").freeze(untitled, draft.facts(("en", "ru"))).complete == {"en"}
    assert kind("lesson").print_html(frozen.parts["en"]).startswith("<p>Look at the page")
    assert kind("lesson").label == "Lesson"
    gone = kind("lesson").freeze(lesson, replace(draft, media=()).facts(("en", "ru")))
    assert gone.media == frozenset()


def test_cache_is_bounded_and_drops_what_was_not_used():
    cache = BoundedCache(10)
    cache.put("a", 1, 4)
    cache.put("b", 2, 4)
    assert cache.get("a") == 1
    cache.put("c", 3, 4)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)
    assert cache.bytes == 8
    cache.put("big", 4, 11)
    assert cache.get("big") is None
    cache.put("a", 5, 1)
    assert cache.get("a") == 1


def test_themes():
    assert themes.codes()[0] == "T1"
    assert themes.name("T6").plain("ru") == "Убежище и международная защита"
    assert themes.name("x") is None


@pytest.mark.parametrize(
    ("grant", "edits", "sees"),
    [
        (Grant("trainer", "course", "TST"), True, True),
        (Grant("trainer"), True, True),
        (Grant("admin"), True, True),
        (Grant("translator", "course", "TST"), False, True),
        (Grant("reviser"), False, True),
        (Grant("auditor"), False, True),
        (Grant("trainer", "course", "OTHER"), False, False),
        (Grant("learner"), False, False),
        (Grant("coordinator", "state", "GE"), False, False),
    ],
)
def test_who_works_on_a_course(grant, edits, sees):
    person = Identity("user", id=1, grants=(grant,))
    assert permissions.may_edit(person, "TST") is edits
    assert permissions.may_see_draft(person, "TST") is sees
    assert permissions.may_edit(OPERATOR, "TST")
    assert permissions.may_see_draft(OPERATOR, "TST")
