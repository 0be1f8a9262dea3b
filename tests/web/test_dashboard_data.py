"""Data on the dashboard."""

import json

import pytest
from tests.web.browser import Browser, Site


@pytest.fixture(scope="module")
def looking(lasting: Site) -> Browser:
    return lasting.administrator("looks")


def test_volumes_are_drawn_by_day_and_kind(lasting: Site, looking: Browser) -> None:
    log = lasting.home.facts.events(columns=["kind"])
    kinds = {kind for batch in log for kind in batch["kind"]}
    page = looking.get("/admin/data")

    first = page.root.all("script", type="application/json")[0]
    values = json.loads(first.text)["data"]["values"]
    assert 0 < sum(each["y"] for each in values) <= lasting.home.facts.count_events()
    assert {each["of"] for each in values} == kinds


def test_what_items_lack_is_counted(lasting: Site, looking: Browser) -> None:
    rows = looking.get("/admin/data").root.one("table", class_="gaps").all("tr")[1:]

    told = {each.all("td")[0].text: each.all("td")[2].text for each in rows}
    assert told["title"] == "0"


def test_drift_is_told_of_values_and_items(looking: Browser) -> None:
    rows = looking.get("/admin/data").root.one("table", class_="drift").all("tr")[1:]

    names = [each.all("td")[0].text for each in rows]
    assert "value of rating" in names
    assert "how often the item was chosen" in names
