"""The dashboard as administrators use it, in Chromium."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import run
from tests.journeys.chromium import PASSWORD, Tab, needs_chromium, tab_of
from tests.journeys.server import COMMAND, Server, serving

from shortlist.bootstrap import open_home

pytestmark = needs_chromium

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def server(tastes_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a home with two bundles and an administrator."""
    home = tmp_path_factory.mktemp("dashboard") / "home"
    shutil.copytree(tastes_once, home)
    run(home, "train")
    subprocess.run(
        [*COMMAND, "--home", str(home), "accounts", "create", "root", "--admin"],
        input=f"{PASSWORD}\n",
        text=True,
        check=True,
        capture_output=True,
    )
    quiet = {"SHORTLIST_WORKER__ENABLED": "false"}
    with serving(home, SHORTLIST_CLOCK="log", **quiet) as found:
        yield found


@pytest.fixture
def root(browser: Any, server: Server) -> Iterator[Tab]:
    """An administrator who has signed in."""
    with tab_of(browser, server) as tab:
        tab.sign_in("root")
        tab.page.wait_for_load_state()
        yield tab


def test_an_administrator_promotes_and_rolls_back(root: Tab, server: Server) -> None:
    bundles = open_home(server.home).bundles
    newest, before = (each.id for each in bundles.list())
    root.go("/")
    root.page.click("details.menu summary")
    root.page.click('details.menu a[href="/admin"]')
    root.page.click('.tabs a[href="/admin/models"]')
    assert newest in root.part("tr.current").inner_text()

    root.page.click(f'tr[data-bundle="{before}"] button')
    root.part(".note", has_text="The bundle is current").wait_for()
    assert before in root.part("tr.current").inner_text()
    assert bundles.current() == before

    root.page.get_by_role("button", name="Roll back").click()
    root.part(".note", has_text="is current again").wait_for()
    assert newest in root.part("tr.current").inner_text()
    assert bundles.current() == newest


def test_an_ordinary_user_cannot_reach_it(browser: Any, server: Server) -> None:
    with tab_of(browser, server) as tab:
        tab.register("mallory")
        tab.go("/")
        tab.page.click("details.menu summary")
        assert tab.part('a[href="/admin"]').count() == 0

        told = tab.page.request.get(f"{tab.base}/admin/models")
        assert told.status == 403
        assert "champion" not in told.text()


def test_charts_are_drawn(root: Tab, server: Server) -> None:
    root.go(f"/admin/models/{open_home(server.home).bundles.current()}")

    root.part("figure .chart svg").first.wait_for()
    folded = root.part("details.fold", has_text="What the ranker looks at")
    assert folded.locator(".chart svg").count() == 0
    folded.locator("summary").first.click()
    folded.locator(".chart svg .mark-rect path").first.wait_for()

    assert folded.locator(".chart svg .mark-rect path").count() > 3


def test_an_address_within_a_folded_section_opens_it(root: Tab, server: Server) -> None:
    root.go(f"/admin/models/{open_home(server.home).bundles.current()}")
    last = root.part('nav[aria-label="Sections of the report"] a').last
    name = last.inner_text()

    last.click()

    root.part("details.fold[open]", has_text=name).locator(".chart svg").first.wait_for()


def test_charts_follow_without_being_drawn_anew(root: Tab) -> None:
    root.go("/admin")
    for _ in range(3):
        root.page.request.get(f"{root.base}/account")
    part = 'figure[data-chart="requests"] > .chart'
    root.part(f"{part} svg").wait_for()
    points = f"[...document.querySelectorAll('{part} svg [aria-roledescription=\"point\"]')]"
    before = root.page.evaluate(f"{points}.map((each) => each.ariaLabel).join()")
    root.page.evaluate(f"document.querySelector('{part}').dataset.kept = 'yes'")

    root.page.request.get(f"{root.base}/account")
    changed = f"(before) => {points}.map((each) => each.ariaLabel).join() !== before"
    root.page.wait_for_function(changed, arg=before)

    assert root.part(part).get_attribute("data-kept") == "yes"


def test_a_hostile_name_stays_a_name(root: Tab) -> None:
    root.go("/admin/keys")
    root.page.fill("#name", HOSTILE)
    root.page.check('input[name="scope-recommend:read"]')
    root.page.get_by_role("button", name="Make it").click()

    root.part("code.secret").wait_for()

    assert HOSTILE in root.part("table").inner_text()
    assert root.part("table img").count() == 0


def test_a_placement_is_mended_seen_and_put_in_force(root: Tab) -> None:
    root.go("/admin/placements/default")
    root.page.fill("#p-filter", "yeer >= 1990")
    root.page.get_by_role("button", name="Save").click()
    root.part("#p-filter-wrong", has_text="Did you mean year?").wait_for()
    assert [each for each in root.complaints if "status of 400" not in each] == []
    root.complaints.clear()

    root.page.fill("#p-filter", "")
    root.page.fill("#p-size", "3")
    root.page.fill("#user", "1")
    root.page.locator(".deeds").get_by_role("button", name="Preview").click()
    root.part("table.list tbody tr").nth(2).wait_for()
    assert root.part("table.list tbody tr").count() == 3

    root.page.get_by_role("button", name="Save").click()
    root.part(".note", has_text="Saved.").wait_for()
    root.page.get_by_role("button", name="Go back to the settings").click()
    root.part(".note", has_text="The settings speak for it again").wait_for()


PAGES = (
    "/admin",
    "/admin/insights",
    "/admin/models",
    "/admin/explain",
    "/admin/explain?user=1",
    "/admin/decisions",
    "/admin/users",
    "/admin/users/1",
    "/admin/items",
    "/admin/items/2",
    "/admin/keys",
    "/admin/data",
    "/admin/placements",
    "/admin/placements/default",
    "/admin/placements/brand-new",
    "/admin/audit",
    "/docs",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)])
def test_axe_finds_nothing_serious_on_the_dashboard(
    browser: Any, server: Server, scheme: str, width: int, height: int
) -> None:
    from tests.journeys.test_storefront import violations

    found: list[str] = []
    with tab_of(
        browser,
        server,
        color_scheme=scheme,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    ) as tab:
        tab.sign_in("root")
        tab.page.wait_for_load_state()
        for path in PAGES:
            assert tab.go(path).status == 200, path
            found += violations(tab)
            too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            if tab.page.evaluate(too_wide):
                found.append(f"{path} is wider than the screen of {width}")

    assert found == []
