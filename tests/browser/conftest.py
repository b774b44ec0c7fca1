"""A real Chromium against a real server on demo data.

Chromium is found by ``ACADEMY_CHROMIUM``, else on the path. Without it these tests are left out, in plain words; where
nothing may be left out (``ACADEMY_TEST_STRICT``) they fail.
"""

from __future__ import annotations

import fcntl
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
    # No other host has an address here, so that nothing can leave this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
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


def _command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from academy.cli import main; main()", "demo", *words]


def _environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ACADEMY_")}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, worker: str) -> Path:
    """A folder with the demo academy that nobody serves: made once, by whoever of several workers comes first."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker == "main" else base.parent
    folder = shared / "demo-prepared"
    with (shared / "demo-prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "demo.complete").exists():
            command = _command("--no-serve", "--data", str(folder))
            made = subprocess.run(command, env=_environ(), cwd=shared, capture_output=True, text=True, check=False)
            assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Served]:
    """``academy demo`` on a port and a folder of its own, stopped at the end."""
    home, port = tmp_path_factory.mktemp("served"), _free_port()
    data, log = home / "data", home / "demo.log"
    shutil.copytree(prepared, data)
    command = _command("--port", str(port), "--data", str(data))
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=_environ(), cwd=home)
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


class Watch:
    """Writes down what must not happen on a page: a request to another host, a script's fault, a broken policy.

    A page that is refused says so itself; anything a page is made of must be there. When *line_breaks*, requests may
    fail for want of a line, and when *signs_out*, an answer may be refused for want of a sign-in.
    """

    def __init__(self, served: Served) -> None:
        self._own = served.url
        self.faults: list[str] = []
        self.line_breaks = False
        self.signs_out = False

    def over(self, page: Any) -> Any:
        """This page is watched from now on."""
        page.on("console", self._said)
        page.on("pageerror", lambda fault: self.faults.append(f"script: {fault}"))
        page.on("request", self._asked)
        page.on("response", self._answered)
        return page

    def _said(self, message: Any) -> None:
        if message.type != "error" or "the server responded with a status of 4" in message.text:
            return
        if not (self.line_breaks and "net::ERR_INTERNET_DISCONNECTED" in message.text):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((f"{self._own}/", "data:", "blob:")):
            self.faults.append(f"request to {request.url}")

    def _answered(self, answer: Any) -> None:
        kind = answer.request.resource_type
        if answer.status >= 400 and kind != "document" and not (self.signs_out and answer.status in (400, 401)):
            self.faults.append(f"{answer.status} for {kind} {answer.url}")


@pytest.fixture
def watch(served: Served) -> Iterator[Watch]:
    """What is written down here fails the test."""
    watching = Watch(served)
    yield watching
    assert watching.faults == []


@pytest.fixture
def open_window(chromium: Any, watch: Watch) -> Iterator[Any]:
    """A fresh profile: ``open_window(lang="ru", width=360, javascript=False, dark=True, touch=True)``."""
    contexts: list[Any] = []

    def make(**look: Any) -> Any:
        context = new_window(chromium, **look)
        context.on("page", watch.over)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


def new_window(
    chromium: Any, *, lang: str = "en", width: int = 1280, height: int = 900, javascript: bool = True,
    dark: bool = False, still: bool = True, touch: bool = False,
) -> Any:  # fmt: skip
    """A profile of that look, without anything remembered."""
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        java_script_enabled=javascript,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce" if still else "no-preference",
        locale="ru-RU" if lang == "ru" else "en-GB",
        has_touch=touch,
        is_mobile=touch,
        accept_downloads=True,
    )
    context.set_default_timeout(20_000)
    return context


@pytest.fixture
def open_page(open_window: Any, served: Served) -> Any:
    """Opens pages in a fresh profile; a request to anywhere else, a script's fault or a broken policy fails the test.

    ``open_page("/login", lang="ru", width=360, javascript=False, dark=True)`` gives Playwright's page.
    """

    def make(path: str = "/", *, lang: str = "en", as_: str | None = None, **look: Any) -> Any:
        page = open_window(lang=lang, **look).new_page()
        if as_ is not None:
            sign_in(page, served, as_, lang=lang)
        page.goto(served.address(path, lang=lang))
        return page

    return make


def sign_in(page: Any, served: Served, email: str, *, lang: str = "en") -> None:
    """The person of the demo is signed in, by the page that people use."""
    page.goto(served.address("/login", lang=lang))
    fill_in(page, email)


def fill_in(page: Any, email: str) -> None:
    """The page on which one signs in is filled in and sent."""
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.fixture
def sign_in_as(served: Served) -> Any:
    """Signs a page in: ``sign_in_as(page, "learner@demo.example", lang="ru")``."""
    return lambda page, email, lang="en": sign_in(page, served, email, lang=lang)


AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_RUN = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})
    .then(found => found.violations)"""


def axe_violations(page: Any) -> list[str]:
    """The violations of WCAG 2.2 A and AA on a page, in words; empty when there are none."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return [
        f"{fault['id']}: {node['html'][:160]} – {fault['help']}"
        for fault in page.evaluate(AXE_RUN, AXE_TAGS)
        for node in fault["nodes"]
    ]


@pytest.fixture
def axe() -> Any:
    """``axe(page)`` gives the violations of WCAG 2.2 A and AA, in words."""
    return axe_violations
