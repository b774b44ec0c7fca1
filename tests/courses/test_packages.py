"""Course packages: what is taken, and every fault told in its place."""

from __future__ import annotations

import io
import os
import stat
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.courses.formats import package_files
from academy.courses.formats.package_files import PackageRefused, read_files, read_zip, write_folder, write_zip
from academy.courses.formats.text_check import check_text, compare_texts
from academy.courses.packages import write_package
from academy.foundation.i18n import LocalizedText
from tests.factories import courses as factories

LESSON = "01-looking/01-look-first"
QUIZ = "02-judging/01-check.quiz.toml"


def faults_of(changes=None, **options):
    read = factories.read_files(factories.package_files(changes=changes, **options))
    return [(f.file, f.line, f.message) for f in read.faults if not f.warning]


def edited(name, old, new, **options):
    text = factories.package_files(**options)[name].decode()
    assert old in text
    return {name: text.replace(old, new, 1)}


def line_of(name, words):
    lines = factories.package_files()[name].decode().split("\n")
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def test_a_package_without_a_fault():
    read = factories.read_files(factories.package_files())
    assert read.faults == ()
    draft = read.package.draft
    assert (draft.code, draft.source_language, draft.theme_code, draft.tags) == ("TST", "en", "T1", ("documents",))
    assert [(m.key, [a.key for a in m.activities]) for m in draft.modules] == [
        ("looking", ["look-first"]),
        ("judging", ["check-1"]),
    ]
    assert draft.outcomes[0].text.plain("ru") == "проверять документ"
    assert [(m.name, m.width, m.media_type) for m in draft.media] == [
        ("tilt.en.svg", 640, "image/svg+xml"),
        ("tilt.ru.svg", 640, "image/svg+xml"),
    ]
    assert draft.facts(("ru", "en")).languages == ("en", "ru")


def test_writing_gives_the_same_files_but_for_what_translations_were_approved_for():
    files = factories.package_files()
    read = factories.read_files(files)
    out = write_package(read.package.draft, read.package.media, ("en", "ru"))
    assert set(out) == set(files)
    assert {name for name in files if out[name] != files[name]} <= {f"{LESSON}.ru.md", QUIZ}
    russian = out[f"{LESSON}.ru.md"].decode()
    assert "title_of = " in russian
    assert "\nof = " in russian


def test_reading_what_was_written_gives_the_same_and_writing_it_again_the_same_bytes():
    package = factories.make_course_package()
    out = write_package(package.draft, package.media, ("en", "ru"))
    again = factories.read_files(out).package
    assert again == package
    assert write_package(again.draft, again.media, ("en", "ru")) == out


words = st.text(st.sampled_from(list("abя “”\"\\'0=#[]é")), min_size=1, max_size=30).map(str.strip).filter(bool)


@settings(deadline=None, max_examples=40)
@given(title=words, summary=words, tags=st.lists(words, max_size=3), source=words)
def test_any_words_survive_the_round(title, summary, tags, source):
    from dataclasses import replace

    package = factories.make_course_package()
    module = package.draft.modules[0]
    lesson = module.activities[0]
    body = LocalizedText("en", {"en": "Text.", "ru": "Текст."}, {"ru": "0123456789abcdef"})
    lesson = replace(
        lesson,
        title=LocalizedText.of("en", en=title, ru=summary),
        content=replace(lesson.content, body=body, sources=(source, title)),
    )
    draft = replace(
        package.draft,
        title=LocalizedText("en", {"en": title, "ru": summary}, {"ru": "0123456789abcdef"}),
        summary=LocalizedText.of("en", en=summary, ru=title),
        tags=tuple(tags),
        certificate_kind="none",
        certificate_issue="automatic",
        modules=(replace(module, activities=(lesson,)), *package.draft.modules[1:]),
    )
    out = write_package(draft, package.media, ("en", "ru"))
    read = factories.read_files(out)
    assert [f for f in read.faults if not f.warning] == []
    assert read.package.draft == draft


