"""What a lesson costs on the wire: the first one with everything it needs, the later ones, without figures."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Served, Watch, new_window, sign_in
from tests.browser.questions import COURSE, lessons

FIRST, LATER = 60 * 1024, 20 * 1024


class Wire:
    """Counts the bytes that come to a page over the wire, figures apart."""

    def __init__(self, page: Any) -> None:
        self._kinds: dict[str, str] = {}
        self.bytes = self.figures = self.requests = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._begun)
        session.on("Network.loadingFinished", self._ended)

    def _begun(self, event: Any) -> None:
        self._kinds[event["requestId"]] = event["response"]["mimeType"]

    def _ended(self, event: Any) -> None:
        self.requests += 1
        if self._kinds.get(event["requestId"], "").startswith("image/"):
            self.figures += event["encodedDataLength"]
        else:
            self.bytes += event["encodedDataLength"]

    def of(self, page: Any, address: str) -> int:
        """The bytes of that page, figures apart."""
        self.bytes = self.figures = self.requests = 0
        page.goto(address, wait_until="load")
        page.evaluate("1")  # what the browser has said before this answer has been heard
        assert self.requests > 0
        return self.bytes


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_lessons_are_light(chromium: Any, served: Served, watch: Watch, lang: str) -> None:
    context = new_window(chromium, lang=lang, width=360, height=740)
    try:
        page = context.new_page()
        sign_in(page, served, "learner@demo.example", lang=lang)
        wire = Wire(watch.over(page))
        first, later = {}, {}
        for at, key in enumerate(lessons()):
            address = served.address(f"{COURSE}/{key}", lang=lang)
            later[key] = wire.of(page, address)
            if at % 6 == 0:
                context.new_cdp_session(page).send("Network.clearBrowserCache")
                first[key] = wire.of(page, address)
                assert wire.requests > 4
        print(
            f"{lang}: first at most {max(first.values())} bytes, later {min(later.values())} to {max(later.values())}"
        )
        assert {key: size for key, size in first.items() if size > FIRST} == {}
        assert {key: size for key, size in later.items() if size > LATER} == {}
        # What the first visit has brought does not come again.
        assert max(list(later.values())[1:]) < min(first.values())
    finally:
        context.close()


def test_control_what_comes_over_the_wire_is_counted(chromium: Any, served: Served) -> None:
    context = new_window(chromium)
    try:
        page = context.new_page()
        wire = Wire(page)
        plain = wire.of(page, served.address("/"))
        assert plain > 1000
        assert wire.of(page, served.address("/")) < plain
    finally:
        context.close()
