"""The README's tables, made from the code: ``python -m tests.house.readme`` writes them between their marks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click

from academy import settings
from academy.cli import main

README = Path(__file__).parents[2] / "README.md"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def settings_table() -> str:
    """Every setting with its default and what it is for."""
    rows = [
        _row(f"`{name}`", f"`{default}`" if default else "", words) for name, default, words in settings.variables()
    ]
    return "\n".join(["| variable | default | what it is |", "|---|---|---|", *rows])


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its whole name."""

    def walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        if isinstance(command, click.Group):
            for part in command.commands:
                yield from walk(f"{name} {part}", command.commands[part])
        else:
            yield name, command

    return walk("academy", main)


def commands_table() -> str:
    """Every command with its arguments and the first sentence of its help."""
    rows = []
    for name, command in commands():
        arguments = [p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument)]
        words = " ".join((command.help or "").split("\n\n")[0].split())
        rows.append(_row(f"`{' '.join([name, *arguments])}`", words))
    return "\n".join(["| command | does |", "|---|---|", *rows])


def between(name: str, text: str) -> str:
    """What stands between the marks of that name."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    if found is None:
        raise LookupError(f"the README has no <!-- {name} --> … <!-- /{name} -->")
    return found.group(1).strip()


def dependencies() -> set[str]:
    """The names of the packages that the academy needs to run."""
    project = tomllib.loads((README.parent / "pyproject.toml").read_text())["project"]
    return {re.split(r"[<>=!;\[ ]", line, maxsplit=1)[0] for line in project["dependencies"]}


def rewritten(text: str) -> str:
    """The README with the tables as the code has them."""
    for name, table in (("settings", settings_table()), ("commands", commands_table())):
        between(name, text)
        whole = f"<!-- {name} -->\n{table}\n<!-- /{name} -->"
        text = re.sub(rf"<!-- {name} -->\n.*?<!-- /{name} -->", lambda _, whole=whole: whole, text, flags=re.DOTALL)
    return text


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text()))