@pytest.mark.parametrize(
    ("changes", "file", "line", "words"),
    [
        ({"course.toml": None}, "course.toml", 0, "missing"),
        ({"course.toml": b"\xff\xfe"}, "course.toml", 0, "UTF-8"),
        ({"course.toml": "a = 1\na = 2\n"}, "course.toml", 2, "given twice"),
        ({"01-looking/module.toml": None}, "01-looking/module.toml", 0, "missing"),
        ({"01-looking/notes.txt": "x"}, "01-looking/notes.txt", 0, "no file of an activity"),
        ({"01-looking/02-x.md": "x"}, "01-looking/02-x.md", 0, "01-key.en.md"),
        ({"01-looking/02-x.en.quiz.toml": "x"}, "01-looking/02-x.en.quiz.toml", 0, "01-key.quiz.toml"),
        ({"01-looking/02-x.de.md": "x"}, "01-looking/02-x.de.md", 0, "“de” is not a language"),
        ({"01-looking/02-x.ru.md": "+++\n+++\n"}, "01-looking/02-x.ru.md", 0, "source language “en” is missing"),
        ({"Looking/module.toml": ""}, "Looking", 0, "a folder is named"),
        ({"notes.txt": "x"}, "notes.txt", 0, "does not belong"),
        ({"03-looking/module.toml": '[title]\nen="a"\nru="b"'}, "03-looking", 0, "another module"),
        ({"01-judging-2/module.toml": '[title]\nen="a"\nru="b"'}, "01-looking", 0, "given twice"),
        ({"media/x.html": "<b>"}, "media/x.html", 0, "only .svg"),
        ({"media/x.svg": "<svg/>"}, "media/x.svg", 1, "must be an <svg>"),
        ({"media/deep/x.en.svg": factories.SVG}, "media/deep/x.en.svg", 0, "no folders"),
        ({"media/tilt.ru.svg": None}, f"{LESSON}.ru.md", 9, "there is no file “media/tilt.ru.svg”"),
        ({f"{LESSON}.ru.md": None}, f"{LESSON}.en.md", 0, "no translation into “ru”"),
        ({f"{LESSON}.en.md": "+++\nkey=1"}, f"{LESSON}.en.md", 1, "ends the head"),
        ({f"{LESSON}.en.md": "# Title"}, f"{LESSON}.en.md", 1, "must begin with a line +++"),
        ({f"{LESSON}.en.md": "+++\nkey = \n+++\n"}, f"{LESSON}.en.md", 2, "not readable as TOML"),
        ({f"{LESSON}.ru.md": '+++\ntitle = "x"\n+++\n'}, f"{LESSON}.ru.md", 2, "no translation into “ru”"),
        (
            {f"{LESSON}.en.md": '+++\nkey = "x"\ntitle = "x"\nminutes = 1\n+++\n'},
            f"{LESSON}.en.md",
            7,
            "the lesson has no text",
        ),
        ({f"{LESSON}.ru.md": b"+++\n\x07"}, f"{LESSON}.ru.md", 0, "cannot be seen"),
    ],
)
def test_faults_of_files(changes, file, line, words):
    found = faults_of(changes)
    assert any(f == file and n == line and words in message for f, n, message in found), found


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("course.toml", "minutes = 30", "minuts = 30", "“minuts” is not known here; did you mean “minutes”?"),
        ("course.toml", 'code = "TST"', 'code = "T S"', "cannot be a key"),
        ("course.toml", 'code = "TST"', f'code = "{"T" * 21}"', "longer than 20"),
        ("course.toml", 'slug = "checking', 'slug = "Checking', "“slug” may have"),
        ("course.toml", 'theme = "T1"', 'theme = "T99"', "there is no theme “T99”"),
        ("course.toml", 'source = "en"', 'source = "fr"', "expected one of en, ru"),
        ("course.toml", 'source = "en"', 'in_preparation = ["en"]', "not a language of translation"),
        ("course.toml", "share = 1", "share = 2", "expected 0 to 1"),
        ("course.toml", 'issue = "automatic"', 'issue = "later"', "expected one of automatic, queue"),
        ("course.toml", 'bloom = "apply"', 'bloom = "know"', "expected one of remember"),
        ("course.toml", 'ru = "Проверка документов"', "", "“title” has no translation into “ru”"),
        ("course.toml", 'final_test = "check-1"', 'final_test = "exam"', "the final test “exam” is no activity"),
        ("01-looking/module.toml", 'ru = "Осмотр"', 'de = "Schau"', "“title” has no translation into “ru”"),
        (f"{LESSON}.en.md", "minutes = 8", 'minutes = "8"', "“minutes” must be a whole number"),
        (f"{LESSON}.en.md", "required = true", "needed = true", "“needed” is not known here"),
        (f"{LESSON}.en.md", 'key = "look-first"', 'key = "check-1"', "given to more than one activity"),
        (f"{LESSON}.ru.md", 'title = "Сначала посмотреть"', "", "“title” has no translation"),
        (f"{LESSON}.ru.md", "+++\n\n", 'of = "x"\n+++\n\n', "“of” must be 16"),
        (f"{LESSON}.en.md", "Look at", "<b>Look</b> at", "HTML is not possible"),
        (f"{LESSON}.en.md", "## Order", "# Order", "headings are ## or ###"),
        (f"{LESSON}.en.md", "![A page that is tilted]", "![]", "no alternative text"),
        (f"{LESSON}.en.md", "media/tilt.en.svg", "pictures/tilt.svg", "must lie in the folder media"),
        (f"{LESSON}.en.md", "Look at", "[Look](other.md) at", "leads nowhere"),
        (f"{LESSON}.en.md", "Look at", "[Look](media/none.svg) at", "there is no file “media/none.svg”"),
        (f"{LESSON}.en.md", "Look at", "[Look](http://x.example) at", "must begin with https"),
        (f"{LESSON}.en.md", "Look at", "Look[^1] at", "there is no footnote [^1]"),
        (f"{LESSON}.en.md", "!!! remember", "!!! remembr", "there is no note “remembr”"),
        (f"{LESSON}.ru.md", '!!! remember "Помните"', "!!! remember", "a note needs a title"),
        (f"{LESSON}.ru.md", "- потрогать\n", "", "block 4 is a list of 1 here but a list of 2 in “en”"),
        (f"{LESSON}.ru.md", "media/tilt.ru.svg", "media/other.ru.svg", "figure other"),
        (
            f"{LESSON}.ru.md",
            '!!! remember "Помните"\n    Отклонение ничего не доказывает.\n',
            "",
            "there are 4 blocks here but 5",
        ),
    ],
)
def test_faults_of_content_are_told_with_their_line(name, old, new, words):
    found = faults_of(edited(name, old, new))
    told = [(file, line, message) for file, line, message in found if words in message]
    assert told, found
    file, line, _ = told[0]
    assert file == name or "more than one" in words
    if "no activity" not in words and "more than one" not in words and "there are 4" not in words:
        expected = line_of(name, old.split("\n")[0].strip()) if old.strip("+\n") else line
        # A key that is gone is told where its table begins.
        assert line == expected if new and name != "01-looking/module.toml" else 0 <= line <= expected


