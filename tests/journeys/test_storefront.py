"""The storefront as people use it, in Chromium."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.chromium import Tab, needs_chromium, tab_of
from tests.journeys.server import Server, serving

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def server(tastes_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("shop") / "home"
    shutil.copytree(tastes_once, home)
    with serving(home, SHORTLIST_CLOCK="log") as found:
        yield found


@pytest.fixture
def tab(browser: Any, server: Server) -> Iterator[Tab]:
    with tab_of(browser, server) as found:
        yield found


@pytest.fixture
def ada(tab: Tab, request: pytest.FixtureRequest) -> Tab:
    """Somebody who has just registered."""
    tab.register(f"ada-{abs(hash(request.node.name)) % 10**9}")
    return tab


def answer(tab: Tab) -> None:
    """Even films are liked, odd ones are not."""
    for question in tab.part(".question").all():
        name = question.locator("input").first.get_attribute("name") or ""
        even = int(name.removeprefix("say-")) % 2 == 0
        question.locator(".answer-stars label").nth(4 if even else 0).click()
    tab.page.click(".welcome-end button")


def test_a_newcomer_comes_home(ada: Tab) -> None:
    answer(ada)
    ada.page.wait_for_url("**/welcome")
    assert "And of these?" in ada.part("h1").inner_text()
    ada.page.click(".welcome-end a")

    first = [int(each) % 2 for each in ada.items("For you")[:3]]
    assert first == [0, 0, 0], "what their tribe likes"
    assert ada.part(".pick .reason").inner_text().startswith("You rated")


def test_stars_change_the_next_row_without_a_reload(ada: Tab) -> None:
    ada.go("/")
    ada.page.evaluate("window.stayed = true")
    item = ada.items("For you")[1]
    tile = ada.part(f'[data-row^="placement"] .tile[data-item="{item}"]')

    ada.say(tile, "5")

    row = ada.part("section.row", has_text=f"Because you liked Film {item}")
    row.wait_for()
    assert ada.page.evaluate("window.stayed")
    assert tile.locator('button[aria-pressed="true"]').get_attribute("aria-label") == (
        "Take back 5 stars"
    )
    assert "You gave it 5." in ada.part("[data-status]").inner_text()
    ada.go("/")
    assert item not in ada.items("For you")


def test_what_is_turned_down_fades_and_does_not_come_again(ada: Tab) -> None:
    ada.go("/")
    item = ada.items("For you")[0]
    tile = ada.part(f'[data-row^="placement"] .tile[data-item="{item}"]')

    ada.say(tile, "dislike")

    assert "dismissed" in (tile.get_attribute("class") or "")
    ada.go("/")
    assert item not in ada.items("For you")


def test_the_watchlist_is_filled_and_emptied_by_the_keyboard(ada: Tab) -> None:
    ada.go("/items/4")
    button = ada.part('.item-say button[value="save"]')
    button.focus()
    with ada.page.expect_response("**/say"):
        ada.page.keyboard.press("Enter")
    ada.part('.item-say button[value="unsave"]').wait_for()
    assert ada.page.evaluate("document.activeElement.value") == "unsave", "the focus stays"

    ada.go("/list")
    assert [each.get_attribute("data-item") for each in ada.part(".tile").all()] == ["4"]
    ada.say(ada.part(".tile"), "unsave")
    ada.go("/list")
    assert "Nothing on your watchlist" in ada.part("main").inner_text()


def test_why_this_opens_on_the_page_and_adds_up(ada: Tab) -> None:
    answer(ada)
    ada.go("/")
    ada.part(".pick .button").first.click()
    ada.page.wait_for_url("**/items/**")
    ada.page.click("a[data-why]")

    table = ada.part("table.waterfall")
    table.wait_for()
    assert "why=" not in ada.page.url
    base = float(table.locator("[data-after]").get_attribute("data-after") or "nan")
    amounts = [
        float(each.get_attribute("data-amount") or "nan")
        for each in table.locator("[data-amount]").all()
    ]
    score = float(table.locator("[data-score]").get_attribute("data-score") or "nan")
    assert base + sum(amounts) == pytest.approx(score, abs=1e-6)
    drawn = ada.part(".waterfall rect.bar-up, .waterfall rect.bar-down")
    assert drawn.count() == len(amounts)


def test_search_suggests_and_is_used_by_the_keyboard(ada: Tab) -> None:
    ada.go("/")
    ada.page.locator("#q").press_sequentially("film 2")
    ada.part("[role=option]").first.wait_for()
    assert ada.part("#q").get_attribute("aria-expanded") == "true"
    assert "Film 2" in ada.part("[role=option]").first.inner_text()

    ada.page.keyboard.press("ArrowDown")
    assert ada.part("#q").get_attribute("aria-activedescendant") == "suggestion-1"
    ada.page.keyboard.press("Enter")
    ada.page.wait_for_url("**/items/2")

    ada.page.locator("#q").fill("film 1")
    ada.part("[role=option]").first.wait_for()
    ada.page.locator("#q").press("Escape")
    assert not ada.part("#suggestions").is_visible()
    ada.page.locator("#q").press("Enter")
    ada.page.wait_for_url("**/search?q=film+1")
    assert ada.part(".tile").first.get_attribute("data-item") == "1"


def test_an_entry_is_erased_from_the_history(ada: Tab) -> None:
    answer(ada)
    ada.go("/history")
    entries = ada.part(".entry")
    before = entries.count()

    with ada.page.expect_response("**/say"):
        ada.part("[data-erase] button").first.click()
    entries.nth(before - 1).wait_for(state="detached")

    ada.page.reload()
    assert entries.count() == before - 1


def test_light_and_dark_are_changed_at_once_and_remembered(tab: Tab) -> None:
    tab.go("/sign-in")
    theme = tab.part("html")
    assert theme.get_attribute("data-theme") == "auto"

    for wanted in ("light", "dark"):
        with tab.page.expect_response("**/theme"):
            tab.page.click("[data-theme-form] button")
        tab.page.locator(f"html[data-theme={wanted}]").wait_for()
    tab.page.reload()

    assert theme.get_attribute("data-theme") == "dark"
    ground = tab.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(19, 16, 23)"


def test_signing_out_ends_it(ada: Tab) -> None:
    ada.go("/")
    ada.page.click("details.menu summary")
    ada.page.click("details.menu button")
    ada.part(".front").wait_for()

    ada.go("/history")
    assert "/sign-in?next=/history" in ada.page.url


def test_without_scripts_everything_is_there(browser: Any, server: Server) -> None:
    with tab_of(browser, server, java_script_enabled=False) as tab:
        tab.register("no-scripts")
        tab.page.click(".welcome-end a")
        item = tab.items("For you")[0]
        tab.part(f'.tile[data-item="{item}"] button[value="5"]').first.click()
        assert f"Because you liked Film {item}" in tab.part("main").inner_text()
        tab.page.click(".pick a.plain")
        assert tab.part("table.waterfall").count() == 1
        tab.page.fill("#q", "film 3")
        tab.page.press("#q", "Enter")
        assert tab.part(".tile").first.get_attribute("data-item") == "3"


PAGES = (
    "/",
    "/welcome",
    "/items/2",
    "/items/3?why=1",
    "/browse",
    "/browse?category=Even&years=1990s",
    "/search?q=film",
    "/search?q=",
    "/list",
    "/history",
    "/taste",
    "/account",
)
"""Pages of somebody who signed in, as far as axe looks at them."""

STRANGERS = ("/", "/sign-in", "/register")


def violations(tab: Tab) -> list[str]:
    """What axe finds on the page that is serious or worse."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab.page).response["violations"]
    return [
        f"{tab.page.url}: {each['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)])
def test_axe_finds_nothing_serious_on_any_page(
    browser: Any, server: Server, scheme: str, width: int, height: int
) -> None:
    found: list[str] = []
    with tab_of(
        browser,
        server,
        color_scheme=scheme,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    ) as tab:
        for path in STRANGERS:
            tab.go(path)
            found += violations(tab)
        tab.register(f"axe-{scheme}-{width}")
        answer(tab)
        tab.go("/items/8")
        tab.say(tab.part(".item-say"), "save")
        for path in PAGES:
            tab.go(path)
            found += violations(tab)
            too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            if tab.page.evaluate(too_wide):
                found.append(f"{path} is wider than the screen of {width}")

    assert found == []
