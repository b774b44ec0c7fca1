"""A whole story: a learner in Russian, on a phone, from the first visit to a certificate that a stranger verifies."""

from __future__ import annotations

import email
import email.policy
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Served
from tests.browser.questions import COURSE, answer_all, lessons, state_of

ADDRESS = "anna.primerova@border.example"
NAME = "Anna-Mária Primerova"
CYRILLIC = "Анна-Мария Примерова"
PASSWORD = "длинная фраза без смысла"
PDF_BYTES = 300 * 1024
LOOK_ALIKE = str.maketrans("ABCEHKMPTX", "АВСЕНКМРТХ")


def mail_to(served: Served, address: str) -> Any:
    """The newest mail to that address; mails are written after the answer, so it may take a moment."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for file in reversed(served.mails()):
            found = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if address in str(found["To"]):
                return found
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address}")


def press(page: Any, words: str, *, role: str = "button", to: str = "") -> None:
    """Taps what says these words, in the main part of the page; the page at *to* (a glob) has come then."""
    page.get_by_role("main").get_by_role(role, name=words, exact=True).tap()
    if to:
        page.wait_for_url(to)


def register(page: Any, served: Served) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Войти").tap()
    press(page, "Зарегистрироваться", role="link", to="**/ru/register")
    page.get_by_label("Ваше имя").fill(NAME)
    page.get_by_label("Адрес электронной почты").fill(ADDRESS)
    page.get_by_label("Государство").select_option("KG")
    page.get_by_label("Вид учреждения").select_option("border")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("checkbox").tap()
    press(page, "Зарегистрироваться", to="**/ru/confirm")
    mail = mail_to(served, ADDRESS)
    link = re.search(rf"{re.escape(served.url)}/ru/confirm/\S+", mail.get_body().get_content())
    assert link, mail.get_body().get_content()
    page.goto(link[0])
    page.get_by_label("Пароль").fill(PASSWORD)
    press(page, "Подтвердить и войти")
    page.wait_for_url(lambda url: "/confirm" not in url)


def read_lessons(page: Any, served: Served) -> None:
    """As many lessons as there are that count; the quizzes between them are left for later."""
    for key in lessons():
        address = served.address(f"{COURSE}/{key}", lang="ru")
        if page.url != address:
            page.goto(address)
        page.get_by_role("main").get_by_role("button", name="Прочитано, дальше").tap()
        page.wait_for_url(lambda url, here=address: url != here)


def switch(page: Any, lang: str) -> None:
    page.locator(f"a[data-language][hreflang={lang}]").tap()
    page.wait_for_url(f"**/{lang}/**")


def saved(page: Any) -> None:
    """Nothing waits on this device any more."""
    page.wait_for_function("() => !Object.keys(localStorage).some(key => key.startsWith('academy-answer:'))")


def text_of(pdf: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler is not installed: the text of the certificate cannot be read")
    return subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def take_check(page: Any, served: Served) -> None:
    """A check, half in Russian and half in English: answers and order stay."""
    page.goto(served.address(f"{COURSE}/check-1", lang="ru"))
    press(page, "Начать", to="**/ru/attempts/*")
    given = answer_all(page)
    before = state_of(page)
    assert {name: answer for name, _shown, answer in before} == given
    saved(page)
    switch(page, "en")
    assert state_of(page) == before
    assert re.match(r"Saved \d", page.locator("#saved").inner_text())
    switch(page, "ru")
    assert state_of(page) == before
    press(page, "Проверить и сдать", to="**/review")
    assert page.locator(".review li.open").count() == 0
    press(page, "Сдать ответы", to="**/ru/attempts/*")
    assert page.locator(".verdict .score").inner_text() == "100\u00a0%"


def take_final_test(page: Any, served: Served) -> None:
    """The final test: drawn anew, answered by the key, seen by outcome."""
    page.goto(served.address(f"{COURSE}/final-test", lang="ru"))
    press(page, "Начать", to="**/ru/attempts/*")
    assert len(answer_all(page)) == 10
    # Pressed at once, while the last answers are still on their way.
    press(page, "Проверить и сдать", to="**/review")
    press(page, "Сдать ответы", to="**/ru/attempts/*")
    assert page.locator("#verdict").inner_text().strip() == "Тест сдан"
    outcomes = page.locator(".outcomes li")
    assert outcomes.count() >= 2
    assert all(re.search("[а-яё]", words) for words in outcomes.all_inner_texts())


def get_certificate(page: Any, served: Served, file: Path) -> str:
    """The name is confirmed as it is printed, the paper lies in *file*; gives the code."""
    page.goto(served.address(COURSE, lang="ru"))
    page.locator(".act .btn").tap()
    page.locator("[name=name_latin]").fill(NAME)
    page.locator("[name=name_cyrillic]").fill(CYRILLIC)
    assert page.locator("[data-shows=name_cyrillic]").inner_text() == CYRILLIC
    press(page, "Да, печатать так", to="**/ru/certificates")
    page.goto(served.address(COURSE, lang="ru"))
    press(page, "Получить сертификат", role="link", to="**/ru/certificates/*")
    with page.expect_download() as coming:
        press(page, "Скачать (PDF)", role="link")
    coming.value.save_as(file)
    assert coming.value.suggested_filename.endswith(".pdf")
    return str(page.locator("dd.code").inner_text())


def verify(stranger: Any, served: Served, code: str) -> None:
    """The code is typed as it came over the telephone: small letters, Cyrillic where they look alike."""
    typed = code.translate(LOOK_ALIKE).lower().replace("-", " ")
    assert typed != code.lower().replace("-", " ")
    stranger.goto(served.address("/", lang="ru"))
    stranger.get_by_role("link", name="Проверить сертификат").tap()
    stranger.get_by_label("Код проверки").fill(typed)
    press(stranger, "Проверить код", to="**/ru/verify?*")
    stranger.get_by_role("heading", name="Сертификат действителен").wait_for()
    assert NAME in stranger.locator("dl.facts").inner_text()
    assert ADDRESS not in stranger.content()


def test_a_learner_in_russian_on_a_phone(open_page: Any, open_window: Any, served: Served, tmp_path: Path) -> None:
    page = open_page("/", lang="ru", width=360, height=740, touch=True)
    register(page, served)
    page.goto(served.address(COURSE, lang="ru"))
    press(page, "Записаться", to=f"**/ru{COURSE}")
    page.locator(".reached").wait_for()
    assert "0 из" in page.locator(".reached b").inner_text()
    read_lessons(page, served)
    take_check(page, served)
    take_final_test(page, served)
    file = tmp_path / "certificate.pdf"
    code = get_certificate(page, served, file)
    assert 0 < file.stat().st_size <= PDF_BYTES

    # Signed out, nothing of it can be opened from this phone.
    page.get_by_role("contentinfo").get_by_role("button", name="Выйти").tap()
    page.get_by_role("navigation").get_by_role("link", name="Войти").wait_for()
    page.goto(served.address("/certificates", lang="ru"))
    assert page.url.split("?")[0].endswith("/ru/login")

    verify(open_window(lang="ru", width=360, height=740, touch=True).new_page(), served, code)
    text = text_of(file)
    assert NAME in text
    assert CYRILLIC in text