def test_a_quiz_without_a_right_answer_is_a_fault():
    assert any(file == QUIZ for file, _line, _ in faults_of(edited(QUIZ, "correct = true", "correct = false")))


def test_an_outcome_that_is_there_twice():
    outcome = '\n[[outcomes]]\nkey = "O1"\nbloom = "apply"\n[outcomes.text]\nen = "x"\nru = "y"\n'
    text = factories.package_files()["course.toml"].decode() + outcome
    assert any("there twice" in message for _, _, message in faults_of({"course.toml": text}))


def test_a_module_or_course_without_activities():
    found = faults_of({f"{LESSON}.en.md": None, f"{LESSON}.ru.md": None})
    assert ("01-looking/module.toml", 0, "the module “looking” has no activity") in found
    empty = {
        f"{LESSON}.en.md": None,
        f"{LESSON}.ru.md": None,
        "01-looking/module.toml": None,
        QUIZ: None,
        "02-judging/module.toml": None,
    }
    assert any("the course has no activity" in message for _, _, message in faults_of(empty))


def test_a_language_in_preparation_makes_missing_translations_warnings():
    changes = edited("course.toml", 'source = "en"', 'source = "en"\nin_preparation = ["ru"]') | {
        f"{LESSON}.ru.md": None
    }
    changes |= edited(QUIZ, 'ru = "Сначала смотрят."', "")
    read = factories.read_files(factories.package_files(changes=changes))
    assert read.package is not None
    assert all(fault.warning for fault in read.faults)
    assert {fault.file for fault in read.faults if fault.missing == "ru"} == {f"{LESSON}.en.md", QUIZ}
    out = write_package(read.package.draft, read.package.media, ("en", "ru"))
    assert 'in_preparation = ["ru"]' in out["course.toml"].decode()
    assert f"{LESSON}.ru.md" not in out
    assert factories.read_files(out).package.draft == read.package.draft


