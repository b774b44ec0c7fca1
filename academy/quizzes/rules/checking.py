"""What keeps a quiz from being published, in plain English sentences for its authors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from academy.quizzes.kinds.grading import GRADING
from academy.quizzes.rules.authored import AuthoredItem, AuthoredQuiz


def faults(quiz: AuthoredQuiz, *, required: bool, outcomes: Collection[str]) -> Iterator[str]:
    """Every fault of content."""
    if not quiz.items:
        yield "a quiz needs at least one item"
    yield from _twice("two items have the key", (item.key for item in quiz.items))
    yield from _settings_faults(quiz, required=required)
    for item in quiz.items:
        for fault in _item_faults(item, explained=quiz.purpose == "check", outcomes=outcomes):
            yield f"item “{item.key}”: {fault}"


def _settings_faults(quiz: AuthoredQuiz, *, required: bool) -> Iterator[str]:
    settings = quiz.settings
    if settings.draw is not None and not 1 <= settings.draw <= len(quiz.items):
        yield f"“draw” is {settings.draw}, but there are {len(quiz.items)} items"
    if quiz.purpose == "final" and settings.passing_score is None:
        yield "a final test needs a “passing_score”"
    if quiz.purpose == "final" and settings.show == "feedback" and not settings.attempts:
        yield "a final test that shows its key can be taken again without end; limit “attempts” or show outcomes only"
    if quiz.purpose != "pre":
        return
    if settings.passing_score is not None:
        yield "a pre-test has no “passing_score”"
    if settings.show != "outcomes":
        yield "a pre-test shows outcomes only, so that it can be compared with the final test"
    if required:
        yield "a pre-test is not required"


def _item_faults(item: AuthoredItem, *, explained: bool, outcomes: Collection[str]) -> Iterator[str]:
    if item.outcome not in outcomes:
        yield f"the course has no outcome “{item.outcome}”"
    if item.feedback is None:
        yield "the feedback is missing"
    yield from _twice("two choices have the key", (choice.key for choice in item.choices))
    yield from _twice(
        "two right sides read", (choice.match.plain(choice.match.source) for choice in item.choices if choice.match)
    )
    yield from _twice(
        "two choices read", (choice.text.plain(choice.text.source) for choice in item.choices if choice.text)
    )
    if explained:
        for choice in item.of_role("choice"):
            if choice.feedback is None:
                yield f"choice “{choice.key}” needs feedback that says why it is right or wrong"
    yield from GRADING[item.kind].faults(item)


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    return (f"{what} “{name}”" for name, count in Counter(names).items() if count > 1)
