"""Placements over HTTP: named places with rules of their own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.api.app import Served, home_on, serving

ANN = "1"
PLACEMENTS: dict[str, dict[str, Any]] = {
    "odd": {"filter": '"Odd" in genres', "size": 4},
    "mixed": {"caps": [{"attribute": "categories", "at_most": 2}], "size": 4, "diversity": 1.0},
    "pinned": {"pins": [{"item": "20", "position": 2}], "size": 3, "repeat": "always"},
    "brave": {"exploration": {"policy": "epsilon", "epsilon": 1.0}, "size": 5},
    "again": {"repeat": "always", "size": 24},
    "upside": {"boosts": [{"filter": '"Odd" in genres', "add": 5.0}], "size": 4},
    "told": {"explain": True, "size": 2},
    "rested": {"fatigue": {"after": 2}, "size": 4},
}


@pytest.fixture(scope="module")
def placed(trained_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("placed")
    with (
        home_on("sqlite", trained_once, folder, placements=PLACEMENTS) as home,
        serving(home) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def untrained(imported_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("untrained")
    with (
        home_on("sqlite", imported_once, folder, placements=PLACEMENTS) as home,
        serving(home) as found,
    ):
        yield found


def test_placements_are_listed_with_their_settings(placed: Served) -> None:
    found = placed.with_key("recommend:read").get("/v1/placements")["placements"]

    assert [each["name"] for each in found] == ["default", *PLACEMENTS]
    assert found[1]["settings"]["filter"] == PLACEMENTS["odd"]["filter"]


def test_a_placement_has_its_size_and_filter(placed: Served) -> None:
    app = placed.with_key()

    found = app.listed(ANN, placement="odd")

    assert len(found) == 4
    assert all("Odd" in app.get(f"/v1/items/{each}")["categories"] for each in found)


def test_caps_mix_the_list(placed: Served) -> None:
    app = placed.with_key()

    found = app.get(f"/v1/users/{ANN}/recommendations", params={"placement": "mixed"})

    kinds = [app.get(f"/v1/items/{each['item']}")["categories"][0] for each in found["items"]]
    assert sorted(kinds) == ["Even", "Even", "Odd", "Odd"]
    assert found["relaxed"] == []


def test_what_rules_cost_is_told(placed: Served) -> None:
    app = placed.with_key()
    path = f"/v1/users/{ANN}/recommendations"

    plain, boosted = (app.get(path, params={"placement": each}) for each in ("default", "upside"))

    assert [each["item"] for each in boosted["items"]] != [each["item"] for each in plain["items"]]
    assert plain["diversity_price"] == 0
    assert 0 < boosted["diversity_price"] <= 1


def test_a_pinned_item_stands_where_it_is_pinned(placed: Served) -> None:
    found = placed.with_key().get(
        f"/v1/users/{ANN}/recommendations", params={"placement": "pinned"}
    )

    assert [(each["item"], each["pinned"]) for each in found["items"]][1] == ("20", True)


def test_a_pinned_item_that_is_excluded_is_not_shown(placed: Served) -> None:
    found = placed.with_key().listed(ANN, placement="pinned", exclude=["20"])

    assert "20" not in found
    assert len(found) == 3


def test_exploration_tells_its_propensities_and_can_be_made_again(placed: Served) -> None:
    app = placed.with_key()

    found = app.get(f"/v1/users/{ANN}/recommendations", params={"placement": "brave"})
    again = app.get(f"/v1/decisions/{found['decision']}", params={"replay": True})

    assert all(0 < each["propensity"] < 1 for each in found["items"])
    assert again["replay"]["same"], again["replay"]


def test_what_a_user_has_may_be_shown_again_where_the_placement_says_so(placed: Served) -> None:
    app = placed.with_key()
    own = {each["item"] for each in app.get(f"/v1/users/{ANN}/events")["events"]}

    assert own & set(app.listed(ANN, placement="again"))
    assert not own & set(app.listed(ANN, limit=24))


def test_a_placement_may_explain_without_being_asked(placed: Served) -> None:
    found = placed.with_key().get(f"/v1/users/{ANN}/recommendations", params={"placement": "told"})

    assert all(each["explanation"]["reason"] for each in found["items"])


def test_what_was_shown_again_and_again_rests_and_the_list_stays_full(placed: Served) -> None:
    app = placed.with_key()
    before = app.listed(ANN, placement="rested")
    impressions = {"events": [{"user": ANN, "item": before[0], "kind": "impression"}]}

    app.post("/v1/events", impressions)
    once = app.listed(ANN, placement="rested")
    app.post("/v1/events", impressions)
    twice = app.listed(ANN, placement="rested")

    assert before[0] in once
    assert before[0] not in twice
    assert len(twice) == 4
    assert before[0] in app.listed(ANN, limit=24)


def test_what_rests_does_so_where_nothing_is_trained_too(untrained: Served) -> None:
    app = untrained.with_key()
    (first, *_) = app.listed("somebody", placement="rested")

    for _ in range(2):
        shown = {"user": "somebody", "item": first, "kind": "impression"}
        app.post("/v1/events", {"events": [shown]})

    assert first not in app.listed("somebody", placement="rested")
    assert first in app.listed("somebody else", placement="rested")
