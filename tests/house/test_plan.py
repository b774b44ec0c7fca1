"""The files in git against the plan of the house."""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath

import pytest

from tests.sample import ROOT, in_git

TOP = {
    "academy", "translations", "migrations", "tests", "wsgi.py", "pyproject.toml", "README.md", "LICENSE",
    "CHANGELOG.md", "requirements.lock",
}  # fmt: skip
ROOMS = {
    "accounts", "admin", "authoring", "certificates", "courses", "demo", "enrolments", "foundation", "learn",
    "lessons", "notifications", "progress", "quizzes",
}  # fmt: skip
# Rooms of the plan that may be built; others are not in the plan.
LATER = {"translation", "reports", "live", "evaluations", "library"}
APART = {"app.py", "settings.py", "__init__.py", "cli", "cli.py", "docs"}
# What a room may consist of, as a file or as a folder of the same name.
PARTS = {
    "models", "rules", "formats", "permissions", "queries", "actions", "forms", "views", "staff", "api", "cli", "jobs",
    "templates", "static", "data", "__init__",
}  # fmt: skip
# What single rooms have beside that, by the plan or by what they are.
OWN = {
    "courses": {"kinds", "editions", "drafts", "cache", "publishing", "packages", "themes"},
    "quizzes": {"kind", "kinds"},
    "lessons": {"kind", "content", "page"},
    "demo": {"people", "past", "courses"},
    "foundation": {
        "web", "jobs", "mail", "pdf", "search", "files", "audit", "db", "i18n", "clock", "errors", "security",
        "commands",
    },
}  # fmt: skip
VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|managers?|services?|base|misc|stuff|lib|shared)(_|$)")
MOST_LINES = 450


def parts(name: str) -> PurePosixPath:
    return PurePosixPath(name)


def plan_faults(names: list[str]) -> list[str]:
    """Each file that the plan has no place for."""
    faults = []
    for name in names:
        path = parts(name)
        if not path.parts[0].startswith(".") and path.parts[0] not in TOP:
            faults.append(f"{name}: no such thing stands at the top")
        if path.parts[0] in ("academy", "tests") and path.suffix == ".py" and VAGUE.search(path.stem):
            faults.append(f"{name}: says nothing about what is in it")
        if any(VAGUE.search(part) for part in path.parts[1:-1]):
            faults.append(f"{name}: lies in a folder that says nothing about what is in it")
        if path.parts[0] == "academy":
            faults += _room_faults(path)
    return faults


def _room_faults(path: PurePosixPath) -> list[str]:
    if path.parts[1] in APART:
        return []
    room = path.parts[1]
    if room not in ROOMS | LATER:
        return [f"{path}: there is no room {room}"]
    part = path.parts[2].removesuffix(".py")
    if part not in PARTS | OWN.get(room, set()):
        return [f"{path}: a room has no {part}"]
    if part == "templates" and path.parts[3] != room and room != "foundation":
        return [f"{path}: templates of a room lie in templates/{room}/"]
    return []


def test_every_file_has_its_place_in_the_plan():
    faults = plan_faults(in_git())
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "name",
    [
        "scripts/deploy.sh",
        "academy/payments/models.py",
        "academy/quizzes/engine.py",
        "academy/courses/utils.py",
        "academy/courses/rules/common.py",
        "academy/learn/templates/quizzes/page.html",
        "tests/helpers/x.py",
    ],
)
def test_control_a_file_without_a_place_is_noticed(name):
    assert plan_faults([name]) != []


def test_every_room_of_the_plan_is_there():
    assert {parts(name).parts[1] for name in in_git("academy/*/*")} - APART >= ROOMS


def test_every_room_is_a_package_and_has_tests_beside_it():
    names = set(in_git("academy", "tests"))
    folders = {str(parts(name).parent) for name in names if name.endswith(".py")}
    assert [folder for folder in sorted(folders) if f"{folder}/__init__.py" not in names] == []
    tested = {parts(name).parts[1] for name in names if re.fullmatch(r"tests/\w+/(.*/)?test_\w+\.py", name)}
    assert sorted(ROOMS - tested) == []


def test_a_file_and_a_folder_do_not_share_a_name():
    names = set(in_git("academy"))
    assert [name for name in names if name.endswith(".py") and f"{name[:-3]}/__init__.py" in names] == []


def test_no_file_is_too_long_to_be_read_at_once():
    long = {name: len((ROOT / name).read_text().splitlines()) for name in in_git("academy/*.py")}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}


def test_pictures_of_the_readme_are_there():
    readme = (ROOT / "README.md").read_text()
    pictures = re.findall(r"\]\((academy/docs/pictures/[^)]+)\)", readme)
    assert pictures
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []


def commits(source: str) -> list[int]:
    """The lines on which something is committed or rolled back."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("commit", "rollback")
    ]


def test_nobody_commits_but_the_unit_of_work():
    allowed = {"academy/foundation/db/database.py", "academy/foundation/web/units.py"}
    found = {name: commits((ROOT / name).read_text()) for name in in_git("academy/*.py") if name not in allowed}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_control_a_commit_is_noticed():
    assert commits("from x import db\ndb.session.commit()") == [2]


def test_only_doors_commands_and_jobs_read_the_clock():
    allowed = re.compile(
        r"academy/(\w+/(views|staff|api|cli|jobs)(\.py|/.*)|app\.py|cli/.*|demo/.*|foundation/.*|\w+/page\.py|\w+/kind\.py|"
        # Whom a command acts as is asked before any action is.
        r"accounts/queries/identity\.py)$"
    )
    reading = [name for name in in_git("academy/*.py") if "clock.now(" in (ROOT / name).read_text()]
    assert [name for name in reading if not allowed.match(name)] == []
    elsewhere = re.compile(r"\b(datetime\.now|date\.today|datetime\.utcnow|time\.time)\(")
    rest = [name for name in in_git("academy/*.py") if name != "academy/foundation/clock.py"]
    assert [name for name in rest if elsewhere.search((ROOT / name).read_text())] == []
