"""The questions of the demo's course as its package has them, and how a person answers them on a page."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from academy.demo import COURSES

SLUG = "document-fraud"
COURSE = f"/courses/{SLUG}"
LANGUAGES = ("en", "ru")
WORDS = {"en": {True: "True", False: "False"}, "ru": {True: "Верно", False: "Неверно"}}


def plain(text: str) -> str:
    """The text as it is compared: blanks of any kind are one blank."""
    return " ".join(text.split())


@cache
def _questions() -> dict[str, Mapping[str, Any]]:
    """Text in either language → the question."""
    found: dict[str, Mapping[str, Any]] = {}
    for file in sorted((COURSES / SLUG).glob("*/*.quiz.toml")):
        for item in tomllib.loads(file.read_text(encoding="utf-8"))["item"]:
            # Keys of questions are unique in a quiz only.
            found |= {plain(item["text"][lang]): {**item, "quiz": file.parent.name} for lang in LANGUAGES}
    return found


def lessons() -> list[str]:
    """The keys of the required lessons, in the order of the course."""
    found = []
    for file in sorted((COURSES / SLUG).glob("*/*.en.md")):
        front = tomllib.loads(file.read_text(encoding="utf-8").split("+++")[1])
        if front.get("required", True):
            found.append(front["key"])
    return found


class Question:
    """A question on the page of an attempt."""

    def __init__(self, field: Any, lang: str) -> None:
        self.field, self.lang = field, lang
        self.kind = field.get_attribute("data-kind")
        self.item = _questions()[plain(field.locator("legend").inner_text())]
        assert self.item["kind"] == self.kind

    @property
    def name(self) -> str:
        return f"{self.item['quiz']}/{self.item['key']}"

    def _key_of(self, text: str) -> str:
        """The language-free name of a choice, a line or a prompt that is shown."""
        if self.kind == "true_false":
            return next(str(value) for value, words in WORDS[self.lang].items() if words == text)
        if self.kind == "matching":
            for pair in self.item["pairs"]:
                for side in ("left", "right"):
                    if plain(pair[side][self.lang]) == text:
                        return f"{pair['key']}.{side}"
            return next(x["key"] for x in self.item["extras"] if plain(x["text"][self.lang]) == text)
        lines = self.item["elements"] if self.kind == "ordering" else self.item["choices"]
        return next(str(line["key"]) for line in lines if plain(line["text"][self.lang]) == text)

    def shown(self) -> list[str]:
        """The language-free names of what can be chosen, from top to bottom."""
        if self.kind == "numeric":
            return []
        if self.kind in ("single", "multiple", "true_false"):
            return [self._key_of(plain(words)) for words in self.field.locator("label.choice").all_inner_texts()]
        return [self._key_of(plain(words)) for words in self.field.locator(".line label").all_inner_texts()]

    def given(self) -> Any:
        """What is chosen or typed now, free of language."""
        if self.kind == "numeric":
            return self.field.locator("input[type=text]").input_value()
        if self.kind in ("single", "multiple", "true_false"):
            boxes = self.field.locator("label.choice input")
            return {key for at, key in enumerate(self.shown()) if boxes.nth(at).is_checked()}
        lines = self.field.locator("select").all()
        values = [line.input_value() for line in lines]
        if self.kind == "ordering":
            return dict(zip(self.shown(), [value or None for value in values], strict=True))
        chosen = [plain(line.locator("option:checked").inner_text()) for line in lines]
        keys = [self._key_of(words) if value else None for words, value in zip(chosen, values, strict=True)]
        return dict(zip(self.shown(), keys, strict=True))

    def best(self) -> Any:
        """The right answer, in the shape of *given*."""
        if self.kind == "numeric":
            return str(self.item["answer"]).replace(".", "," if self.lang == "ru" else ".")
        if self.kind == "true_false":
            return {str(self.item["correct"])}
        if self.kind == "ordering":
            places = {line["key"]: str(at) for at, line in enumerate(self.item["elements"], 1)}
            return {key: places[key] for key in self.shown()}
        if self.kind == "matching":
            return {key: key.replace(".left", ".right") for key in self.shown()}
        return {choice["key"] for choice in self.item["choices"] if choice["correct"]}

    def answer(self, given: Any = None) -> Any:
        """The question is answered, by default rightly; gives what was given."""
        given = self.best() if given is None else given
        if self.kind == "numeric":
            self.field.locator("input[type=text]").fill(given)
            self.field.locator("input[type=text]").blur()
        elif self.kind in ("ordering", "matching"):
            for key, line in zip(self.shown(), self.field.locator("select").all(), strict=True):
                options = [plain(words) for words in line.locator("option").all_inner_texts()]
                at = options.index(given[key] if self.kind == "ordering" else self._words_of(given[key]))
                line.select_option(index=at)
        else:
            for at, key in enumerate(self.shown()):
                if key in given:
                    self.field.locator("label.choice").nth(at).click()
        return given

    def _words_of(self, key: str) -> str:
        pair = next(pair for pair in self.item["pairs"] if f"{pair['key']}.right" == key)
        return plain(pair["right"][self.lang])


def on_page(page: Any) -> Iterator[Question]:
    """The questions of the attempt that is shown, from top to bottom."""
    lang = page.locator("html").get_attribute("lang")
    for field in page.locator("fieldset[data-number]").all():
        yield Question(field, lang)


def answer_all(page: Any) -> dict[str, Any]:
    """Every question of the page is answered rightly; gives name → what was given."""
    return {question.name: question.answer() for question in on_page(page)}


def state_of(page: Any) -> list[tuple[str, list[str], Any]]:
    """What the attempt looks like, free of language: names of questions in order, choices in order, what is given."""
    return [(question.name, question.shown(), question.given()) for question in on_page(page)]
