"""The browser starts, the academy answers, and the checks that other browser tests rely on bite."""

from __future__ import annotations

import pytest

from tests.browser import conftest


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_first_page_is_shown_in_both_languages(open_page, lang):
    page = open_page("/", lang=lang)
    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("h1").count() == 1


def test_the_switch_leads_to_the_same_page_in_the_other_language(open_page):
    page = open_page("/verify")
    page.locator("a[data-language][hreflang=ru]").click()
    page.wait_for_url("**/ru/verify*")
    assert page.locator("html").get_attribute("lang") == "ru"


def test_a_person_of_the_demo_signs_in_without_script(open_page):
    page = open_page("/my", as_="learner@demo.example", javascript=False)
    assert page.url.endswith("/en/my")


def test_control_axe_finds_a_planted_fault(open_page, axe):
    page = open_page("/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any(fault.startswith("image-alt") for fault in axe(page))


def test_control_a_browser_that_is_not_there_is_missed(monkeypatch):
    monkeypatch.delenv("ACADEMY_CHROMIUM", raising=False)
    monkeypatch.setattr(conftest.shutil, "which", lambda _name: None)
    assert conftest.find_chromium() is None
    monkeypatch.setenv("ACADEMY_CHROMIUM", "/opt/browser")
    assert conftest.find_chromium() == "/opt/browser"
