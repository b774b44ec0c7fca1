"""The Russian catalogue is complete, and no template speaks without it."""

from __future__ import annotations

import re
import tomllib
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.sample import ROOT, in_git

KEYWORDS = {
    "_": None, "gettext": None, "_l": None, "lazy_gettext": None,
    "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
MIXED = re.compile(r"\b(?=\w*[a-zA-Z])(?=\w*[а-яёА-ЯЁ])[^\W\d_]+\b")
FORMS = 3


@cache
def extracted() -> frozenset[tuple[str, str | tuple[str, ...]]]:
    """(context, message) of every message in code and templates; a plural one as its pair."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"].removeprefix("academy/"), mapping["method"]) for mapping in mappings]
    options = {
        m["pattern"].removeprefix("academy/"): {k: v for k, v in m.items() if k not in ("pattern", "method")}
        for m in mappings
    }
    found = extract_from_dir(ROOT / "academy", methods, options, KEYWORDS)
    return frozenset((context or "", message) for _file, _line, message, _comments, context in found if message)


@cache
def catalogue() -> Catalog:
    with (ROOT / "translations/ru/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="ru")


def key(message: str | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def test_there_is_something_to_translate():
    assert len(extracted()) > 300


def test_every_text_has_its_russian():
    missing = []
    for context, message in extracted():
        entry = catalogue().get(key(message), context or None)
        if entry is None or not _complete(entry):
            missing.append(message)
    assert not missing, f"{len(missing)} without Russian: {sorted(map(str, missing))[:20]}"


def _complete(entry) -> bool:
    return all(entry.string) and len(entry.string) == FORMS if isinstance(entry.string, tuple) else bool(entry.string)


def test_plural_texts_have_three_forms_and_others_one():
    wrong = []
    for context, message in extracted():
        entry = catalogue().get(key(message), context or None)
        if entry is not None and isinstance(message, tuple) != isinstance(entry.string, tuple):
            wrong.append(message)
    assert wrong == []


def test_nothing_is_uncertain_and_nothing_is_left_over():
    entries = [entry for entry in catalogue() if entry.id]
    assert [entry.id for entry in entries if entry.fuzzy] == []
    wanted = {(context, key(message)) for context, message in extracted()}
    assert [entry.id for entry in entries if ((entry.context or ""), key(entry.id)) not in wanted] == []


def placeholder_faults(ids, strings) -> list[str]:
    wanted = set().union(*(PLACEHOLDER.findall(text) for text in ids))
    return [text for text in strings if text and set(PLACEHOLDER.findall(text)) - {"num"} != wanted - {"num"}]


def test_translations_keep_their_placeholders():
    faults = []
    for entry in catalogue():
        if entry.id:
            ids = entry.id if isinstance(entry.id, list | tuple) else (entry.id,)
            strings = entry.string if isinstance(entry.string, list | tuple) else (entry.string,)
            faults += placeholder_faults(ids, strings)
    assert faults == []


def test_every_plural_form_can_be_filled():
    for entry in catalogue():
        if isinstance(entry.string, tuple):
            for text in entry.string:
                text % dict.fromkeys((*PLACEHOLDER.findall(text), "num"), 1)


def mixed(text: str) -> list[str]:
    """Words of Latin and Cyrillic letters: one of them was typed on the wrong keyboard."""
    return MIXED.findall(PLACEHOLDER.sub(" ", re.sub(r"https?://\S+|`[^`\n]*`", " ", text)))


def test_no_word_mixes_latin_and_cyrillic_letters():
    found = {}
    for entry in catalogue():
        for text in entry.string if isinstance(entry.string, list | tuple) else (entry.string,):
            if entry.id and text and mixed(text):
                found[text] = mixed(text)
    for name in in_git(
        "academy/**/*.md", "academy/**/*.toml", "academy/**/*.html", "academy/**/*.svg", "academy/**/*.txt", "*.md"
    ):
        if hits := mixed((ROOT / name).read_text()):
            found[name] = hits
    assert found == {}


def test_russian_is_written_as_a_russian_would():
    """No straight quotes, no hyphen for a dash, no capital «Вы» within a sentence."""
    faults = []
    for entry in catalogue():
        for text in entry.string if isinstance(entry.string, list | tuple) else (entry.string,):
            if not entry.id or not text:
                continue
            plain = re.sub(r"<[^>]*>|`[^`]*`", "", text)
            if '"' in plain or " - " in plain or re.search(r"(?<=[а-яё,] )(Вы|Вас|Вам|Ваш)\b", plain):
                faults.append(text)
    assert faults == []


TAGS = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SAID = re.compile(r"\b(?:alt|title|placeholder|aria-label|aria-description|content|value)=\"([^\"]*)\"")
LETTERS = re.compile(r"[^\W\d_]{2,}")
# Names of formats and units of typography that are the same in every language.
SAME = {
    "PDF", "CSV", "URL", "UTC", "width", "device", "initial", "scale", "light", "dark", "XXXX", "XXXXX",
    "noindex", "nofollow", "noarchive",
}  # fmt: skip
# Says everything in both languages at once, as it is printed.
BOTH = {"academy/certificates/templates/certificates/sheet.html"}
ADDRESSES = re.compile(r"\S+@\S+|@?\b[a-z0-9.]+\.example\b")


def literals(source: str) -> list[str]:
    """Words that a template says without asking the catalogue."""
    without = JINJA.sub("\x00", source)
    said = [text for text in SAID.findall(without) if "\x00" not in text]
    values = re.findall(r"<(?:input|button)\b[^>]*value=\"([^\"]*)\"", without)
    spoken = [text for text in said if text not in values]
    texts = [TAGS.sub(" ", without), *spoken]
    words = [word for text in texts for word in LETTERS.findall(ADDRESSES.sub(" ", re.sub(r"&\w+;", " ", text)))]
    return [word for word in words if word not in SAME]


def test_no_template_speaks_without_the_catalogue():
    names = set(in_git("academy/**/templates/**/*.html")) - BOTH
    found = {name: literals((ROOT / name).read_text()) for name in names}
    assert {name: words for name, words in found.items() if words} == {}


def test_no_mail_speaks_without_the_catalogue():
    found = {}
    for name in in_git("academy/**/templates/**/mail/*.txt"):
        text = JINJA.sub("", (ROOT / name).read_text()).replace("Subject:", "")
        if words := LETTERS.findall(text):
            found[name] = words
    assert found == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ("<p>{{ _('Hello') }}</p>", []),
        ('<img alt="A figure">', ["figure"]),
        ('<a class="btn" href="/x">{{ name }}</a>', []),
        ("{# a remark #}{% if x %}Yes{% endif %}", ["Yes"]),
    ],
)
def test_control_a_literal_is_noticed(source, found):
    assert literals(source) == found


def test_controls_of_the_catalogue():
    assert placeholder_faults(["%(n)s of %(m)s"], ["%(n)s из %(k)s"]) != []
    assert placeholder_faults(["%(num)s thing", "%(num)s things"], ["одна вещь", "%(num)s вещи", "%(num)s вещей"]) == []
    assert mixed("Cертификат") == ["Cертификат"]
    assert mixed("PDF-файл, 5 МБ и `кодx`") == []
