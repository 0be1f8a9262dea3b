"""Pages as somebody without scripts uses them: links are followed, forms are filled in and sent."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from tests.api.app import PATIENCE, home_on

from shortlist.bootstrap import Home
from shortlist.server.application import application_of
from shortlist.serving.crew import Crew

PASSWORD = "correct horse battery"


@dataclass
class Element:
    """An element of a page, with its text."""

    tag: str
    attributes: dict[str, str]
    children: "list[Element]" = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def all(self, tag: str, **wanted: str) -> "list[Element]":
        """Every element below, of a tag and with some attributes (`class_` holds the word)."""
        return [each for each in self._below() if each.fits(tag, wanted)]

    def one(self, tag: str, **wanted: str) -> "Element":
        (found,) = self.all(tag, **wanted)
        return found

    def fits(self, tag: str, wanted: dict[str, str]) -> bool:
        return self.tag == tag and all(
            value in self.attributes.get("class", "").split()
            if name == "class_"
            else self.attributes.get(name.replace("_", "-")) == value
            for name, value in wanted.items()
        )

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def _below(self) -> "Iterator[Element]":
        for each in self.children:
            yield each
            yield from each._below()


VOID = {"meta", "link", "input", "img", "br", "hr"}


class Reader(HTMLParser):
    """Reads a page as elements, and insists that they are closed as they were opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}>"

    def handle_data(self, data: str) -> None:
        for each in self.open:
            each.words.append(data)


@dataclass
class Page:
    """What was answered."""

    status: int
    html: str
    headers: Any
    path: str

    @property
    def root(self) -> Element:
        reader = Reader()
        reader.feed(self.html)
        (root,) = reader.open
        return root

    @property
    def text(self) -> str:
        return self.root.text

    def form(self, action: str) -> dict[str, str]:
        """What the first form with an action would send, as it stands."""
        form = self.root.all("form", action=action)[0]
        return {
            each.attributes["name"]: each.attributes.get("value", "")
            for each in form.all("input")
            if "name" in each.attributes and each.attributes.get("type") not in ("radio", "submit")
        }


@dataclass
class Browser:
    """Somebody with a browser of their own."""

    client: TestClient

    def get(self, path: str, **headers: str) -> Page:
        return self._page(self.client.get(path, headers=headers))

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> Page:
        return self._page(self.client.post(path, data=fields or {}, headers=headers))

    def send(self, page: Page, action: str, **fields: str) -> Page:
        """Fill in a form of a page, and send it."""
        return self.post(action, page.form(action) | fields)

    def register(self, login: str = "ada") -> Page:
        return self.send(self.get("/register"), "/register", login=login, password=PASSWORD)

    def sign_in(self, login: str = "ada", password: str = PASSWORD) -> Page:
        return self.send(self.get("/sign-in"), "/sign-in", login=login, password=password)

    def seal(self) -> str:
        """What the forms of this browser carry."""
        found = re.search(r'name="seal" value="([0-9a-f]*)"', self.get("/account").html)
        return found[1] if found else ""

    def held(self) -> dict[str, str]:
        return dict(self.client.cookies)

    def hold(self, cookies: dict[str, str]) -> None:
        """Have the browser hold cookies, as if they had been set here."""
        for name, value in cookies.items():
            self.client.cookies.set(name, value, domain="testserver.local")

    def _page(self, answer: Any) -> Page:
        return Page(answer.status_code, answer.text, answer.headers, unescape(str(answer.url.path)))


@dataclass
class Site:
    """API and pages of a home, in this process."""

    home: Home
    app: Any

    def browser(self, *, follow: bool = True) -> Browser:
        """A new browser that holds nothing yet."""
        client = TestClient(self.app, raise_server_exceptions=False, follow_redirects=follow)
        return Browser(client)

    def person(self, login: str = "ada") -> Browser:
        """The browser of somebody who registered."""
        browser = self.browser()
        assert browser.register(login).status == 200
        return browser

    def administrator(self, login: str = "root", *, home: bool = True) -> Browser:
        """The browser of an administrator, who sees their home first: lists are made for it."""
        from pydantic import SecretStr

        from shortlist.auth.scopes import Role

        self.home.auth.accounts.create(login, SecretStr(PASSWORD), role=Role.ADMIN)
        browser = self.browser(follow=home)
        assert browser.sign_in(login).status == (200 if home else 303)
        browser.client.follow_redirects = True
        return browser


@contextmanager
def site_of(home: Home) -> Iterator[Site]:
    """The site of a home, warm."""
    app: Any = application_of(home, Crew())
    with TestClient(app, raise_server_exceptions=False) as client:
        until = time.monotonic() + PATIENCE
        while client.get("/health/ready").status_code != 200:
            assert time.monotonic() < until, "it does not get ready"
            time.sleep(0.01)
        yield Site(home, app)


@contextmanager
def site_on(trained: Path, folder: Path, **settings: Any) -> Iterator[Site]:
    """The site of a copy of a trained home, with some settings changed."""
    with home_on("sqlite", trained, folder, **settings) as home, site_of(home) as site:
        yield site
