"""Import, publish, read: on a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

import academy
from academy.courses import actions, jobs, queries
from academy.courses.formats.package_files import read_files
from academy.courses.models import (
    AnswerPart,
    Course,
    CourseListing,
    Edition,
    OwedIndexing,
    Part,
    SourceVersion,
    TextUnit,
)
from academy.courses.packages import read_package, write_package
from academy.foundation import db, files, search
from academy.foundation.audit import AuditEntry
from academy.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from academy.foundation.security import OPERATOR, Grant, Identity
from tests.conftest import NOW
from tests.factories import courses as factories

TRAINER = Identity("user", id=None, grants=(Grant("trainer", "course", "TST"),))
STRANGER = Identity("user", id=None, grants=(Grant("trainer", "course", "OTHER"), Grant("learner")))
RU = "01-looking/01-look-first.ru.md"
EN = "01-looking/01-look-first.en.md"


def changed(name, old, new, **options):
    text = factories.package_files(**options)[name].decode()
    assert old in text
    return factories.make_course_package(changes={name: text.replace(old, new)}, **options)


def test_import_writes_drafts_and_the_same_again_changes_nothing(app, database):
    package = factories.make_course_package()
    actions.keep_media(package)
    with database.write():
        report = actions.import_package(package, actor=TRAINER, now=NOW)
    assert report.taken[:2] == ("course", "look-first")
    assert not report.changed
    with database.read():
        assert queries.load_draft(report.course_id) == package.draft
        revision = queries.course_revision(report.course_id)
    with database.write():
        again = actions.import_package(package, actor=TRAINER, now=NOW + timedelta(days=1))
    assert (again.taken, again.changed) == ((), ())
    with database.read():
        assert queries.course_revision(report.course_id) == revision
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 2


def test_import_is_for_those_who_may_edit_that_course(writing):
    with pytest.raises(NotAllowed):
        actions.import_package(factories.make_course_package(), actor=STRANGER, now=NOW)


def test_import_refuses_the_slug_of_another_course(writing):
    factories.imported_course()
    with pytest.raises(Conflict) as refused:
        actions.import_package(factories.make_course_package(code="TWO"), actor=OPERATOR, now=NOW)
    assert refused.value.code == "slug_taken"


def test_import_refuses_a_key_that_is_of_another_kind(writing):
    factories.imported_course()
    lesson = factories.package_files()[EN].decode().replace('key = "look-first"', 'key = "check-1"')
    course = factories.package_files()["course.toml"]
    files_ = {"02-judging/01-check.quiz.toml": None, "02-judging/module.toml": None, EN: lesson, "course.toml": course}
    with pytest.raises(Conflict) as refused:
        actions.import_package(factories.make_course_package(changes=files_), actor=OPERATOR, now=NOW)
    assert refused.value.code == "other_kind"


def test_import_moves_renames_and_removes(app, database):
    course_id = factories.imported_course(lessons=("look-first", "then-feel"))
    moved = factories.package_files(lessons=("look-first",), changes={"02-judging/module.toml": None})
    quiz = moved.pop("02-judging/01-check.quiz.toml")
    moved["01-looking/02-check.quiz.toml"] = quiz
    package = factories.read_files(moved).package
    with database.write():
        report = actions.import_package(package, actor=OPERATOR, now=NOW)
    assert set(report.changed) == {"course", "check-1", "then-feel"}
    with database.read():
        assert queries.load_draft(course_id) == package.draft
        assert db.session.scalar(select(func.count()).where(TextUnit.activity_key == "then-feel")) == 0


def test_import_follows_outcomes_and_media(app, database):
    course_id = factories.imported_course()
    files_ = factories.package_files(changes={"media/tilt.ru.svg": factories.SVG.format("Другой наклон")})
    course = files_["course.toml"].decode().replace('bloom = "apply"', 'bloom = "create"')
    course += course[course.index("\n[[outcomes]]") :].replace('key = "O1"', 'key = "O2"')
    files_ |= {"course.toml": course.encode()}
    files_["media/spare.svg"] = factories.SVG.format("x").encode()
    package = factories.read_files(files_).package
    actions.keep_media(package)
    with database.write():
        report = actions.import_package(package, actor=OPERATOR, now=NOW)
    assert set(report.changed) == {"course", "media/tilt.ru.svg"}
    assert report.taken == ("media/spare.svg",)
    with database.read():
        assert queries.load_draft(course_id) == package.draft
    with database.write():
        again = actions.import_package(factories.make_course_package(), actor=OPERATOR, now=NOW)
    assert "media/spare.svg" in again.changed
    with database.read():
        draft = queries.load_draft(course_id)
        assert (len(draft.media), [outcome.key for outcome in draft.outcomes]) == (2, ["O1"])


def test_first_edition_is_1_0_and_all_its_parts_can_be_read(app, database):
    published = factories.published_course()
    with database.read():
        edition = published.edition
        assert (edition.number, edition.languages, edition.course_code) == ("1.0", ("en", "ru"), "TST")
        assert [a.key for a in edition.activities] == ["look-first", "check-1"]
        assert [m.position for m in edition.modules] == [1, 2]
        lesson = edition.activity("look-first")
        assert lesson.part_in("ru")[1] == "ru"
        part = queries.get_part(lesson.parts["ru"])
        assert part["title"] == "Сначала посмотреть"
        assert part["blocks"][1] == [2, "<h2>Порядок</h2>"]
        assert '<figure><img src="/files/' in part["blocks"][2][1]
        assert queries.get_answers(edition.activity("check-1").answers)
        assert queries.find_published_course("checking-documents").edition_id == published.edition_id
        assert queries.find_published_course("nothing") is None


def test_what_is_shown_of_a_quiz_never_tells_the_answers(app, database):
    published = factories.published_course()
    with database.read():
        for part in db.session.scalars(select(Part.body)):
            assert "Looking comes first" not in str(part)
            assert "correct" not in str(part)
        assert "Looking comes first" in str(db.session.scalars(select(AnswerPart.body)).all())
    assert published.course_id


def test_publishing_twice_is_refused(app, database):
    published = factories.published_course()
    with database.write(), pytest.raises(Conflict) as refused:
        actions.publish(published.course_id, actor=OPERATOR, now=NOW)
    assert refused.value.code == "nothing_changed"


@pytest.mark.parametrize(
    ("name", "old", "new", "number"),
    [
        (RU, "Посмотрите на страницу", "Взгляните на страницу", "1.1"),
        ("course.toml", "How to look at", "How one looks at", "1.1"),
        (EN, "Look at the page", "Stare at the page", "2.0"),
        (EN, "required = true", "required = false", "2.0"),
        ("course.toml", "share = 1", "share = 0.5", "2.0"),
    ],
)
def test_numbers_of_editions(app, database, name, old, new, number):
    published = factories.published_course()
    package = changed(name, old, new)
    again = factories.published_course(package, now=NOW)
    with database.read():
        assert again.edition.number == number
        assert queries.newest_edition_id(published.course_id) == again.edition_id
        assert queries.get_edition(published.edition_id).number == "1.0"
        assert queries.newest_edition_id(published.course_id, 1) in (published.edition_id, again.edition_id)


def test_an_editorial_import_keeps_the_structure(app, database):
    published = factories.published_course()
    package = changed(EN, "Look at the page", "Have a look at the page")
    with database.write():
        actions.import_package(package, actor=OPERATOR, now=NOW, editorial=True)
        edition = actions.publish(published.course_id, actor=OPERATOR, now=NOW)
        assert (edition.structure, edition.texts) == (1, 1)


def test_unchanged_lessons_are_stored_once(app, database):
    factories.published_course(lessons=("look-first", "then-feel"))
    with database.read():
        before = db.session.scalar(select(func.count()).select_from(Part))
    factories.published_course(
        changed(EN, "Look at the page", "Stare at the page", lessons=("look-first", "then-feel"))
    )
    with database.read():
        assert db.session.scalar(select(func.count()).select_from(Part)) == before + 1


def test_a_draft_that_changed_after_preparing_is_not_published(app, database):
    course_id = factories.imported_course()
    with database.read():
        prepared = actions.prepare_edition(course_id)
    with database.write():
        db.session.execute(update(Course).values(revision=Course.revision + 1))
    with database.write(), pytest.raises(Conflict) as refused:
        actions.publish(course_id, actor=OPERATOR, now=NOW, prepared=prepared)
    assert refused.value.code == "draft_changed"


def test_staged_parts_are_seen_by_nobody_before_the_switch(app, database):
    course_id = factories.imported_course()
    with database.read():
        prepared = actions.prepare_edition(course_id)
    steps = actions.stage(prepared, now=NOW)
    with database.write():
        list(steps)
    with database.read():
        assert db.session.scalar(select(func.count()).select_from(Part)) == len(prepared.parts)
        assert queries.find_newest_edition_id(course_id) is None
        assert queries.list_catalogue("en") == []
        with pytest.raises(NotFound):
            queries.newest_edition_id(course_id)
    with database.write():
        actions.publish(course_id, actor=OPERATOR, now=NOW, prepared=prepared)
        assert len(db.session.scalars(select(Edition)).all()) == 1


def test_publishing_needs_the_right_and_a_faultless_draft(writing):
    course_id = factories.imported_course()
    with pytest.raises(NotAllowed):
        actions.publish(course_id, actor=STRANGER, now=NOW)
    with pytest.raises(NotFound):
        actions.publish(course_id + 1, actor=OPERATOR, now=NOW)
    db.session.execute(update(Course).values(final_test_key="nowhere"))
    with pytest.raises(Invalid) as refused:
        actions.publish(course_id, actor=OPERATOR, now=NOW)
    assert "nowhere" in str(refused.value.fields[""][0])


def test_an_edition_that_was_rolled_back_leaves_nothing_in_memory(app, database):
    course_id = factories.imported_course()

    class Undone(Exception):
        pass

    with pytest.raises(Undone), database.write():
        edition = actions.publish(course_id, actor=OPERATOR, now=NOW)
        lost = edition.id
        assert queries.get_edition(lost).title.plain("en") == "Checking documents"
        raise Undone
    with database.read(), pytest.raises(NotFound):
        queries.get_edition(lost)


def test_editions_and_parts_come_from_memory(app, database):
    published = factories.published_course()
    with database.read():
        first = queries.get_edition(published.edition_id)
        part = queries.get_part(first.activities[0].source_part)
    with database.read():
        assert queries.get_edition(published.edition_id) is first
        assert queries.get_part(first.activities[0].source_part) is part
        with pytest.raises(NotFound):
            queries.get_part("0" * 64)


def test_catalogue_lists_what_is_published_in_the_order_of_the_language(app, database):
    factories.published_course()
    files_ = factories.package_files(code="ABC", slug="abc")
    course = files_["course.toml"].decode().replace("Checking documents", "Zebra").replace("Проверка", "Арбуз")
    factories.published_course(factories.read_files(files_ | {"course.toml": course.encode()}).package)
    factories.imported_course(code="DRF", slug="draft")
    with database.read():
        assert [line.code for line in queries.list_catalogue("en")] == ["TST", "ABC"]
        assert [line.code for line in queries.list_catalogue("ru")] == ["ABC", "TST"]
        assert queries.list_catalogue("en", theme="T2") == queries.list_catalogue("en", level="advanced") == []
        line = queries.list_catalogue("ru", theme="T1", level="introductory", available_in="ru")[1]
        assert (line.title, line.title_language, line.availability) == (
            "Проверка документов",
            "ru",
            {"en": "full", "ru": "full"},
        )
        course_id = queries.find_course_id("TST")
    with database.write():
        actions.archive(course_id, actor=OPERATOR, now=NOW)
    with database.read():
        assert [line.code for line in queries.list_catalogue("en")] == ["ABC"]
        assert queries.find_published_course("checking-documents").status == "archived"


def test_archiving_needs_the_right(writing):
    course_id = factories.imported_course()
    with pytest.raises(NotAllowed):
        actions.archive(course_id, actor=STRANGER, now=NOW)
    with pytest.raises(NotFound):
        actions.archive(course_id + 1, actor=OPERATOR, now=NOW)


def test_a_language_in_preparation(app, database):
    course = (
        factories.package_files()["course.toml"]
        .decode()
        .replace('source = "en"', 'source = "en"\nin_preparation = ["ru"]')
    )
    published = factories.published_course(changes={RU: None, "course.toml": course})
    with database.read():
        edition = published.edition
        assert edition.languages == ("en",)
        assert edition.activity("look-first").part_in("ru") == (edition.activity("look-first").parts["en"], "en")
        line = queries.list_catalogue("ru")[0]
        assert line.availability == {"en": "full", "ru": "preparation"}
        assert queries.list_catalogue("ru", available_in="ru") == []
        listing = db.session.scalar(select(CourseListing).where(CourseListing.language == "ru"))
        assert listing.title == "Проверка документов"


def test_search_is_owed_and_then_finds_inflected_words_but_no_question(app, database):
    published = factories.published_course(now=NOW)
    with database.read():
        assert db.session.scalars(select(OwedIndexing.course_id)).all() == [published.course_id]
        assert search.find("страницы", lang="ru") == []
    jobs.index_owed(NOW)
    with database.read():
        assert db.session.scalars(select(OwedIndexing)).all() == []
        hits = search.find("страницы", lang="ru")
        assert [(h.kind, h.group, h.url_key) for h in hits] == [("lesson", "TST", "checking-documents/look-first")]
        assert [h.kind for h in search.find("documents", lang="en")] == ["course"]
        assert search.find("Cut", lang="en") == []
    jobs.index_course(published.course_id)
    with database.read():
        assert len(search.find("страницы", lang="ru")) == 1


def test_the_search_forgets_what_the_newest_edition_has_no_more(app, database):
    factories.published_course(lessons=("look-first", "then-feel"), now=NOW)
    jobs.index_owed(NOW)
    factories.published_course(now=NOW + timedelta(days=1))
    jobs.index_owed(NOW + timedelta(days=1))
    with database.read():
        assert {hit.url_key for hit in search.find("page", lang="en")} == {"checking-documents/look-first"}


def test_text_units_follow_the_source_block_by_block(app, database):
    course_id = factories.imported_course()

    def states():
        with database.read():
            rows = db.session.execute(
                select(TextUnit.segment, TextUnit.state)
                .where(TextUnit.activity_key == "look-first", TextUnit.field == "body", TextUnit.language == "ru")
                .order_by(TextUnit.segment)
            )
            return [row.state for row in rows]

    assert states() == ["current"] * 5
    with database.write():
        db.session.execute(update(TextUnit).where(TextUnit.segment == 1).values(due_on=NOW.date()))
    draft = factories.make_course_package().draft
    with database.read():
        body = queries.load_draft(course_id).modules[0].activities[0].content.body
    behind = body.with_source(body.texts["en"].replace("- feel\n", "- feel\n- tilt\n"), editorial=False)
    _store_body(database, course_id, behind)
    assert states() == ["current", "current", "current", "outdated", "current"]
    with database.read():
        kept = db.session.scalars(select(SourceVersion.text).where(SourceVersion.text.contains("A deviation"))).all()
        assert kept == [body.texts["en"]]
        assert db.session.scalars(select(TextUnit.due_on).where(TextUnit.due_on.is_not(None))).all()
    _store_body(database, course_id, body.with_source("Only this.", editorial=False))
    assert states() == ["outdated"]
    gone = replace(body, texts={"en": body.texts["en"]}, approved_for={})
    _store_body(database, course_id, gone)
    assert states() == ["missing"] * 5
    assert draft.code == "TST"


def _store_body(database, course_id, body):
    from academy.lessons.models import Lesson

    with database.write():
        lesson = db.session.scalars(select(Lesson)).first()
        lesson.body = body
        db.session.flush()
        actions.record_texts(course_id, now=NOW)


def test_outdated_translations_survive_export_and_import(app, database):
    course_id = factories.imported_course()
    with database.read():
        body = queries.load_draft(course_id).modules[0].activities[0].content.body
    _store_body(database, course_id, body.with_source(body.texts["en"] + "\n\nNew.", editorial=False))
    with database.read():
        draft = queries.load_draft(course_id)
    out = write_package(draft, {m.sha: files.read(m.sha) for m in draft.media}, ("en", "ru"))
    read = factories.read_files(out)
    assert read.package.draft == draft
    assert read.package.draft.modules[0].activities[0].content.body.status("ru") == "outdated"
    factories.published_course(read.package)
    with database.read():
        edition = queries.get_edition(queries.newest_edition_id(course_id))
        assert queries.get_part(edition.activity("look-first").parts["ru"])["outdated"] is True


def test_drafts_are_seen_by_those_who_work_on_them(app, database):
    factories.imported_course()
    factories.imported_course(code="TWO", slug="two")
    with database.read():
        assert [line.code for line in queries.list_drafts(seen_by=OPERATOR)] == ["TST", "TWO"]
        assert [line.code for line in queries.list_drafts(seen_by=TRAINER)] == ["TST"]
        assert queries.list_drafts(seen_by=STRANGER) == []
        assert queries.get_draft_line("TST", seen_by=TRAINER).status == "draft"
        with pytest.raises(NotFound):
            queries.get_draft_line("TWO", seen_by=TRAINER)
        with pytest.raises(NotFound):
            queries.load_draft(99)
        with pytest.raises(NotFound):
            queries.course_revision(99)


def test_editions_are_listed_newest_first(app, database):
    published = factories.published_course()
    factories.published_course(changed(EN, "Look at the page", "Stare at the page"), now=NOW)
    with database.read():
        assert [row[1:3] for row in queries.list_editions(published.course_id)] == [(2, 0), (1, 0)]


def test_the_demo_course_is_in_order_and_can_be_published(app, database):
    folder = Path(academy.__file__).parent / "demo" / "courses" / "document-fraud"
    read = read_package(read_files(folder), ("en", "ru"))
    assert [str(fault) for fault in read.faults] == []
    published = factories.published_course(read.package)
    with database.read():
        assert published.edition.languages == ("en", "ru")
        draft = queries.load_draft(published.course_id)
    out = write_package(draft, {m.sha: files.read(m.sha) for m in draft.media}, ("en", "ru"))
    assert factories.read_files(out).package.draft == read.package.draft
    again = factories.read_files(out).package
    assert write_package(again.draft, again.media, ("en", "ru")) == out
