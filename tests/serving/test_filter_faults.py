"""A filter that fails or is late: what must not be shown is not shown, whatever it costs."""

import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from tests.serving.shop import shop_on

from shortlist.serving.asked import Asked, Context
from shortlist.serving.recommend import Recommender
from shortlist.serving.service import Service
from shortlist.serving.shelf import Mask, Shelf
from shortlist.slate import Placement, PlacementSettings

ANN = "1"


class BrokenShelf(Shelf):
    """A shelf that cannot say which items hold a word."""

    def matching(self, words: str) -> Mask:
        if words == "late":
            time.sleep(0.5)
        raise ZeroDivisionError("the words are broken")


class BrokenPlacement(Placement):
    """A placement whose filter cannot be asked."""

    def mask(self, user: Any = None) -> Mask | None:
        raise ZeroDivisionError("the filter is broken")


class Fixed:
    """Shelves on which nothing changes."""

    def __init__(self, shelf: Shelf) -> None:
        self.current = shelf


@pytest.fixture(scope="module")
def service(trained_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with shop_on("sqlite", trained_once, tmp_path_factory.mktemp("served")) as found:
        yield found


def on(service: Service, shelf: Shelf) -> Recommender:
    fixed: Any = Fixed(shelf)
    return replace(service.recommender, shelves=fixed)


def broken(shelf: Shelf, **changed: Any) -> Shelf:
    parts = {each.name: getattr(shelf, each.name) for each in fields(shelf)}
    return BrokenShelf(**parts | changed)


@pytest.mark.parametrize("trained", [True, False], ids=["trained", "untrained"])
@pytest.mark.parametrize("how", ["late", "broken"])
def test_where_nobody_knows_what_may_be_shown_nothing_is(
    service: Service, how: str, *, trained: bool
) -> None:
    shelf = broken(service.shelves.current)
    recommender = on(service, shelf if trained else replace(shelf, loaded=None, known=0))

    answer = recommender.recommend(Asked(user=ANN, limit=3, context=Context(query=how)))

    assert "filter" in answer.degraded
    assert list(answer.items) == []


def test_a_placements_filter_that_fails_lets_nothing_pass(service: Service) -> None:
    shelf = service.shelves.current
    recipe = PlacementSettings(filter='id != "nothing"')
    placement = BrokenPlacement(recipe, shelf.columns)

    answer = on(service, replace(shelf, placements={"default": placement})).recommend(
        Asked(user=ANN, limit=3)
    )

    assert answer.degraded == ["filter"]
    assert list(answer.items) == []


def test_without_any_filter_only_what_was_deleted_is_held_back(service: Service) -> None:
    shelf = service.shelves.current
    placement = BrokenPlacement(PlacementSettings(), shelf.columns)
    gone = on(service, shelf).recommend(Asked(user=ANN, limit=1)).items[0].item
    offered = shelf.offered.copy()
    offered[shelf.ids.index_of(gone)] = False

    answer = on(
        service, replace(shelf, offered=offered, placements={"default": placement})
    ).recommend(Asked(user=ANN, limit=3))

    assert answer.degraded == ["filter"]
    assert len(answer.items) == 3
    assert gone not in [each.item for each in answer.items]
