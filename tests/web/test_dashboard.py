"""The dashboard without a browser: what administrators see, and what their forms do."""

import json
import time
from typing import Any

import pytest
from tests.training.tribes import SMALL
from tests.web.browser import Browser, Page, Site

from shortlist.datasets.load import load_dataset
from shortlist.training.publish import contents_of
from shortlist.training.train import train
from shortlist.web.forms import SEAL


@pytest.fixture
def root(site: Site) -> Browser:
    """An administrator."""
    return site.administrator()


@pytest.fixture(scope="module")
def looking(lasting: Site) -> Browser:
    """An administrator who changes nothing."""
    return lasting.administrator("looks")


def charts(page: Page) -> list[dict[str, Any]]:
    """The specifications of the charts on a page."""
    return [
        json.loads(script.text)
        for figure in page.root.all("figure")
        for script in figure.all("script", type="application/json")
    ]


def facts(page: Page) -> dict[str, str]:
    """What is told in big numbers, by name."""
    found = page.root.all("div", class_="fact")
    return {each.one("dt").text: each.one("strong").text for each in found}


def bundles(page: Page) -> list[str]:
    return [
        each.attributes["data-bundle"]
        for each in page.root.all("tr")
        if "data-bundle" in each.attributes
    ]


def test_the_menu_leads_administrators_to_it_and_nobody_else(lasting: Site) -> None:
    assert lasting.administrator("menu").get("/account").root.all("a", href="/admin")
    assert not lasting.person("mia").get("/account").root.all("a", href="/admin")


def test_the_overview_tells_how_it_stands(lasting: Site, looking: Browser) -> None:
    bundle = lasting.home.bundles.current()

    page = looking.get("/admin")

    told = facts(page)
    assert told["Bundle"] == bundle
    assert told["Newest event"] == f"#{lasting.home.facts.last_sequence():,}"
    assert "Ready" in page.text


def test_requests_are_counted_by_endpoint(looking: Browser) -> None:
    before = int(facts(looking.get("/admin"))["Answered"].replace(",", ""))

    looking.get("/account")
    page = looking.get("/admin")

    assert int(facts(page)["Answered"].replace(",", "")) >= before + 2
    assert "GET /account" in page.text


def test_a_script_gets_the_numbers_alone(looking: Browser) -> None:
    part = looking.get("/admin", **{"X-Part": "numbers"})

    assert part.status == 200
    assert "<html" not in part.html
    assert "Newest event" in part.text


def test_before_anything_is_shown_insights_say_so(site: Site) -> None:
    root = site.administrator(home=False)

    assert "Nothing was shown in this time" in root.get("/admin/insights").text


def test_insights_are_charts_of_what_was_shown(root: Browser) -> None:
    root.get("/items/2?why=1")

    drawn = charts(soon(root, "/admin/insights"))

    lists, coverage, gini, explored = drawn
    assert len(lists["data"]["values"]) == 14
    assert sum(each["y"] for each in lists["data"]["values"]) > 0
    assert {each["of"] for each in coverage["data"]["values"]} == {"in lists", "seen"}
    assert all(0 <= each["y"] <= 1 for each in gini["data"]["values"] if each["y"] is not None)
    assert explored["encoding"]["y"]["axis"]["format"] == "%"


@pytest.mark.parametrize("days", ["0", "31", "x"])
def test_periods_out_of_range_are_refused(looking: Browser, days: str) -> None:
    assert looking.get(f"/admin/insights?days={days}").status == 422


def test_models_are_listed_with_their_roles(lasting: Site, looking: Browser) -> None:
    page = looking.get("/admin/models")

    assert bundles(page) == [each.id for each in lasting.home.bundles.list()]
    assert page.root.all("span", class_="champion")
    assert "No worker has said anything yet" in page.text


def test_a_model_tells_what_its_ranker_looks_at(lasting: Site, looking: Browser) -> None:
    bundle = lasting.home.bundles.current()

    page = looking.get(f"/admin/models/{bundle}")

    rows = page.root.one("table", class_="importance").all("tr")[1:]
    told = {each.all("td")[0].text: each.all("td")[1].text for each in rows}
    assert told["popularity.rank"].startswith("The place of the item among what the source")
    assert all(told.values())


def test_a_model_that_is_not_there_is_missing(looking: Browser) -> None:
    assert looking.get("/admin/models/20200101T000000-abcdef").status == 404
    assert looking.get("/admin/models/..%2f..%2fetc").status == 404


def test_a_model_is_promoted_and_rolled_back(site: Site, root: Browser) -> None:
    old = site.home.bundles.current()
    assert old is not None
    new = another_bundle(site)

    done = root.send(root.get("/admin/models"), f"/admin/models/{old}/promote")
    assert "The bundle is current" in done.text
    assert site.home.bundles.current() == old

    root.send(root.get("/admin/models"), f"/admin/models/{new}/promote")
    back = root.send(root.get("/admin/models"), "/admin/models/rollback")

    assert site.home.bundles.current() == old
    assert "is current again" in back.text
    assert [each.step for each in site.home.models.steps(3)] == [
        "rolled_back",
        "promoted",
        "promoted",
    ]


def test_what_is_no_bundle_is_not_promoted(site: Site, root: Browser) -> None:
    current = site.home.bundles.current()

    for name in ("20200101T000000-abcdef", "..", "%3Cscript%3E"):
        answer = root.post(f"/admin/models/{name}/promote", {SEAL: root.seal()})
        assert answer.status == 404

    assert site.home.bundles.current() == current


def soon(browser: Browser, path: str) -> Page:
    """A page, once it draws something: decisions are written a moment after they are made."""
    until = time.monotonic() + 20
    while not charts(found := browser.get(path)):
        assert time.monotonic() < until, "nothing is drawn"
        time.sleep(0.05)
    return found


def another_bundle(site: Site) -> str:
    """Publish what is current once more, as a bundle of its own, which is current then."""
    from tests.conftest import run

    run(site.home.path, "train")
    found = site.home.bundles.current()
    assert found is not None
    return found


def test_a_bundle_shows_the_report_of_its_training(lasting: Site, looking: Browser) -> None:
    page = looking.get(f"/admin/models/{lasting.home.bundles.current()}")

    headings = [each.text for each in page.root.all("h2")]
    assert "The probability, over all candidates" in headings
    assert "What goes to popular items" in headings
    assert len(charts(page)) >= 8
    rows = [each.text for each in page.root.all("th", scope="row")]
    assert {"popularity", "two_stage"} <= {*rows}


def test_a_bundle_without_a_report_says_how_to_get_one(site: Site, root: Browser) -> None:
    page = root.get(f"/admin/models/{without_report(site)}")

    assert "This bundle has no report" in page.text
    (drawn,) = charts(page)
    shares = [each["value"] for each in drawn["data"]["values"]]
    assert shares == sorted(shares, reverse=True)


def without_report(site: Site) -> str:
    data, settings = load_dataset(site.home.facts, site.home.settings.kinds), SMALL
    trained = train(data, settings)
    contents = contents_of(trained, data, settings, until=None, seconds=1, parent=None)
    return site.home.bundles.publish(contents, promote=False)