def test_an_outdated_translation_may_be_built_otherwise():
    behind = factories.package_files()[f"{LESSON}.ru.md"].decode().replace("+++\n\n", f'of = "{"a" * 16}"\n+++\n\n')
    assert faults_of({f"{LESSON}.ru.md": behind.replace("- потрогать\n", "")}) == []


def test_what_follows_from_an_unreadable_file_is_not_told():
    found = faults_of({QUIZ: "key = \n"})
    assert [(file, line) for file, line, _ in found] == [(QUIZ, 1)]
    assert [file for file, _, _ in faults_of({QUIZ: b"\xff"})] == [QUIZ]


@pytest.mark.parametrize("source", ["en", "ru"])
def test_with_an_unreadable_course_the_other_files_are_checked_all_the_same(source):
    files = {"course.toml": f'source = "{source}"\nnonsense', f"{LESSON}.en.md": "+++\n"}
    found = faults_of(files)
    assert ("course.toml", 2) in [(file, line) for file, line, _ in found]
    assert (f"{LESSON}.en.md", 1) in [(file, line) for file, line, _ in found]
    assert ("no source" in str(found)) is False
    assert any(f"{LESSON}.en.md is missing" in message for _, _, message in found) is False


def test_other_numbers_in_a_translation_are_a_warning():
    changes = edited(f"{LESSON}.en.md", "Look at", "In 24 of 30 cases look at")
    changes |= edited(f"{LESSON}.ru.md", "Посмотрите", "В 24 случаях посмотрите")
    read = factories.read_files(factories.package_files(changes=changes))
    assert read.package is not None
    assert [fault.message for fault in read.faults] == ["block 1 has the numbers 24 here but 24, 30 in “en”"]
    assert compare_texts("one 1", "один", "f", source_language="en")[0].message.endswith("none here but 1 in “en”")


def test_a_figure_that_no_text_shows_is_a_warning():
    read = factories.read_files(factories.package_files(changes={"media/spare.svg": factories.SVG.format("x")}))
    assert read.package is not None
    assert [(fault.file, fault.warning) for fault in read.faults] == [("media/spare.svg", True)]


def test_links_that_lead_somewhere():
    text = "[a](https://x.example) [b](mailto:x@y.example) [c](#d) [e](check-1) [f](media/m.svg) ![g](media/m.svg)"
    assert check_text(text, "f", media={"m.svg"}, activity_keys={"check-1"}) == []


def test_everything_wrong_is_told_at_once_and_sorted():
    changes = edited("course.toml", "minutes = 30", "minuts = 30") | {f"{LESSON}.ru.md": None, "media/x.gif": "x"}
    read = factories.read_files(factories.package_files(changes=changes))
    assert read.package is None
    assert len({fault.file for fault in read.faults}) >= 3
    assert list(read.faults) == sorted(read.faults)
    assert str(read.faults[0]).startswith(f"{LESSON}.en.md: ")
    assert any(str(fault).startswith("course.toml:6: ") for fault in read.faults)


