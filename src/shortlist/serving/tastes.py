"""What we think somebody likes, said from their own events, so that they can correct it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from shortlist.datasets.columns import ListColumn
from shortlist.serving.marks import Marks
from shortlist.serving.shelf import Shelf

SURPRISE: Final = 5.0
"""Choices that a usual share counts for: a single one makes nobody a friend of anything."""


@dataclass(frozen=True)
class Taste:
    """One category, and how somebody stands to it."""

    category: str
    chosen: int
    """Items of it that they had to do with."""
    share: float
    """What share of all they had to do with is of it."""
    usual: float
    """The share it has in what everybody chose."""
    stars: float | None
    """What they rate it on average; None where they never did."""
    items: Sequence[str]
    """Which items say so, the last first."""

    @property
    def times(self) -> float:
        """How many times as much as usual they choose it, held back while little is known."""
        return (self.share * self.total + self.usual * SURPRISE) / (
            self.usual * (self.total + SURPRISE)
        )

    total: int = 0
    """How many items they had to do with at all."""


def tastes_of(marks: Marks, shelf: Shelf) -> list[Taste]:
    """Every category somebody had to do with, the one they lean to most first."""
    told = {item: shelf.ids.index_of(item) for item in marks.by_item if not marks.on(item).disliked}
    places = {item: place for item, place in told.items() if place >= 0}
    having: dict[str, list[str]] = defaultdict(list)
    for item, place in reversed(places.items()):
        for category in shelf.categories_of(place):
            having[category].append(item)
    usual = usual_shares(shelf)
    found = [
        Taste(
            category=category,
            chosen=len(items),
            share=len(items) / len(places),
            usual=max(usual.get(category, 0.0), 1e-3),
            stars=_mean([marks.on(item).stars for item in items]),
            items=items,
            total=len(places),
        )
        for category, items in having.items()
    ]
    return sorted(found, key=lambda each: (-each.times * each.share**0.5, each.category))


def usual_shares(shelf: Shelf) -> Mapping[str, float]:
    """What share of all choices is of each category."""
    column = shelf.columns.columns.get("categories")
    total = float(shelf.popularity.sum())
    if not isinstance(column, ListColumn) or not total:
        return {}
    counts = np.asarray(column.by_name @ shelf.popularity).ravel() / total
    return dict(zip(column.names, counts.tolist(), strict=True))


def _mean(stars: Sequence[float | None]) -> float | None:
    given = [each for each in stars if each is not None]
    return sum(given) / len(given) if given else None
