"""Data on the dashboard."""

import json
from pathlib import Path

import pytest
from tests.conftest import run
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


def bad_file(folder: Path) -> Path:
    """A table of events of which one row has no time that could be read."""
    rows = [f"u{each},2,2001-01-01T00:00:{each:02d}" for each in range(30)]
    path = folder / "plays.csv"
    path.write_text("\n".join(["who,what,when", *rows, "secret-ann,2,yesterday"]))
    return path


def brought(site: Site, folder: Path) -> None:
    path, columns = bad_file(folder), ("--user", "who", "--item", "what", "--time", "when")
    run(site.home.path, "import", "events", str(path), *columns)


def test_an_import_is_listed_with_what_it_rejected(site: Site, tmp_path: Path) -> None:
    brought(site, tmp_path)

    page = site.administrator().get("/admin/data")

    row = page.root.one("table", class_="runs").all("tr")[1]
    assert [each.text for each in row.all("td")][1:3] == ["import of plays", "done"]
    assert row.all("td")[4].text == "1"
    (example,) = page.root.one("table", class_="rejects").all("tr")[1:]
    assert [each.text for each in example.all("td")] == [
        "plays.csv",
        "32",
        "when",
        "unparsable time",
    ]
    assert "secret-ann" not in page.html
    assert "yesterday" not in page.html


def test_progress_is_followed_from_another_process(site: Site) -> None:
    root = site.administrator()
    with site.home.runs.follow("training", "9 events") as running:
        running.at("als", 3, 4)
        running._write()
        part = root.get("/admin/data", **{"X-Part": "runs"})
    after = root.get("/admin/data", **{"X-Part": "runs"})

    assert "<html" not in part.html
    bar = part.root.one("progress")
    assert (bar.attributes["value"], bar.attributes["max"]) == ("3", "4")
    assert "running" in part.text
    assert not after.root.all("progress")


def test_refused_events_are_counted_by_reason_and_their_places_shown(site: Site) -> None:
    key = site.home.auth.keys.create("shop", ["events:write"]).text
    browser = site.browser()
    for event in (
        {"user": "secret-ann", "kind": "click"},
        {"user": "secret-ann", "item": "2", "kind": "click", "value": "much"},
        {"user": "secret-ann", "item": "2", "kind": "click", "time": "2200-01-01T00:00:00Z"},
    ):
        answer = browser.client.post(
            "/v1/events", json={"events": [event]}, headers={"X-API-Key": key}
        )
        assert answer.status_code in (400, 422)
    site.app._pages.state.web.service.write_course()

    page = site.administrator().get("/admin/data")

    rows = page.root.one("table", class_="refusals").all("tr")[1:]
    places = [each.all("td")[2].text for each in rows]
    assert places[1:] == ["events.0.value", "events.0.item"]
    assert "1 in 30 days" in page.text
    assert "secret-ann" not in page.html
