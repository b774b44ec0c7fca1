"""The words of the house: what things are called in code, and what no file of the project says."""

from __future__ import annotations

import ast
import re

import pytest

from tests.sample import ROOT, in_git

# From the plan's list of words. A word counts when it is a whole part of a name: `student_id`, `enrollAll`.
NEVER = {
    "student", "students", "instructor", "instructors", "enroll", "enrolls", "enrolled_at_all", "enrollment",
    "enrollments", "exam", "exams", "batch", "batches", "signup", "signups",
}  # fmt: skip
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".woff2", ".pdf", ".ico", ".zip", ".xlsx"}
# Written so that this file does not contain them.
WORKPLACE = re.compile(
    "|".join(
        [
            r"/" + r"work/(?!flow)",
            r"/" + r"root/",
            r"/" + r"home/\w+/",
            r"\bC:\\" + r"Users",
            r"\bclau" + r"de\b",
            r"\banthro" + r"pic\b",
            r"\bsub-?" + r"agents?\b",
            r"\bopen" + r"ai\b",
            r"\bco" + r"pilot\b",
            r"\blanguage " + r"model\b",
            r"\bas an " + r"AI\b",
        ]
    ),
    re.IGNORECASE,
)


def words_of(identifier: str) -> list[str]:
    """The words of a name: `sendHTMLMail_now` → send, html, mail, now."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", identifier)
    return [word for word in spaced.lower().split("_") if word]


def identifiers(source: str) -> set[str]:
    """Every name that the module itself gives: functions, classes, arguments, variables, attributes, columns."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.keyword) and node.arg:
            found.add(node.arg)
    return found


def word_faults(source: str) -> list[str]:
    return sorted(name for name in identifiers(source) if NEVER & set(words_of(name)))


def test_names_are_those_of_the_plan():
    found = {name: word_faults((ROOT / name).read_text()) for name in in_git("academy/*.py", "tests/*.py", "wsgi.py")}
    assert {name: faults for name, faults in found.items() if faults and "test_words" not in name} == {}


@pytest.mark.parametrize(
    "source", ["student = 1", "def f(exam_id): ...", "class SignupForm: ...", "def enrollAll(): ..."]
)
def test_control_a_name_of_another_house_is_noticed(source):
    assert word_faults(source) != []


def test_control_our_own_names_are_none():
    assert word_faults("def enrol(enrolment): examine = contested = learner = 1") == []


def test_addresses_and_tables_use_the_same_words(app):
    from academy.foundation import db

    rules = {word for rule in app.url_map.iter_rules() for word in re.split(r"[^a-z]+", rule.rule)}
    tables = {
        word
        for table in db.Base.metadata.tables.values()
        for name in (table.name, *table.c.keys())
        for word in words_of(name)
    }
    assert (rules | tables) & NEVER == set()


def texts() -> dict[str, str]:
    """All files of the project that are text."""
    found = {}
    for name in in_git():
        if not name.endswith(tuple(BINARY)):
            found[name] = (ROOT / name).read_text(encoding="utf-8")
    return found


def test_no_file_speaks_of_a_workplace_or_of_one_machine():
    found = {name: sorted({m.group() for m in WORKPLACE.finditer(text)}) for name, text in texts().items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


@pytest.mark.parametrize("text", ["see /" + "work/notes", "open /" + "root/x", "by Clau" + "de", "a sub" + "agent did"])
def test_control_such_words_are_noticed(text):
    assert WORKPLACE.search(text)


def test_texts_end_with_one_line_end_and_have_no_tabs_or_carriage_returns():
    faults = [
        name
        for name, text in texts().items()
        if text
        and (not text.endswith("\n") or "\r" in text or (name.endswith((".py", ".html", ".toml")) and "\t" in text))
    ]
    assert faults == []


def test_the_lock_file_names_no_registry():
    assert re.search(r"https?://|index-url|find-links|trusted-host", (ROOT / "requirements.lock").read_text()) is None
