"""The heart of learning in a browser that runs no script."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import PASSWORD, Served
from tests.browser.questions import COURSE, answer_all, on_page, state_of

LEARNER = "p37@demo.example"
LESSON = f"{COURSE}/genuine-or-not"


@pytest.fixture
def page(open_page: Any) -> Any:
    return open_page(LESSON, lang="ru", width=360, height=740, javascript=False, as_=LEARNER)


def press(page: Any, words: str, *, to: str) -> None:
    page.get_by_role("main").get_by_role("button", name=words, exact=True).click()
    page.wait_for_url(to)


def start(page: Any, served: Served, quiz: str) -> None:
    """An attempt at that quiz is shown."""
    page.goto(served.address(f"{COURSE}/{quiz}", lang="ru"))
    press(page, "Начать", to="**/ru/attempts/*")


def test_control_no_script_runs(page: Any) -> None:
    page.goto("data:text/html,<title>before</title><script>document.title = 'after'</script>")
    assert page.title() == "before"


def test_reading_changing_the_language_and_reporting_a_mistake(page: Any, served: Served) -> None:
    title = page.locator("h1").inner_text()
    page.locator("a[data-language][hreflang=en]").click()
    page.wait_for_url(f"**/en{LESSON}")
    assert page.locator("h1").inner_text() != title
    page.locator("a[data-language][hreflang=ru]").click()
    page.wait_for_url(f"**/ru{LESSON}")
    assert page.locator("h1").inner_text() == title

    page.get_by_role("link", name="Сообщить об ошибке").click()
    page.wait_for_url(f"**/ru{LESSON}/mistake")
    page.locator("textarea").fill("        ")
    press(page, "Отправить", to=f"**/ru{LESSON}/mistake")
    assert page.locator(".errors a").get_attribute("href") == "#text"
    page.locator("textarea").fill("Во втором абзаце пропущена запятая.")
    press(page, "Отправить", to=f"**/ru{LESSON}")
    assert "Спасибо" in page.locator(".said").inner_text()

    press(page, "Прочитано, дальше", to=f"**/ru{COURSE}/genuine-document-wrong-hands")
    assert page.locator(".outline .open").count() < page.locator(".outline li li").count()


def test_a_quiz_is_saved_reviewed_and_handed_in(page: Any, served: Served) -> None:
    start(page, served, "check-1")
    assert page.locator("#answered").inner_text().endswith(": 0 из\u00a05")

    # Two answers, saved; they are there after the page was left.
    questions = list(on_page(page))
    for question in questions[:2]:
        question.answer()
    attempt = page.url
    press(page, "Сохранить", to="**/attempts/*")
    page.goto(served.address("/my", lang="ru"))
    page.goto(attempt)
    assert page.locator("#answered").inner_text().endswith(": 2 из\u00a05")

    # The switch beside the questions takes along what was given since.
    questions = list(on_page(page))
    questions[2].answer()
    before = state_of(page)
    page.locator("button[name=then][value=en]").click()
    page.wait_for_url("**/en/attempts/*")
    assert state_of(page) == before
    page.locator("button[name=then][value=ru]").click()
    page.wait_for_url("**/ru/attempts/*")
    assert state_of(page) == before

    # The review says what is open, and leads there.
    press(page, "Проверить и сдать", to="**/review")
    open_ones = page.locator(".review li.open")
    assert open_ones.count() == len(questions) - 3
    name = open_ones.first.locator("a").get_attribute("href").split("#")[1]
    open_ones.first.locator("a").click()
    page.wait_for_url(f"**/attempts/*#{name}")
    for question in list(on_page(page))[3:]:
        question.answer()
    press(page, "Проверить и сдать", to="**/review")
    assert page.locator(".review li.open").count() == 0
    press(page, "Сдать ответы", to="**/ru/attempts/*")
    assert page.locator(".verdict .score").inner_text() == "100\u00a0%"
    assert page.locator("section.item.right").count() == len(questions)


def test_answers_survive_a_sign_in_that_has_ended(page: Any, served: Served) -> None:
    start(page, served, "check-2")
    given = answer_all(page)
    page.context.clear_cookies(name="academy")
    page.get_by_role("main").get_by_role("button", name="Сохранить", exact=True).click()
    page.locator("input[name=email]").fill(LEARNER)
    page.locator("input[name=password]").fill(PASSWORD)
    press(page, "Войти", to="**/ru/login")
    press(page, "Отправить ещё раз", to="**/ru/attempts/*")
    assert {name: answer for name, _shown, answer in state_of(page)} == given
