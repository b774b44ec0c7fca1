"""Who may import whom: the contracts, what they contain, what no contract sees, and that there is no circle."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from importlib.util import find_spec

import pytest

from tests.house.test_plan import APART, LATER, ROOMS
from tests.sample import ROOT, in_git

# What a room may use of another: never its forms, its doors, its templates.
PUBLIC = {"actions", "queries", "permissions", "rules", "models", "formats"}
PUBLIC_OF = {
    "courses": {"kinds", "editions", "drafts", "packages", "publishing", "themes", "cache"},
    "lessons": {"kind"},
    "quizzes": {"kind", "kinds"},
}


def module_of(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports_of(name: str, source: str, *, modules: set[str]) -> set[str]:
    """The academy's modules that the file imports when it is loaded."""
    found = set()
    for node in _at_load(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in modules else node.module)
    return {module for module in found if module.startswith("academy") and module != module_of(name)}


def _at_load(tree: ast.AST):
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _at_load(node)


def graph() -> dict[str, set[str]]:
    names = in_git("academy/*.py")
    modules = {module_of(name) for name in names}
    return {module_of(name): imports_of(name, (ROOT / name).read_text(), modules=modules) for name in names}


def circle(edges: dict[str, set[str]]) -> list[str]:
    """A circle of imports; empty when there is none. A package's own parts may import from it and it from them."""
    state: dict[str, int] = {}
    path: list[str] = []

    def visit(module: str) -> list[str]:
        state[module] = 1
        path.append(module)
        for other in sorted(edges.get(module, ())):
            if other not in edges or other.startswith(f"{module}."):
                continue
            if state.get(other) == 1:
                return [*path[path.index(other) :], other]
            if other not in state and (found := visit(other)):
                return found
        path.pop()
        state[module] = 2
        return []

    for module in sorted(edges):
        if module not in state and (found := visit(module)):
            return found
    return []


def test_no_modules_import_each_other_in_a_circle():
    assert circle(graph()) == []


def test_control_a_circle_is_noticed():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
    assert circle({"a": {"a.x"}, "a.x": {"b"}, "b": set()}) == []


def strangers(edges: dict[str, set[str]]) -> list[str]:
    """Each import of something of another room that is not for others."""
    faults = []
    for module, imported in edges.items():
        room = module.split(".")[1] if "." in module else ""
        if room in ("", "app", "cli", "demo"):
            continue
        for other in imported:
            path = other.split(".")
            if len(path) < 3 or path[1] in (room, "foundation", "cli"):
                continue
            if path[2] not in PUBLIC | PUBLIC_OF.get(path[1], set()):
                faults.append(f"{module} imports {other}")
    return faults


def test_a_room_uses_no_forms_and_no_doors_of_another():
    assert strangers(graph()) == []


def test_control_a_foreign_door_is_noticed():
    assert strangers({"academy.learn.views": {"academy.quizzes.views", "academy.quizzes.queries"}}) == [
        "academy.learn.views imports academy.quizzes.views"
    ]


def contracts() -> dict[str, dict]:
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract for contract in found}


def test_the_floors_name_every_room_of_the_plan():
    floors = {part.strip(" ()") for layer in contracts()["floors"]["layers"] for part in layer.split("|")}
    assert floors == ROOMS | LATER | {"app", "cli", "settings"}
    assert contracts()["floors"]["exhaustive"] is True
    assert contracts()["foundation"]["exhaustive"] is True
    in_tree = {name.split("/")[1].removesuffix(".py") for name in in_git("academy/*.py")} - {"__init__"}
    assert in_tree - floors == set()
    assert {"docs"} <= APART


def test_what_may_be_exchanged_is_known_to_one_module():
    libraries = {
        "huey": {"academy.foundation.jobs"},
        "typst": {"academy.foundation.pdf"},
        "smtplib": {"academy.foundation.mail", "academy.cli.doctor"},
        "snowballstemmer": {"academy.foundation.search"},
        "alembic": {"academy.foundation.db.migrations"},
        "nh3": None,
        "segno": None,
        "waitress": None,
    }
    for library, expected in libraries.items():
        users = {
            module_of(name)
            for name in in_git("academy/*.py")
            if any(
                (isinstance(node, ast.Import) and any(a.name.split(".")[0] == library for a in node.names))
                or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == library)
                for node in ast.walk(ast.parse((ROOT / name).read_text()))
            )
        }
        assert len(users) <= 1 if expected is None else users <= expected, f"{library}: {sorted(users)}"


@pytest.fixture
def linter(strict):
    if find_spec("importlinter") is None:
        strict("import-linter is not installed: pip install -e '.[dev]'")

    def run(*arguments):
        command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
        return subprocess.run(
            [*command, "--no-cache", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )

    return run


def test_the_contracts_are_kept(linter):
    result = linter()
    assert result.returncode == 0, result.stdout[-3000:]


def test_control_contracts_bite(linter, tmp_path):
    """With the floors upside down, the contract is broken."""
    text = (ROOT / "pyproject.toml").read_text()
    upside_down = text.replace('  "accounts",\n  "foundation",\n', '  "foundation",\n  "accounts",\n')
    assert upside_down != text
    (tmp_path / "pyproject.toml").write_text(upside_down)
    result = linter("--config", str(tmp_path / "pyproject.toml"), "--contract", "floors")
    assert result.returncode != 0
    assert "not allowed to import" in result.stdout
