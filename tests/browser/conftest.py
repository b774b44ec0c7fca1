"""A real Chromium against a real server on demo data.

Chromium is found by ``ACADEMY_CHROMIUM``, else on the path. Without it these tests are left out, in plain words; where
nothing may be left out (``ACADEMY_TEST_STRICT``) they fail.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
START_SECONDS = 90
PASSWORD = "academy-demo"


def find_chromium() -> str | None:
    """The browser that is set, else one on the path."""
    chosen = os.environ.get("ACADEMY_CHROMIUM")
    return chosen or next((found for name in NAMES if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves the browser's tests out, or lets them fail, when there is no browser."""
    if find_chromium() is not None:
        return
    words = "there is no Chromium: install it (apt install chromium) or set ACADEMY_CHROMIUM to its path"
    for item in items:
        if HERE in Path(item.fspath).parents and not os.environ.get("ACADEMY_TEST_STRICT"):
            item.add_marker(pytest.mark.skip(reason=words))


@dataclass(frozen=True)
class Served:
    """The demo academy as a process of its own."""

    url: str
    data: Path

    def address(self, path: str, *, lang: str = "en") -> str:
        return f"{self.url}/{lang}{path}"

    def mails(self) -> list[Path]:
        """The mails that were sent, oldest first."""
        return sorted((self.data / "mail").glob("*.eml"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """``academy demo`` on a port of its own, stopped at the end."""
    data, port = tmp_path_factory.mktemp("demo"), _free_port()
    log = data.parent / "demo.log"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ACADEMY_")}
    command = [
        sys.executable,
        "-c",
        "from academy.cli import main; main()",
        "demo",
        "--port",
        str(port),
        "--data",
        str(data),
    ]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environ, cwd=data.parent)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", process, log)
        yield Served(f"http://127.0.0.1:{port}", data)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the demo academy did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The running browser."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        pytest.fail("there is no Chromium, and nothing may be left out here")
    flags = [*FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=flags)
        yield running
        running.close()


@pytest.fixture
def open_page(chromium: Any, served: Served) -> Iterator[Any]:
    """Opens pages in a fresh profile; a request to anywhere else, a script's fault or a broken policy fails the test.

    ``open_page("/login", lang="ru", width=360, javascript=False, dark=True)`` gives Playwright's page.
    """
    contexts: list[Any] = []
    faults: list[str] = []

    def note(message: Any) -> None:
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            faults.append(f"console: {message.text}")

    def ask(route: Any) -> None:
        if route.request.url.startswith((served.url, "data:", "blob:")):
            route.continue_()
        else:
            faults.append(f"request to {route.request.url}")
            route.abort()

    def make(
        path: str = "/", *, lang: str = "en", width: int = 1280, height: int = 900, javascript: bool = True,
        dark: bool = False, still: bool = True, as_: str | None = None,
    ) -> Any:  # fmt: skip
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if still else "no-preference",
            locale="ru-RU" if lang == "ru" else "en-GB",
            accept_downloads=True,
        )
        context.set_default_timeout(10_000)
        context.route("**/*", ask)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda fault: faults.append(f"script: {fault}"))
        if as_ is not None:
            sign_in(page, served, as_, lang=lang)
        page.goto(served.address(path, lang=lang))
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []


def sign_in(page: Any, served: Served, email: str, *, lang: str = "en") -> None:
    """The person of the demo is signed in, by the page that people use."""
    page.goto(served.address("/login", lang=lang))
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.fixture
def sign_in_as(served: Served) -> Any:
    """Signs a page in: ``sign_in_as(page, "learner@demo.example", lang="ru")``."""
    return lambda page, email, lang="en": sign_in(page, served, email, lang=lang)


@pytest.fixture
def axe() -> Any:
    """The violations of WCAG 2.2 A and AA on a page, in words; empty when there are none."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Any) -> list[str]:
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
        return [
            f"{fault['id']}: {node['html'][:160]} – {fault['help']}"
            for fault in found.response["violations"]
            for node in fault["nodes"]
        ]

    return check
