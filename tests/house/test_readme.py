"""The README's tables equal the code; every command and every option is described."""

from __future__ import annotations

import re

import click
import pytest

from tests.house import readme
from tests.sample import ROOT


@pytest.fixture(scope="module")
def text():
    return readme.README.read_text()


def test_settings_are_those_of_the_code(text):
    assert readme.between("settings", text) == readme.settings_table(), "run: python -m tests.house.readme"


def test_commands_are_those_of_the_code(text):
    assert readme.between("commands", text) == readme.commands_table(), "run: python -m tests.house.readme"


def test_every_dependency_has_its_reason(text):
    rows = re.findall(r"^\| ([\w.-]+) \| (.+) \|$", readme.between("dependencies", text), re.MULTILINE)
    named = {name for name, _ in rows} - {"package"}
    assert named == readme.dependencies()
    assert all(len(reason) >= 5 for name, reason in rows if name != "package")


def test_every_command_and_option_is_described():
    silent = []
    for name, command in readme.commands():
        if not command.help:
            silent.append(name)
        silent += [
            f"{name} {parameter.opts[0]}"
            for parameter in command.params
            if isinstance(parameter, click.Option) and not parameter.help and not parameter.hidden
        ]
    assert silent == []


def test_control_a_setting_that_the_readme_lacks_is_noticed(text, monkeypatch):
    from academy import settings

    filled = readme.rewritten(text)
    monkeypatch.setattr(settings, "variables", lambda: [("ACADEMY_NEW", "1", "New.")])
    assert readme.between("settings", filled) != readme.settings_table()


def test_the_lock_file_has_every_dependency():
    locked = {
        name.lower().replace("_", "-")
        for name in re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    }
    assert {name.lower().replace("_", "-") for name in readme.dependencies()} <= locked


def test_the_two_commands_are_one_line_each(text):
    assert "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/academy demo\n" in text
    assert "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest\n" in text
