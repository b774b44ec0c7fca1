"""An answer that was given is never lost: without a line, after the window was closed, after the sign-in has ended."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Served, Watch, fill_in, sign_in
from tests.browser.questions import COURSE, on_page

WAITS = "Пока не сохранено. Ответы остаются на этом устройстве"
SIGNED_OUT = "Сеанс завершён."
SAVED = "Сохранено"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('academy-answer:')).length"
PATIENCE = 30_000


class Learner:
    """Somebody who takes a quiz, in Russian, on a phone."""

    def __init__(self, context: Any, served: Served, email: str) -> None:
        self.context, self.served, self.email = context, served, email
        self.page = context.new_page()
        sign_in(self.page, served, email, lang="ru")

    def start(self, quiz: str) -> None:
        self.page.goto(self.served.address(f"{COURSE}/{quiz}", lang="ru"))
        self.page.get_by_role("main").get_by_role("button", name="Начать").click()
        self.page.wait_for_url("**/ru/attempts/*")

    def answer(self, *places: int) -> dict[str, Any]:
        """The questions at these places are answered; gives name → what was given."""
        questions = list(on_page(self.page))
        return {questions[at].name: questions[at].answer() for at in places}

    def given(self) -> dict[str, Any]:
        """What the page shows as answered."""
        found = {question.name: question.given() for question in on_page(self.page)}
        return {
            name: value
            for name, value in found.items()
            if value and not (isinstance(value, dict) and None in value.values())
        }

    def kept(self) -> int:
        """How many answers wait on this device."""
        return int(self.page.evaluate(KEPT))

    def sees(self, words: str) -> None:
        expect(self.page.locator("#saved")).to_contain_text(words, timeout=PATIENCE)


@pytest.fixture
def learner(open_window: Any, served: Served, watch: Watch, request: pytest.FixtureRequest) -> Learner:
    watch.line_breaks = watch.signs_out = True
    return Learner(open_window(lang="ru", width=360, height=740), served, request.param)


def on_server(learner: Learner, open_window: Any, attempt: str = "") -> dict[str, Any]:
    """What another device shows of the same attempt: that which the server has."""
    other = Learner(open_window(lang="ru"), learner.served, learner.email)
    other.page.goto(attempt or learner.page.url)
    return other.given()


@pytest.mark.parametrize("learner", ["p31@demo.example"], indirect=True)
def test_answers_wait_for_the_line_and_are_saved_by_themselves(learner: Learner, open_window: Any) -> None:
    learner.start("check-1")
    given = learner.answer(0)
    learner.sees(SAVED)
    assert learner.kept() == 0

    learner.context.set_offline(True)
    given |= learner.answer(1, 2, 3)
    learner.sees(WAITS)
    expect(learner.page.locator("#saved")).to_have_class("saved trouble")
    assert learner.kept() == 3
    assert learner.given() == given
    # Handing in now would lose them: the page stays and says why.
    learner.page.get_by_role("button", name="Проверить и сдать").click()
    learner.sees(WAITS)
    assert learner.page.url.endswith(learner.page.locator("#answers").get_attribute("data-attempt"))

    learner.context.set_offline(False)
    learner.sees(SAVED)
    assert learner.kept() == 0
    assert on_server(learner, open_window) == given
    learner.page.get_by_role("button", name="Проверить и сдать").click()
    learner.page.wait_for_url("**/review")
    assert learner.page.locator(".review li:not(.open)").count() == 4


@pytest.mark.parametrize("learner", ["p37@demo.example"], indirect=True)
def test_a_slow_line_takes_the_last_answers_along(learner: Learner) -> None:
    learner.start("check-4")
    slow = {"offline": False, "latency": 700, "downloadThroughput": -1, "uploadThroughput": -1}
    learner.context.new_cdp_session(learner.page).send("Network.emulateNetworkConditions", slow)
    learner.answer(0, 1)
    # Pressed while the answers are still on their way: the page waits for them, then goes on.
    assert learner.kept() > 0
    learner.page.get_by_role("button", name="Проверить и сдать").click()
    learner.page.wait_for_url("**/review")
    assert learner.page.locator(".review li:not(.open)").count() == 2


@pytest.mark.parametrize("learner", ["p33@demo.example"], indirect=True)
def test_a_closed_window_keeps_what_was_not_sent(learner: Learner, open_window: Any) -> None:
    learner.start("check-3")
    attempt = learner.page.url
    learner.context.set_offline(True)
    given = learner.answer(0, 1, 2)
    learner.sees(WAITS)
    learner.page.close()

    learner.context.set_offline(False)
    # The one that was just being sent may have arrived after all.
    assert len(on_server(learner, open_window, attempt)) < len(given)
    learner.page = learner.context.new_page()
    learner.page.goto(attempt)
    assert learner.given() == given
    learner.sees(SAVED)
    assert learner.kept() == 0
    assert on_server(learner, open_window) == given


@pytest.mark.parametrize("learner", ["p27@demo.example"], indirect=True)
def test_nothing_is_lost_when_the_sign_in_ends(learner: Learner, open_window: Any) -> None:
    learner.start("check-2")
    given = learner.answer(0)
    learner.sees(SAVED)
    learner.context.clear_cookies(name="academy")
    given |= learner.answer(1, 2)
    learner.sees(SIGNED_OUT)
    assert learner.kept() == 2

    # Signed in again in another window, as the notice says: the first one goes on by itself.
    with learner.context.expect_page() as opened:
        learner.page.locator("#saved a").click()
    fill_in(opened.value, learner.email)
    learner.sees(SAVED)
    assert learner.kept() == 0
    given |= learner.answer(3)
    learner.sees(SAVED)
    assert on_server(learner, open_window) == given


@pytest.mark.parametrize("learner", ["p25@demo.example"], indirect=True)
def test_nothing_is_lost_when_one_signs_in_again_in_the_same_window(learner: Learner, open_window: Any) -> None:
    learner.start("check-2")
    attempt = learner.page.url
    learner.context.clear_cookies(name="academy")
    given = learner.answer(0, 3)
    learner.sees(SIGNED_OUT)
    learner.page.on("dialog", lambda dialog: dialog.accept())
    sign_in(learner.page, learner.served, learner.email, lang="ru")
    learner.page.goto(attempt)
    assert learner.given() == given
    learner.sees(SAVED)
    assert on_server(learner, open_window) == given
