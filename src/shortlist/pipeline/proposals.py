"""What each source proposes: its best items, best first."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Scores
from shortlist.core.pool import Pool

ScoreTable = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

SAMPLED = 16
"""One of so many scores is looked at to guess where the best begin."""

SAFETY = 3
"""How many times as many items as are wanted the guess aims at."""

LEAST = np.finfo(np.float32).tiny
"""A score below which a source has nothing to say."""


@dataclass(frozen=True)
class Proposals:
    """The proposals of all sources, one source after another."""

    n_items: int
    tops: Scores
    """The best score of each source; 0 where it proposes nothing."""
    items: Items
    source: Places
    """The source of each."""
    rank: Places
    """Its place among what its source proposes: 0 is the best."""

    @classmethod
    def of(cls, scores: ScoreTable, free: Mask, quotas: Sequence[int]) -> Self:
        """The best of each row, at most its quota; ties go to the smaller index.

        Only positive scores are proposed, and only of items that are free.
        """
        places, bounds = _likely(scores, free, max(quotas, default=0))
        keys = _keys(scores, places, bounds)
        parts = [keys[begin:end] for begin, end in pairwise(bounds.tolist())]
        for part in parts:
            part.sort()
        best = [part[:quota] for part, quota in zip(parts, quotas, strict=True)]
        counts = [len(each) for each in best]
        source, begins = np.arange(len(best)).repeat(counts), np.cumsum([0, *counts])
        items = np.concatenate([keys[:0], *best]).astype(np.uint32).astype(np.int32)
        tops = np.zeros(len(best), np.float32)
        some = np.flatnonzero(counts)
        tops[some] = scores[some, items[begins[some]]]
        return cls(len(free), tops, items, source, np.arange(len(items)) - begins[source])

    def merged(self, limit: int) -> Items:
        """Every item once, ascending; over the limit the worst-placed are left out."""
        nowhere = len(self.rank)
        place = np.full(self.n_items, nowhere)
        np.minimum.at(place, self.items, self.rank)
        items = np.flatnonzero(place < nowhere)
        if len(items) > limit:
            items = np.sort(items[np.argsort(place[items], kind="stable")[:limit]])
        return items.astype(np.int32)

    def pool(self, scores: ScoreTable, items: Items, quota: int) -> Pool:
        """A pool of some items, ascending; `quota` is the rank of what was not proposed."""
        places = np.full(self.n_items, -1)
        places[items] = np.arange(len(items))
        place = places[self.items]
        there = place >= 0
        ranks = np.full((len(scores), len(items)), quota, np.float32)
        ranks[self.source[there], place[there]] = self.rank[there]
        return Pool(items, scores.take(items, axis=1), self.tops, ranks, quota)


def _likely(scores: ScoreTable, free: Mask, limit: int) -> tuple[Places, Places]:
    """Flat places of positive scores, ascending: the `limit` best of each row, and few others.

    The second are the bounds of the rows. A threshold guessed from a sample is a fraction of the
    work of finding the right one; where it turns out too high, all positive scores stay.
    """
    sample = scores[:, ::SAMPLED] * free[::SAMPLED]
    sample.sort(axis=1)
    wanted = max(1, SAFETY * limit // SAMPLED)
    floors = np.full(len(scores), LEAST)
    if sample.shape[1] > wanted:
        floors = np.fmax(sample[:, -wanted], LEAST)
    places, bounds = _above(scores, free, floors)
    short = (bounds[1:] - bounds[:-1] < limit) & (floors > LEAST)
    if short.any():
        places, bounds = _above(scores, free, np.where(short, LEAST, floors))
    return places, bounds


def _above(scores: ScoreTable, free: Mask, floors: Scores) -> tuple[Places, Places]:
    """Flat places of free items that score at least their row's floor, and the rows' bounds."""
    found = scores >= floors[:, None]
    found &= free
    places = np.flatnonzero(found)
    return places, places.searchsorted(np.arange(len(scores) + 1) * len(free))


def _keys(scores: ScoreTable, places: Places, bounds: Places) -> npt.NDArray[np.uint64]:
    """Score and index as one number: it rises as the score falls, then with the index.

    The bits of a positive float rise with it, and whole numbers are sorted many at once.
    """
    begins = np.arange(len(scores)) * scores.shape[1]
    keys = (~scores.take(places).view(np.uint32)).astype(np.uint64)
    keys <<= 32
    keys |= (places - begins.repeat(bounds[1:] - bounds[:-1])).astype(np.uint64)
    return keys
