"""``academy course``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from academy.authoring.cli import course
from academy.courses import queries
from academy.foundation import commands, db
from academy.foundation.errors import Conflict
from academy.foundation.security import Grant, Identity
from tests.factories import courses as factories

LESSON = "01-looking/01-look-first.en.md"
TRANSLATOR = Identity("user", id=None, email="t@x.example", grants=(Grant("translator", "course", "OTHER"),))


@pytest.fixture
def run(app, database, monkeypatch):
    monkeypatch.setattr(commands, "_open", lambda settings: app)
    monkeypatch.setattr(commands, "_find_actor", lambda email: TRANSLATOR)

    def invoke(*arguments):
        return CliRunner().invoke(course, [str(argument) for argument in arguments], catch_exceptions=False)

    return invoke


@pytest.fixture
def package(tmp_path) -> Path:
    return write(tmp_path / "in", factories.package_files())


def write(folder, files):
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_check_of_a_good_package(run, package):
    done = run("check", package)
    assert (done.exit_code, done.output) == (0, "The package is in order.\n")
    assert json.loads(run("check", package, "--json").stdout) == {"faults": [], "warnings": []}


def test_check_lists_every_fault_with_file_and_line(run, package):
    text = (package / LESSON).read_text()
    (package / LESSON).write_text(text.replace("minutes = 8", "minuts = 8").replace("![A page that is tilted]", "![]"))
    done = run("check", package)
    assert done.exit_code == 1
    assert f"{LESSON}:4: “minuts” is not known here" in done.output
    assert f"{LESSON}:14: the picture “media/tilt.en.svg” has no alternative text" in done.output
    document = json.loads(run("check", package, "--json").stdout)
    assert {"file": LESSON, "line": 14}.items() <= document["faults"][-1].items()


def test_check_needs_no_academy(package, tmp_path):
    done = CliRunner().invoke(course, ["check", str(package)], env={"ACADEMY_DATA": str(tmp_path / "none")})
    assert (done.exit_code, (tmp_path / "none").exists()) == (0, False)


def test_check_of_nothing(run, tmp_path):
    done = run("check", tmp_path / "none")
    assert (done.exit_code, "there is no folder or file" in done.output) == (1, True)


def test_import_publish_export_and_import_again(run, package, tmp_path, database):
    done = run("import", package, "--publish", "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 0
    assert document["taken"][:3] == ["course", "look-first", "check-1"]
    assert (document["changed"], document["refused"], document["edition"]) == ([], [], "1.0")
    again = json.loads(run("import", package, "--publish", "--json").stdout)
    assert (again["taken"], again["changed"], again["edition"]) == ([], [], None)
    assert "Nothing to publish" in run("import", package, "--publish").output
    assert run("export", "TST", "--out", tmp_path / "out").exit_code == 0
    assert run("export", "TST", "--out", tmp_path / "out.zip").exit_code == 0
    assert json.loads(run("import", tmp_path / "out.zip", "--json").stdout)["changed"] == []
    assert run("export", "TST", "--out", tmp_path / "out2").exit_code == 0
    first = {p.relative_to(tmp_path / "out"): p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    second = {p.relative_to(tmp_path / "out2"): p.read_bytes() for p in (tmp_path / "out2").rglob("*") if p.is_file()}
    assert first == second
    assert run("export", "TST", "--out", tmp_path / "out").exit_code == 1


def test_nothing_is_imported_on_a_fault(run, package, database):
    (package / LESSON).write_text("+++\n")
    done = run("import", package, "--json")
    assert done.exit_code == 1
    document = json.loads(done.stdout)
    assert (document["taken"], document["changed"]) == ([], [])
    assert document["refused"][0]["where"].startswith(LESSON)
    with database.read():
        assert queries.find_course_id("TST") is None


def test_other_refusals_of_publishing_are_told(run, package, monkeypatch):
    def refuse(*args, **options):
        raise Conflict("Somebody was quicker.", code="draft_changed")

    monkeypatch.setattr("academy.courses.actions.publish", refuse)
    done = run("import", package, "--publish")
    assert (done.exit_code, "Somebody was quicker." in done.output) == (1, True)


def test_warnings_stop_nothing(run, tmp_path):
    text = factories.package_files()[LESSON].decode().replace("Look at", "In 24 cases look at")
    folder = write(tmp_path / "in", factories.package_files(changes={LESSON: text}))
    done = run("check", folder)
    assert (done.exit_code, "no fault, but look at it" in done.output) == (0, True)
    taken = run("import", folder)
    assert (taken.exit_code, "no fault, but look at it" in taken.output) == (0, True)


def test_publish(run, package, database):
    assert run("publish", "TST").exit_code == 1
    run("import", package)
    done = run("publish", "TST", "--note", "The first.")
    assert (done.exit_code, done.output) == (0, "TST: edition 1.0.\n")
    refused = run("publish", "TST")
    assert refused.exit_code == 1
    assert "Nothing has changed since edition 1.0." in refused.output
    with database.read():
        assert queries.list_editions(queries.find_course_id("TST"))[0][4] == "The first."
        assert db.session is not None


def test_an_editorial_import_keeps_the_structure(run, package):
    run("import", package, "--publish")
    text = (package / LESSON).read_text()
    (package / LESSON).write_text(text.replace("Look at", "Have a look at"))
    assert json.loads(run("import", package, "--publish", "--editorial", "--json").stdout)["edition"] == "1.1"
    (package / LESSON).write_text(text.replace("Look at", "Stare at"))
    assert json.loads(run("import", package, "--publish", "--json").stdout)["edition"] == "2.0"


def test_commands_act_as_whom_they_are_told(run, package, tmp_path):
    assert run("import", package, "--as", "t@x.example").exit_code == 1
    run("import", package)
    assert run("export", "TST", "--out", tmp_path / "out", "--as", "t@x.example").exit_code == 1
    assert run("publish", "TST", "--as", "t@x.example").exit_code == 1
    assert run("export", "NONE", "--out", tmp_path / "out").exit_code == 1
