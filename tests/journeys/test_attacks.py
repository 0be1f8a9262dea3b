"""Attacks on people who use the shop, in Chromium: what is not theirs does nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.journeys.chromium import Tab, needs_chromium, tab_of
from tests.journeys.server import Server, serving

pytestmark = needs_chromium

HOSTILE = "\"'><img src=x onerror=window.attacked=1><script>window.attacked=1</script>${7*7}"
"""A title, a category, a text, a word to search for."""

ELSEWHERE = ("http://evil.test", "http://127.0.0.1:4999")
"""Another site, and another port of the same host, to which a browser sends the cookies along."""


@pytest.fixture(scope="module")
def server(tastes_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("attacked") / "home"
    shutil.copytree(tastes_once, home)
    with serving(home, SHORTLIST_CLOCK="log") as found:
        document = {"title": HOSTILE, "categories": [HOSTILE, "Even"], "text": HOSTILE}
        assert found.client().put("/v1/items/hostile", json=document).status_code in (200, 201)
        yield found


@pytest.fixture
def ada(browser: Any, server: Server, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """Somebody who has just registered. In the end nothing was complained of or left the host."""
    with tab_of(browser, server) as tab:
        tab.register(login_of(request))
        yield tab


def login_of(request: pytest.FixtureRequest) -> str:
    """A name for each test."""
    return f"ada-{abs(hash(request.node.name)) % 10**9}"


def assert_unharmed(tab: Tab) -> None:
    assert tab.page.evaluate("window.attacked") is None
    assert tab.part('img[src="x"]').count() == 0
    assert "49" not in tab.part("main").inner_text().replace("${7*7}", "")


@pytest.mark.parametrize(
    "path",
    [
        "/items/hostile",
        "/browse",
        f"/browse?category={quote(HOSTILE)}",
        f"/search?q={quote(HOSTILE)}",
        f"/nothing/{quote(HOSTILE, safe='')}",
    ],
    ids=["its page", "among others", "as a category", "as a search", "as an address"],
)
def test_hostile_words_are_only_words(ada: Tab, path: str) -> None:
    ada.go(path)
    ada.complaints[:] = [each for each in ada.complaints if "404" not in each]

    assert_unharmed(ada)
    if "hostile" in path:
        assert HOSTILE in ada.part("h1").inner_text()


def test_hostile_words_are_suggested_as_words(ada: Tab) -> None:
    ada.go("/")
    ada.page.fill("#q", "\"'><img")
    ada.page.wait_for_timeout(500)
    assert_unharmed(ada)

    ada.page.fill("#q", HOSTILE)
    ada.page.press("#q", "Enter")
    ada.page.wait_for_url("**/search**")

    assert_unharmed(ada)


def test_a_hostile_item_is_kept_and_shown_as_it_is(ada: Tab) -> None:
    ada.go("/items/hostile")
    ada.say(ada.part(".item-say"), "save")

    for path in ("/list", "/history", "/taste", "/"):
        ada.go(path)
        assert_unharmed(ada)
    ada.go("/list")
    assert HOSTILE in ada.part("main").inner_text()


@pytest.mark.parametrize("origin", ELSEWHERE)
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/say", {"item": "2", "say": "save"}),
        ("/sign-out/everywhere", {}),
        ("/account/erase", {"login": "LOGIN"}),
        ("/account/password", {"old": "correct horse battery", "new": "of the attacker"}),
    ],
    ids=["say", "sign out", "erase", "password"],
)
def test_another_page_cannot_act_for_whoever_looks_at_it(
    ada: Tab, origin: str, path: str, fields: dict[str, str], request: pytest.FixtureRequest
) -> None:
    fields = {name: said.replace("LOGIN", login_of(request)) for name, said in fields.items()}
    inputs = "".join(f'<input name="{name}" value="{said}">' for name, said in fields.items())
    trap = (
        f'<form method="post" action="{ada.base}{path}">{inputs}</form>'
        "<script>document.forms[0].submit()</script>"
    )
    context = ada.page.context
    context.route(f"{origin}/**", lambda route: route.fulfill(body=trap, content_type="text/html"))
    lured = context.new_page()

    with lured.expect_response(f"**{path}") as answered:
        lured.goto(f"{origin}/win")

    assert answered.value.status in (400, 401, 403)
    ada.go("/list")
    assert ada.part(".tile").count() == 0
    assert ada.page.url == f"{ada.base}/list", "still signed in"
    ada.go("/account")
    assert ada.page.url == f"{ada.base}/account"
