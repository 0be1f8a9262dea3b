"""Pages in a real browser: every complaint of it and every request that it makes are noted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.journeys.server import Server

PASSWORD = "correct horse battery"
PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser")
CHROMIUM = next((each for each in PLACES if Path(each).exists()), "")
PATIENCE = 30_000.0
"""Milliseconds: the machine may be busy."""

DRIVER = find_spec("playwright") is not None
needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs Chromium, and Playwright to drive it"
)


@dataclass
class Tab:
    """A tab of somebody, and all that went wrong in it or left the host."""

    page: Any
    base: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def go(self, path: str) -> Any:
        return self.page.goto(self.base + path)

    def part(self, selector: str, **more: Any) -> Any:
        return self.page.locator(selector, **more)

    def register(self, login: str) -> None:
        self.go("/register")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.click("main .button")
        self.page.wait_for_url("**/welcome")

    def sign_in(self, login: str) -> None:
        self.go("/sign-in")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.click("main .button")

    def say(self, holder: Any, word: str) -> None:
        """Press a button under an item, and wait until the answer has been put in place."""
        with self.page.expect_response("**/say"):
            holder.locator(f'button[value="{word}"]').click()
        self.page.locator("form.busy").first.wait_for(state="detached")

    def items(self, row: str) -> list[str]:
        """The items of the row under a heading."""
        section = self.page.locator("section.row", has=self.page.get_by_role("heading", name=row))
        return [each.get_attribute("data-item") for each in section.locator(".tile").all()]

    def _note(self, page: Any) -> None:
        page.on("console", lambda said: self._console(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _request(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.base).netloc:
            self.elsewhere.append(url)


@contextmanager
def tab_of(browser: Any, server: Server, **how: Any) -> Iterator[Tab]:
    """A tab in a browser profile of its own. Ends with a check that nothing was complained of."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    tab = Tab(page, f"http://127.0.0.1:{server.port}")
    tab._note(page)
    try:
        yield tab
    finally:
        context.close()
    assert tab.complaints == []
    assert tab.elsewhere == []
