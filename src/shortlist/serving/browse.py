"""Lists that need no user: popular, trending and new items, and items like one."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Query, Scores
from shortlist.core.clock import Clock
from shortlist.core.errors import UnknownItem
from shortlist.serving.engine import Loaded
from shortlist.serving.shelf import Shelf, Shelves
from shortlist.slate.filters import compile_filter

Ranking = Literal["popular", "trending", "new"]
LIKENESS: Final = ("item_neighbours", "content", "ease", "als", "spectral", "transitions")
"""Sources that can say what is like an item."""

FUSION: Final = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke, Büttcher 2009)."""

DEEP: Final = 200
"""How far down each source is looked at for items like one."""


@dataclass(frozen=True)
class Listed:
    """One item of such a list."""

    item: str
    title: str
    score: float


@dataclass(frozen=True)
class Browse:
    """Answers lists that need no user."""

    shelves: Shelves
    clock: Clock

    def top(self, ranking: Ranking, limit: int, condition: str | None = None) -> list[Listed]:
        """The first items of a ranking that fulfil a condition.

        Raises BadFilter for a condition that cannot be understood.
        """
        shelf = self.shelves.current
        allowed = _allowed(shelf, condition)
        if ranking == "new":
            fresh = shelf.newest[allowed[shelf.newest]][:limit]
            scores = np.arange(len(shelf.newest), 0, -1, dtype=np.float32)
            return _listed(shelf, fresh, dict(zip(shelf.newest.tolist(), scores, strict=True)))
        scores = self._scores(shelf, "trending" if ranking == "trending" else "popularity")
        return _best(shelf, np.where(allowed, scores, -np.inf), limit)

    def similar(self, item: str, limit: int, condition: str | None = None) -> list[Listed]:
        """Items like one, by what all sources say that can tell (reciprocal rank fusion).

        An item that came after the training is compared by its categories alone. Raises
        UnknownItem, BadFilter.
        """
        shelf = self.shelves.current
        place = shelf.ids.index_of(item)
        if place < 0:
            raise UnknownItem(f"no item has the id {item!r}")
        allowed = _allowed(shelf, condition)
        allowed[place] = False
        loaded = shelf.loaded
        if loaded is None or place >= shelf.known:
            scores = shelf.categories_shared(place)
        else:
            scores = np.zeros(len(shelf), np.float32)
            scores[: shelf.known] = self._likeness(loaded, place, allowed[: shelf.known])
        return _best(shelf, np.where(allowed & (scores > 0), scores, -np.inf), limit)

    def _scores(self, shelf: Shelf, source: str) -> Scores:
        scores = shelf.popularity.copy()
        if shelf.loaded is not None and source in shelf.loaded.model.retrieval.sources:
            model = shelf.loaded.model.retrieval.sources[source]
            scores[: shelf.known] = model.score(Query(time=self.clock.now()))
        return scores

    def _likeness(
        self, loaded: Loaded, place: int, allowed: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.float32]:
        now = self.clock.now()
        query = Query(
            history=np.array([place], np.int32),
            times=np.array([now - 1], np.int64),
            time=now,
            excluded=np.array([place], np.int32),
        )
        fused = np.zeros(len(allowed), np.float32)
        for name in LIKENESS:
            source = loaded.model.retrieval.sources.get(name)
            if source is not None:
                scores = np.where(allowed, source.score(query), 0)
                best = np.argsort(-scores, kind="stable")[:DEEP]
                best = best[scores[best] > 0]
                fused[best] += 1 / (FUSION + 1 + np.arange(len(best), dtype=np.float32))
        return fused


def _allowed(shelf: Shelf, condition: str | None) -> npt.NDArray[np.bool_]:
    if not condition:
        return shelf.offered.copy()
    return shelf.offered & compile_filter(condition, shelf.columns.schema).mask(shelf.columns, {})


def _best(shelf: Shelf, scores: npt.NDArray[np.float32], limit: int) -> list[Listed]:
    best = np.argsort(-scores, kind="stable")[:limit]
    return _listed(shelf, best[np.isfinite(scores[best])], scores)


def _listed(shelf: Shelf, items: npt.NDArray[np.integer], scores: object) -> list[Listed]:
    return [
        Listed(shelf.ids[place], shelf.title_of(place), float(scores[place]))  # type: ignore[index]
        for place in items.tolist()
    ]
