"""The course of the service and of what people do, on the overview."""

import json
from typing import Any

import pytest
from tests.web.browser import Browser, Page, Site

from shortlist.core.times import DAY, MINUTE, iso
from shortlist.serving.course import Moment
from shortlist.serving.lately import Day, Lately
from shortlist.web.dashboard.trends import people_trends, service_trends


@pytest.fixture
def root(site: Site) -> Browser:
    return site.administrator()


def charts(page: Page) -> dict[str, list[dict[str, Any]]]:
    """The rows of each chart that is drawn, by its key."""
    return {
        figure.attributes["data-chart"]: json.loads(figure.all("script")[0].text)["data"]["values"]
        for figure in page.root.all("figure")
    }


def write(site: Site) -> None:
    """Have the process write down what it counted, as it does every ten seconds."""
    site.app._pages.state.web.service.write_course()


def test_requests_and_their_durations_are_drawn_minute_by_minute(site: Site, root: Browser) -> None:
    for _ in range(3):
        root.get("/account")
    write(site)

    drawn = charts(root.get("/admin"))

    assert len(drawn["requests"]) == 60
    assert sum(each["y"] for each in drawn["requests"] if each["of"] == "pages") >= 3
    p50, p99 = (
        [each["y"] for each in drawn["latency"] if each["of"] == f"pages {name}" and each["y"]]
        for name in ("p50", "p99")
    )
    assert p50
    assert all(half <= slow for half, slow in zip(p50, p99, strict=True))
    assert drawn["age"][-1]["y"] > 0


@pytest.mark.parametrize(("over", "points"), [("day", 24), ("month", 30)])
def test_it_is_drawn_further_back_in_larger_steps(
    site: Site, root: Browser, over: str, points: int
) -> None:
    root.get("/account")
    write(site)

    page = root.get(f"/admin?over={over}")

    assert len(charts(page)["requests"]) == points
    assert page.root.one("a", href=f"/admin?over={over}#o-course", aria_current="true")


def test_events_and_what_fails_are_drawn_where_there_are_any(site: Site, root: Browser) -> None:
    write(site)
    assert "events" not in charts(root.get("/admin"))
    root.get("/nothing/here")
    item = root.get("/").root.all("article", class_="tile")[0].attributes["data-item"]
    root.post("/say", {"seal": root.seal(), "item": item, "say": "save"})
    write(site)

    drawn = charts(root.get("/admin"))

    assert sum(each["y"] for each in drawn["errors"] if each["of"] == "refused, pages") >= 1
    assert sum(each["y"] for each in drawn["events"]) == 1


def test_scripts_get_the_charts_alone(root: Browser) -> None:
    for part in ("trends", "people", "requests"):
        found = root.get("/admin?over=day", **{"X-Part": part})
        assert found.status == 200
        assert "<html" not in found.html


def test_a_range_that_is_none_is_refused(root: Browser) -> None:
    assert root.get("/admin?over=year").status == 422


def test_where_nothing_happened_every_chart_says_so() -> None:
    trends = service_trends([Moment(0), Moment(MINUTE)], "minute")

    assert all(not each.spec["data"]["values"] for each in trends)
    assert all(each.empty.endswith(".") for each in trends)


def test_what_people_do_is_drawn_by_day() -> None:
    today = 20_000 * DAY
    found = Lately(
        events=9,
        active=3,
        active_by_day=[(today - DAY, 2), (today, 1)],
        kinds=[],
        days=[Day(today, "rating", 4, 1, 3.5), Day(today - 40 * DAY, "rating", 9, 1, 1.0)],
        lists_taken_up=[(today - DAY, 1)],
    )

    drawn = {
        each.key: each.spec["data"]["values"]
        for each in people_trends(found, [], {today - DAY: 4}, today + DAY // 2, "rating")
    }

    assert [each["y"] for each in drawn["active"]] == [0] * 28 + [2, 1]
    assert [each["y"] for each in drawn["ratings"]] == [0] * 29 + [4]
    means = [(each["x"], each["y"]) for each in drawn["mean-rating"]]
    assert [each for each in means if each[1] is not None] == [(iso(today), 3.5)]
    assert len(means) == 30
    lists = [(each["of"], each["y"]) for each in drawn["click-through"]]
    assert lists == [("lists", None)] * 28 + [("lists", 0.25), ("lists", None)]
    assert drawn["coverage"] == []
