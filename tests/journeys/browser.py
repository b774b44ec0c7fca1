"""A browser without script: it follows links and sends forms as a page offers them, and knows nothing else."""

from __future__ import annotations

from contextvars import Context
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask


@dataclass
class Field:
    """A control of a form with the words beside it."""

    name: str
    kind: str
    value: str = ""
    chosen: bool = False
    label: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Form:
    """A form as the page offers it."""

    action: str
    method: str
    name: str = ""
    fields: list[Field] = field(default_factory=list)
    buttons: list[Field] = field(default_factory=list)

    def filled(self) -> dict[str, list[str]]:
        """What the form would send untouched."""
        found: dict[str, list[str]] = {}
        for item in self.fields:
            if item.kind not in ("checkbox", "radio") or item.chosen:
                found.setdefault(item.name, []).append(item.value)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.lang = ""
        self._form: Form | None = None
        self._last: Field | None = None
        self._apart: list[tuple[str, Field]] = []
        self._button: Field | None = None
        self._label: list[str] | None = None
        self._labelled: list[Field] = []
        self._words: list[str] | None = None
        self._kind = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = given.get("lang", "")
        elif tag == "a" and "href" in given:
            self.links.append((given["href"], ""))
            self._words, self._kind = [], "a"
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower(), given.get("id", ""))
            self.forms.append(self._form)
        elif tag == "button":
            self._button = Field(given.get("name", ""), "button", given.get("value", ""))
            self._words, self._kind = [], "button"
            if given.get("form"):
                self._apart.append((given["form"], self._button))
            elif self._form is not None:
                self._form.buttons.append(self._button)
        elif tag == "label":
            self._label, self._labelled = [], []
        elif self._form is not None:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        if tag in ("input", "select", "textarea") and given.get("name") and "disabled" not in given:
            value = given.get("value", "on" if given.get("type") in ("checkbox", "radio") else "")
            item = Field(given["name"], given.get("type", "text" if tag == "input" else tag), value, "checked" in given)
            self._form.fields.append(item)
            self._last = item
            self._labelled.append(item)
        elif tag == "option" and self._last is not None:
            if "selected" in given or not self._last.options:
                self._last.value = given.get("value", "")
            self._last.options.append((given.get("value", ""), ""))
            self._words, self._kind = [], "option"

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)
        if self._label is not None:
            self._label.append(data)

    def handle_endtag(self, tag: str) -> None:
        words = " ".join("".join(self._words or []).split())
        if tag == "a" and self._kind == "a" and self._words is not None:
            self.links[-1] = (self.links[-1][0], words)
        elif tag == "option" and self._last is not None and self._words is not None:
            self._last.options[-1] = (self._last.options[-1][0], words)
        elif tag == "button" and self._button is not None:
            self._button.label = words
        elif tag == "label" and self._label is not None:
            for item in self._labelled:
                item.label = " ".join("".join(self._label).split())
            self._label = None
        elif tag == "form":
            self._form = None
        if tag == self._kind:
            self._words, self._kind = None, ""

    def close(self) -> None:
        """Buttons that stand outside belong to the form they name."""
        super().close()
        for name, button in self._apart:
            next(form for form in self.forms if form.name == name).buttons.append(button)


class Browser:
    """One person at one browser. ``text``, ``path``, ``status`` and ``lang`` are those of the page that is shown."""

    def __init__(self, app: Flask, *, accept: str = "en") -> None:
        self._client = app.test_client()
        self._accept = accept
        self.text, self.path, self.status, self.lang = "", "/", 0, ""
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []

    def visit(self, address: str) -> Browser:
        """The page at that address is shown, over any redirects."""
        return self._show("GET", address, None)

    def follow(self, *, to: str = "", says: str = "") -> Browser:
        """The first link that leads to such an address and says these words."""
        for address, words in self.links:
            if to in address and says in words:
                return self.visit(urljoin(self.path, address))
        raise AssertionError(f"no link to “{to}” that says “{says}” on {self.path}:\n{self.links}")

    def form(self, to: str) -> Form:
        """The form whose address contains these words."""
        for form in self.forms:
            if to in (form.action or self.path) and form.method == "post":
                return form
        raise AssertionError(f"no form to “{to}” on {self.path}: {[f.action for f in self.forms]}\n{self.text}")

    def send(self, to: str, *, press: str = "", choose: tuple[str, ...] = (), **typed: str) -> Browser:
        """Fills in the form to that address and sends it.

        *typed*: name → text; *choose*: words beside a choice, or of an option; *press*: name=value of the button.
        """
        form = self.form(to)
        values = form.filled()
        for words in choose:
            self._choose(form, values, words)
        unknown = set(typed) - {item.name for item in form.fields}
        assert not unknown, f"the form has no {unknown}"
        values |= {name: [text] for name, text in typed.items()}
        if press:
            button = next((b for b in form.buttons if f"{b.name}={b.value}" == press), None)
            assert button, f"no button {press}: {form.buttons}"
            values[button.name] = [button.value]
        return self._show("POST", urljoin(self.path, form.action or self.path), values)

    def switch(self) -> Browser:
        """The same page in the other language, by the switch at the top."""
        other = "ru" if self.lang == "en" else "en"
        before = self.path
        self.follow(says=other.upper())
        assert self.path == f"/{other}/{before.split('/', 2)[2]}"
        assert self.lang == other
        return self

    @staticmethod
    def _choose(form: Form, values: dict[str, list[str]], words: str) -> None:
        for item in form.fields:
            if item.kind in ("radio", "checkbox") and words in item.label:
                values[item.name] = (
                    [*values.get(item.name, []), item.value] if item.kind == "checkbox" else [item.value]
                )
                return
            for value, says in item.options:
                if says == words:
                    values[item.name] = [value]
                    return
        raise AssertionError(f"there is no choice “{words}”: {[(f.label, f.options) for f in form.fields]}")

    def _show(self, method: str, address: str, values: dict[str, list[str]] | None) -> Browser:
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"Accept-Language": self._accept}
        # As from outside: nothing of the test's own context reaches the academy.
        answer = Context().run(
            self._client.open, target, method=method, data=values, headers=headers, follow_redirects=True
        )
        self.path, self.status, self.text = answer.request.path, answer.status_code, answer.text
        reader = _Reader()
        reader.feed(self.text)
        reader.close()
        self.forms, self.links, self.lang = reader.forms, reader.links, reader.lang
        return self
