"""Everything by keyboard alone: where the focus is can be seen at every step, and it goes down the page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tests.browser.conftest import PASSWORD, Served
from tests.browser.questions import COURSE, on_page

LEARNER = "p35@demo.example"
KINDS = {"single", "multiple", "true_false", "ordering", "matching", "numeric"}
MOST_STOPS = 120

# Where the focus is: whether it can be seen, whether something lies over it, and where on the page it stands.
FOCUS = """() => {
  const found = document.activeElement;
  if (!found || found === document.body) return null;
  const style = getComputedStyle(found), box = found.getBoundingClientRect();
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const across = middle(box.left, box.right, innerWidth), down = middle(box.top, box.bottom, innerHeight);
  const above = document.elementFromPoint(across, down);
  const own = [found, ...found.labels ?? []];
  return {
    words: (found.labels?.[0]?.innerText || found.innerText || found.name || found.tagName).trim().slice(0, 60),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    covered: !above || !(above.contains(found) || own.some(part => part.contains(above))),
    top: Math.round(box.top + scrollY), bottom: Math.round(box.bottom + scrollY),
    inside: document.getElementById("main").contains(found),
  };
}"""


class Keys:
    """Hands that have a keyboard only."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab(self) -> dict[str, Any] | None:
        """The next place; it can be seen there. None at the end of the page."""
        self.press("Tab")
        stop = self.page.evaluate(FOCUS)
        if stop is not None:
            assert stop["outlined"], f"the focus cannot be seen on “{stop['words']}” of {self.page.url}"
            assert not stop["covered"], f"something lies over “{stop['words']}” of {self.page.url}"
        return stop

    def go_to(self, locator: Any) -> None:
        """The focus is on what the locator finds, reached by Tab."""
        target = locator.element_handle()
        for _stop in range(MOST_STOPS):
            self.tab()
            if target.evaluate("found => found === document.activeElement"):
                return
        raise AssertionError(f"{locator} is not reached by Tab on {self.page.url}")

    def follow(self, locator: Any, to: str | Callable[[str], bool]) -> None:
        """The link or button was reached and pressed, and the page at that address has come."""
        self.go_to(locator)
        self.press("Enter")
        self.page.wait_for_url(to)


def _answer(keys: Keys, question: Any) -> None:
    field = question.field
    if question.kind == "numeric":
        keys.go_to(field.locator("input[type=text]"))
        keys.press("7")
    elif question.kind in ("ordering", "matching"):
        for place, line in enumerate(field.locator("select").all(), 1):
            keys.go_to(line)
            keys.press(*["ArrowDown"] * place)
    elif question.kind == "multiple":
        for at in (0, 1):
            keys.go_to(field.locator("input[type=checkbox]").nth(at))
            keys.press("Space")
    else:
        keys.go_to(field.locator("input[type=radio]").first)
        keys.press("Space", "ArrowDown")


def _check(question: Any) -> None:
    given = question.given()
    if question.kind == "numeric":
        assert given == "7"
    elif question.kind == "ordering":
        assert list(given.values()) == [str(place) for place in range(1, len(given) + 1)]
    elif question.kind == "matching":
        assert None not in given.values()
    elif question.kind == "multiple":
        assert given == set(question.shown()[:2])
    else:
        assert given == {question.shown()[1]}


def _take(keys: Keys, page: Any) -> set[str]:
    """The quiz whose rules are shown is taken and handed in; gives the kinds of its questions."""
    main = page.get_by_role("main")
    keys.follow(main.get_by_role("button", name="Start"), "**/attempts/*")
    questions = list(on_page(page))
    for question in questions:
        _answer(keys, question)
    for question in questions:
        _check(question)
    keys.follow(main.get_by_role("button", name="Review and hand in"), "**/review")
    keys.go_to(main.get_by_role("button", name="Hand in"))
    keys.press("Enter")
    page.locator(".verdict").wait_for()
    return {question.kind for question in questions}


def test_from_signing_in_to_handing_in(open_page: Any, served: Served) -> None:
    page = open_page("/login", width=1280, height=800)
    keys, main = Keys(page), page.get_by_role("main")
    keys.go_to(page.locator("input[name=email]"))
    page.keyboard.type(LEARNER)
    keys.go_to(page.locator("input[name=password]"))
    page.keyboard.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)

    # Continue where one was: a lesson, read to its end, and on to the quiz after it.
    page.goto(served.address("/my"))
    keys.follow(main.get_by_role("link", name="Continue").first, f"**{COURSE}/how-documents-are-attacked")
    keys.follow(main.get_by_role("button", name="Read, continue"), f"**{COURSE}/check-1")
    kinds = _take(keys, page)
    for quiz in ("check-2", "check-3"):
        page.goto(served.address(f"{COURSE}/{quiz}"))
        kinds |= _take(keys, page)
    assert kinds == KINDS


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("path", ["/", COURSE])
def test_the_skip_link_leads_over_the_menu(open_page: Any, lang: str, path: str) -> None:
    page = open_page(path, lang=lang, width=360)
    keys = Keys(page)
    stop = keys.tab()
    assert stop is not None
    assert page.locator(".skip").evaluate("found => found === document.activeElement")
    assert not stop["inside"]
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    following = keys.tab()
    assert following is not None
    assert following["inside"]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/my", COURSE, f"{COURSE}/how-documents-are-attacked", "/account/profile"])
def test_the_focus_goes_down_the_page(open_page: Any, path: str, width: int) -> None:
    page = open_page(path, lang="ru", width=width, height=740, as_="p36@demo.example")
    keys = Keys(page)
    stops = []
    while len(stops) < MOST_STOPS and (stop := keys.tab()) is not None:
        if stop["inside"]:
            stops.append(stop)
    assert len(stops) > 2
    if width == 1280:
        # Beside each other stand two columns: each by itself goes down.
        assert sum(after["bottom"] < before["top"] for before, after in pairwise(stops)) <= 1
        return
    for before, after in pairwise(stops):
        assert after["bottom"] >= before["top"], f"from “{before['words']}” up to “{after['words']}”"


def test_control_a_focus_that_cannot_be_seen_is_found(open_page: Any) -> None:
    page = open_page("/login")
    page.evaluate("document.querySelectorAll('a').forEach(link => link.style.outline = 'none')")
    with pytest.raises(AssertionError, match="cannot be seen"):
        Keys(page).go_to(page.locator("input[name=email]"))