def zipped(members, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def linked(name):
    member = zipfile.ZipInfo(name)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def test_zip_and_folder_give_the_same(tmp_path):
    files = factories.package_files()
    write_folder(files, tmp_path / "out")
    assert read_files(tmp_path / "out") == files
    (tmp_path / "p.zip").write_bytes(write_zip(files, "checking-documents"))
    assert read_files(tmp_path / "p.zip") == files
    assert write_zip(files, "x") == write_zip(dict(reversed(files.items())), "x")
    assert read_zip(zipped(files.items())) == files
    with pytest.raises(PackageRefused):
        write_folder(files, tmp_path / "out")


@pytest.mark.parametrize(
    "name",
    [
        "../x.md",
        "/etc/x.md",
        "a/../../x.md",
        "a\\..\\x.md",
        "C:/x.md",
        "a//x.md",
        "./x.md",
        "x\n.md",
        "x\u202e.md",
        "y" * 130,
        "a/ x",
        "файл.md",
    ],
)
def test_names_that_lead_out_or_cannot_be(name):
    with pytest.raises(PackageRefused):
        read_zip(zipped([("course.toml", ""), (name, "x")]))


def test_zips_that_are_refused(monkeypatch, tmp_path):
    with pytest.raises(PackageRefused, match="not a readable zip"):
        read_zip(b"PK\x03\x04 nonsense")
    whole = zipped([("course.toml", "x" * 2000)])
    with pytest.raises(PackageRefused, match="not a readable zip"):
        read_zip(whole[:60] + b"\xff" * 8 + whole[68:])
    with pytest.raises(PackageRefused, match="not a plain file"):
        read_zip(zipped([(linked("x.md"), "/etc/passwd")]))
    with pytest.raises(PackageRefused, match="there twice"), pytest.warns(UserWarning, match="Duplicate"):
        read_zip(zipped([("a.md", "x"), ("a.md", "y")]))
    locked = bytearray(zipped([("a.md", "x")]))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(PackageRefused, match="password"):
        read_zip(bytes(locked))
    monkeypatch.setattr(package_files, "MOST_FILES", 2)
    with pytest.raises(PackageRefused, match="more than 2 files"):
        read_zip(zipped([(f"{n}.md", "") for n in range(3)]))
    monkeypatch.setattr(package_files, "MOST_BYTES_EACH", 10)
    with pytest.raises(PackageRefused, match=r"a.md is larger"):
        read_zip(zipped([("a.md", "x" * 11)]))
    monkeypatch.setattr(package_files, "MOST_BYTES", 15)
    with pytest.raises(PackageRefused, match="holds more than"):
        read_zip(zipped([("a.md", "x" * 9), ("b.md", "x" * 9)]))
    big = tmp_path / "big.zip"
    big.write_bytes(b"x" * 20)
    with pytest.raises(PackageRefused, match="larger than"):
        read_files(big)
    with pytest.raises(PackageRefused, match="no folder or file"):
        read_files(tmp_path / "none")


def test_a_zip_that_lies_about_sizes_stops_at_the_limit(monkeypatch):
    monkeypatch.setattr(package_files, "MOST_BYTES_EACH", 100)
    data = bytearray(zipped([("a.md", "x" * 5000)]))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (50).to_bytes(4, "little")
    with pytest.raises(PackageRefused):
        read_zip(bytes(data))


def test_folders_are_limited_too(monkeypatch, tmp_path):
    (tmp_path / "a.md").write_text("x" * 20)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    assert list(read_files(tmp_path)) == ["a.md"]
    (tmp_path / "b.md").write_text("x" * 20)
    monkeypatch.setattr(package_files, "MOST_BYTES", 30)
    with pytest.raises(PackageRefused, match="too large"):
        read_files(tmp_path)
    monkeypatch.setattr(package_files, "MOST_BYTES_EACH", 10)
    with pytest.raises(PackageRefused, match=r"a.md is larger"):
        read_files(tmp_path)


def test_links_and_pipes_in_a_folder_are_refused(tmp_path):
    (tmp_path / "x.md").symlink_to("/etc/passwd")
    with pytest.raises(PackageRefused, match="is a link"):
        read_files(tmp_path)
    (tmp_path / "x.md").unlink()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PackageRefused, match="not a plain file"):
        read_files(tmp_path)


def test_hidden_files_of_a_zip_are_passed_over():
    files = {"p/course.toml": "x", "p/.DS_Store": "x", "__MACOSX/p/x": "y", "p/sub/": ""}
    assert read_zip(zipped(files.items())) == {"course.toml": b"x"}
