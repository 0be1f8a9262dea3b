"""What lists do to the catalogue, over HTTP."""

import time
from typing import Any

from tests.api.app import PATIENCE, Caller, Served

ANN = "1"
PATH = "/v1/admin/insights"


def counted(app: Caller, lists: int) -> list[Any]:
    """Two days, as soon as so many lists are counted: decisions are written behind the answer."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found: list[Any] = app.get(PATH, params={"periods": 2})["periods"]
        if found[-1]["lists"] == lists:
            return found
        time.sleep(0.02)
    raise AssertionError("the lists are not counted")


def test_lists_and_impressions_are_counted(quick: Served) -> None:
    app = quick.with_key()
    items = app.listed(ANN, limit=5)
    shown = [{"user": ANN, "item": each, "kind": "impression"} for each in items]
    app.post("/v1/events", {"events": shown})

    yesterday, today = counted(app, 1)

    assert today["answered"]["items"] == 5
    assert today["impressions"]["shown"] == 5
    assert today["explored"] == 0
    assert (yesterday["lists"], yesterday["answered"]["gini"]) == (0, None)


def test_only_administrators_see_them(quick: Served) -> None:
    assert quick.with_key("recommend:read")("GET", PATH).status_code == 403
    assert quick.anonymous()("GET", PATH).status_code == 401


def test_periods_are_bounded(quick: Served) -> None:
    assert quick.with_key()("GET", PATH, params={"periods": 1000}).status_code in (400, 422)
