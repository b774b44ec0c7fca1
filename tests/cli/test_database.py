"""``academy db`` and ``academy doctor``, as they are typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from academy.cli import main
from academy.foundation import db


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "academy"
    db.current().close()


def run(*words: str, folder: Path) -> Result:
    return CliRunner().invoke(main, [*words, "--data", str(folder)], env={"ACADEMY_LOG_LEVEL": "ERROR"})


def test_an_empty_folder_becomes_an_academy_and_goes_back(folder: Path) -> None:
    assert run("db", "check", folder=folder).exit_code == 1
    assert run("db", "upgrade", folder=folder).exit_code == 0
    assert run("db", "check", folder=folder).exit_code == 0
    assert run("db", "downgrade", "base", folder=folder).exit_code == 0
    assert run("db", "check", folder=folder).exit_code == 1
    assert run("db", "upgrade", folder=folder).exit_code == 0


def test_a_command_stops_in_plain_words_on_an_old_schema(folder: Path) -> None:
    result = run("course", "export", "DOC", "--out", "x", folder=folder)
    assert result.exit_code == 1
    assert "academy db upgrade" in result.output


def test_the_doctor_finds_an_old_schema_and_a_healthy_academy(folder: Path) -> None:
    folder.mkdir()
    ill = run("doctor", "--json", folder=folder)
    assert ill.exit_code == 1
    assert json.loads(ill.stdout)[0]["level"] == "wrong"
    run("db", "upgrade", folder=folder)
    healthy = run("doctor", "--json", folder=folder)
    assert healthy.exit_code == 0, healthy.output
    findings = {finding["what"]: finding["level"] for finding in json.loads(healthy.stdout)}
    assert findings["database"] == findings["fonts"] == findings["languages"] == "ok"
    assert findings["mail"] == "warn"


def test_the_doctor_sees_a_key_that_others_can_read(folder: Path) -> None:
    run("db", "upgrade", folder=folder)
    (folder / "secret.key").chmod(0o644)
    result = run("doctor", folder=folder)
    assert result.exit_code == 1
    assert "chmod 600" in result.output


def test_a_wrong_setting_is_named(folder: Path) -> None:
    result = CliRunner().invoke(main, ["db", "check"], env={"ACADEMY_THREADS": "many"})
    assert result.exit_code == 1
    assert "ACADEMY_THREADS" in result.output


def test_the_demo_refuses_to_be_public_by_accident(folder: Path) -> None:
    result = run("demo", "--host", "0.0.0.0", folder=folder)  # noqa: S104 - refused is what we want to see
    assert result.exit_code == 1
    assert "--public" in result.output
