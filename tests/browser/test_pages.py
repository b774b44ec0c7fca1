"""Every page that matters, in both languages, on a narrow phone and on a desk, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.conftest import Served, Watch, axe_violations, new_window, sign_in
from tests.browser.questions import COURSE, answer_all

LEARNER, HOLDER, TAKER, ADMIN = "learner@demo.example", "p01@demo.example", "p29@demo.example", "admin@demo.example"
ANYONE = ""
HEIGHT = 800
CERTIFICATE = "[href*='/admin/certificates/']:not([href$=register]):not([href$=corrections])"
SIZES = (320, 1280)

# The first page of each kind that a page leads to.
Place = str | Callable[[Any, Served], str]


def through(start: str, selector: str) -> Place:
    """The address of the first link on that page that fits the selector."""

    def find(page: Any, served: Served) -> str:
        page.goto(served.address(start))
        href = page.locator(f"main {selector}").first.get_attribute("href")
        return "/" + href.split("/", 2)[2]

    return find


def _attempt(page: Any, served: Served) -> str:
    """An attempt at the check of module 4 that stays open."""
    page.goto(served.address(f"{COURSE}/check-4"))
    if page.get_by_role("button", name="Start").count():
        page.get_by_role("button", name="Start").click()
    else:
        page.get_by_role("link", name="Continue the attempt").click()
    page.wait_for_url("**/attempts/*")
    return "/" + page.url.split("/", 4)[4]


def _review(page: Any, served: Served) -> str:
    return f"{_attempt(page, served)}/review"


def _final_result(page: Any, served: Served) -> str:
    """The result of a final test, taken now."""
    page.goto(served.address(f"{COURSE}/final-test"))
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/attempts/*")
    answer_all(page)
    page.get_by_role("button", name="Review and hand in").click()
    page.wait_for_url("**/review")
    page.get_by_role("button", name="Hand in").click()
    page.locator(".verdict").wait_for()
    return "/" + page.url.split("/", 4)[4]


def _verified(page: Any, served: Served) -> str:
    page.goto(served.address("/certificates"))
    page.locator("main .doc-list h2 a").first.click()
    page.locator("dd.code").wait_for()
    return f"/verify/{page.locator('dd.code').inner_text()}"


PAGES: dict[str, tuple[str, Place]] = {
    "home": (ANYONE, "/"),
    "course": (ANYONE, COURSE),
    "login": (ANYONE, "/login"),
    "register": (ANYONE, "/register"),
    "forgotten": (ANYONE, "/forgotten"),
    "confirm": (ANYONE, "/confirm"),
    "privacy": (ANYONE, "/privacy"),
    "help": (ANYONE, "/help"),
    "help-page": (ANYONE, through("/help", "a[href*='/help/']")),
    "accessibility": (ANYONE, "/help/accessibility"),
    "search": (ANYONE, "/search?q=паспорт"),
    "search-nothing": (ANYONE, "/search?q=ыыы"),
    "verify": (ANYONE, "/verify"),
    "verify-unknown": (ANYONE, "/verify/0000-0000-0000-0000-00000-00000"),
    "verify-result": (HOLDER, _verified),
    "not-found": (ANYONE, "/nothing-here"),
    "not-allowed": (LEARNER, "/admin"),
    "my-home": (LEARNER, "/"),
    "my-course": (LEARNER, COURSE),
    "my": (LEARNER, "/my"),
    "transcript": (LEARNER, "/my/transcript"),
    "letter": (LEARNER, "/my/letters/document-fraud"),
    "lesson": (LEARNER, f"{COURSE}/look-feel-tilt"),
    "lesson-in-both": (LEARNER, f"{COURSE}/genuine-or-not?other=-1"),
    "module": (LEARNER, f"{COURSE}/module/security-features/print"),
    "mistake": (LEARNER, f"{COURSE}/look-feel-tilt/mistake"),
    "quiz-rules": (LEARNER, f"{COURSE}/final-test"),
    "attempt": (TAKER, _attempt),
    "review": (TAKER, _review),
    "result": (TAKER, through(f"{COURSE}/check-2", ".attempts a")),
    "final-result": (TAKER, _final_result),
    "no-certificates": (LEARNER, "/certificates"),
    "certificates": (HOLDER, "/certificates"),
    "certificate": (HOLDER, through("/certificates", ".doc-list h2 a")),
    "correction": (HOLDER, through("/certificates", ".doc-list h2 a")),
    "name": (HOLDER, "/certificates/name"),
    "account": (LEARNER, "/account"),
    "account-edit": (LEARNER, "/account/profile"),
    "account-password": (LEARNER, "/account/password"),
    "account-sessions": (LEARNER, "/account/sessions"),
    "desk": (ADMIN, "/admin"),
    "people": (ADMIN, "/admin/people"),
    "invite": (ADMIN, "/admin/people/invite"),
    "person": (ADMIN, through("/admin/people?q=p01", "a[href*='/admin/people/']:not([href$=invite])")),
    "enrolments": (ADMIN, "/admin/courses"),
    "enrolments-of-course": (ADMIN, "/admin/courses/DOC"),
    "enrol": (ADMIN, "/admin/courses/DOC/enrol"),
    "certificate-queue": (ADMIN, "/admin/certificates"),
    "register-of-certificates": (ADMIN, "/admin/certificates/register"),
    "desk-certificate": (ADMIN, through("/admin/certificates/register", f"a{CERTIFICATE}")),
    "corrections": (ADMIN, "/admin/certificates/corrections"),
    "mistakes": (ADMIN, "/admin/mistakes"),
    "audit": (ADMIN, "/admin/audit"),
}  # fmt: skip
REFUSED = {"not-found": 404, "verify-unknown": 404, "not-allowed": 403}


class Readers:
    """A browser window for each person, signed in once."""

    def __init__(self, chromium: Any, served: Served) -> None:
        self._chromium, self.served = chromium, served
        self._pages: dict[str, Any] = {}
        self._places: dict[str, str] = {}

    def page_of(self, person: str) -> Any:
        if person not in self._pages:
            page = new_window(self._chromium, height=HEIGHT).new_page()
            if person:
                sign_in(page, self.served, person)
            self._pages[person] = page
        return self._pages[person]

    def address_of(self, name: str) -> str:
        """The address of that page, without the language."""
        person, place = PAGES[name]
        if name not in self._places:
            found = place if isinstance(place, str) else place(self.page_of(person), self.served)
            self._places[name] = f"{found}/correction" if name == "correction" else found
        return self._places[name]

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()


@pytest.fixture(scope="module")
def readers(chromium: Any, served: Served) -> Iterator[Readers]:
    made = Readers(chromium, served)
    yield made
    made.close()


def too_wide(page: Any) -> list[str]:
    """What stands out of the page at its side, when the page can be pushed sideways."""
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
        [...document.querySelectorAll('body *')]
        .filter(found => found.getBoundingClientRect().right > innerWidth + 1)
        .map(found => found.outerHTML.slice(0, 120))"""
    )


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_in_every_look(readers: Readers, served: Served, watch: Watch, name: str, lang: str) -> None:
    address = readers.address_of(name)
    page = readers.page_of(PAGES[name][0])
    page.set_viewport_size({"width": SIZES[0], "height": HEIGHT})
    page.emulate_media(color_scheme="light")
    watch.over(page)
    answer = page.goto(served.address(address, lang=lang))
    assert answer.status == REFUSED.get(name, 200)
    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("h1").count() == 1
    faults = []
    for width in SIZES:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        faults += [f"{width} px, too wide: {part}" for part in too_wide(page)]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            faults += [f"{width} px, {scheme}: {fault}" for fault in axe_violations(page)]
    assert faults == []
