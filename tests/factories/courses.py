"""Course packages and published courses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec

from academy.courses import actions, kinds, queries
from academy.courses.editions import EditionView
from academy.courses.packages import CoursePackage, ReadPackage, read_package
from academy.foundation import db
from academy.foundation.security import OPERATOR

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LANGUAGES = ("en", "ru")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 250"><title>{}</title>'
    '<path d="M1 1h9" stroke="#1b2433"/></svg>\n'
)

COURSE = """code = "{code}"
slug = "{slug}"
theme = "T1"
tags = ["documents"]
level = "introductory"
minutes = 30
source = "en"
checked_on = 2026-03-01

[completion]
share = {share}{final}

[certificate]
kind = "completion"
issue = "{issue}"

[title]
en = "Checking documents"
ru = "Проверка документов"

[summary]
en = "How to look at a document."
ru = "Как смотреть на документ."

[[outcomes]]
key = "O1"
bloom = "apply"
[outcomes.text]
en = "check a document"
ru = "проверять документ"
"""
LESSON_EN = """+++
key = "{key}"
title = "{title}"
minutes = 8
required = true
checked_on = 2026-03-01
sources = ["ICAO Doc 9303"]
+++

Look at the page before you touch it.

## Order

![A page that is tilted](media/tilt.en.svg "Tilt it slowly.")

- look
- feel

!!! remember "Remember"
    A deviation is no proof.
"""
LESSON_RU = """+++
title = "{title}"
+++

Посмотрите на страницу, прежде чем взять её в руки.

## Порядок

![Страницу наклоняют](media/tilt.ru.svg "Наклоняйте медленно.")

- посмотреть
- потрогать

!!! remember "Помните"
    Отклонение ничего не доказывает.
"""
QUIZ = """key = "check-1"
purpose = "check"
minutes = 5
required = true

[title]
en = "Check yourself"
ru = "Проверьте себя"

[settings]
attempts = 0
wait_hours = 0
passing_score = 0.5
shuffle_items = false
shuffle_choices = false
show = "feedback"

[[item]]
key = "first"
kind = "single"
outcome = "O1"
bloom = "understand"
points = 1

[item.text]
en = "What comes first?"
ru = "С чего начать?"

[item.feedback]
en = "Looking comes first."
ru = "Сначала смотрят."

[[item.choices]]
key = "a"
correct = true

[item.choices.text]
en = "Look"
ru = "Посмотреть"

[item.choices.feedback]
en = "Right."
ru = "Верно."

[[item.choices]]
key = "b"
correct = false

[item.choices.text]
en = "Cut"
ru = "Разрезать"

[item.choices.feedback]
en = "Never."
ru = "Никогда."
"""


@dataclass(frozen=True)
class Published:
    """A course that was imported and published."""

    course_id: int
    edition_id: int
    code: str
    slug: str

    @property
    def edition(self) -> EditionView:
        """The edition; needs an open session."""
        return queries.get_edition(self.edition_id)


def register_kinds() -> None:
    """The kinds that there are, are known; for tests without an application."""
    from academy.lessons import kind as lessons

    kinds.register(lessons.KIND)
    if find_spec("academy.quizzes.kind"):
        from academy.quizzes import kind as quizzes

        kinds.register(quizzes.KIND)


def package_files(
    *,
    code: str = "TST",
    slug: str = "checking-documents",
    share: float = 1.0,
    issue: str = "automatic",
    with_quiz: bool = True,
    lessons: tuple[str, ...] = ("look-first",),
    changes: Mapping[str, str | bytes | None] | None = None,
) -> dict[str, bytes]:
    """A small course as package files: lessons in the first module, a quiz (where that kind exists) in the second.

    *changes*: path → other content, or None to leave the file out.
    """
    register_kinds()
    with_quiz = with_quiz and any(k.name == "quiz" for k in kinds.kinds())
    final = '\nfinal_test = "check-1"' if with_quiz else ""
    found: dict[str, str | bytes | None] = {
        "course.toml": COURSE.format(code=code, slug=slug, share=f"{share:g}", issue=issue, final=final),
        "01-looking/module.toml": '[title]\nen = "Looking"\nru = "Осмотр"\n',
        "media/tilt.en.svg": SVG.format("Tilting"),
        "media/tilt.ru.svg": SVG.format("Наклон"),
    }
    for number, key in enumerate(lessons, start=1):
        title = "Look first" if number == 1 else f"Lesson {number}"
        russian = "Сначала посмотреть" if number == 1 else f"Урок {number}"
        found[f"01-looking/{number:02}-{key}.en.md"] = LESSON_EN.format(key=key, title=title)
        found[f"01-looking/{number:02}-{key}.ru.md"] = LESSON_RU.format(title=russian)
    found["02-judging/module.toml"] = '[title]\nen = "Judging"\nru = "Оценка"\n'
    if with_quiz:
        found["02-judging/01-check.quiz.toml"] = QUIZ
    else:
        found["02-judging/01-in-short.en.md"] = LESSON_EN.format(key="in-short", title="In short")
        found["02-judging/01-in-short.ru.md"] = LESSON_RU.format(title="Коротко")
    found |= changes or {}
    return {
        name: content.encode() if isinstance(content, str) else content
        for name, content in found.items()
        if content is not None
    }


def read_files(files: Mapping[str, bytes]) -> ReadPackage:
    """What reading these package files gives."""
    register_kinds()
    return read_package(files, LANGUAGES)


def make_course_package(**options: object) -> CoursePackage:
    """The package of `package_files`, read without a fault."""
    read = read_files(package_files(**options))  # type: ignore[arg-type]  # the options are those of package_files
    assert read.package is not None, [str(fault) for fault in read.faults]
    return read.package


def imported_course(package: CoursePackage | None = None, *, now: datetime = AT, **options: object) -> int:
    """The id of a course that was imported; opens a unit of work where none is open."""
    package = package or make_course_package(**options)
    actions.keep_media(package)
    if db.in_unit_of_work():
        return actions.import_package(package, actor=OPERATOR, now=now).course_id
    with db.current().write():
        return actions.import_package(package, actor=OPERATOR, now=now).course_id


def published_course(package: CoursePackage | None = None, *, now: datetime = AT, **options: object) -> Published:
    """A course that was imported and published: two modules, a lesson and a quiz, in both languages."""
    package = package or make_course_package(**options)
    course_id = imported_course(package, now=now)
    if db.in_unit_of_work():
        edition = actions.publish(course_id, actor=OPERATOR, now=now)
    else:
        with db.current().write():
            edition = actions.publish(course_id, actor=OPERATOR, now=now)
    return Published(course_id, edition.id, package.draft.code, package.draft.slug)
