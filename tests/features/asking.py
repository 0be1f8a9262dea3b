"""Rows about a log, asked as training and serving ask them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Query
from shortlist.datasets.snapshot import Dataset
from shortlist.features import FEATURES, ItemStats, View
from shortlist.features.rows import Rows


@dataclass(frozen=True)
class Asked:
    """Queries with the items that are judged for each, and the log they are about."""

    data: Dataset
    stats: ItemStats
    queries: Sequence[Query]
    items: Sequence[Items]

    def view(self, *places: int) -> View:
        """A view of some of the queries; of all where none is named."""
        chosen = places or range(len(self.queries))
        rows = Rows.of([self.queries[q] for q in chosen], [self.items[q] for q in chosen])
        return View(rows, self.data.catalogue, self.stats, timed=self.data.timed)

    def column(self, feature: str, *places: int) -> npt.NDArray[np.float32]:
        """A feature, computed with nothing left over from the others."""
        return FEATURES[feature].compute(self.view(*places))

    def cut(self) -> "Asked":
        """The same, every row a query of its own."""
        return replace(
            self,
            queries=[
                query
                for query, items in zip(self.queries, self.items, strict=True)
                for _ in range(len(items))
            ],
            items=[items[[place]] for items in self.items for place in range(len(items))],
        )


def ask(
    data: Dataset,
    users: Sequence[int],
    times: Sequence[int | None],
    *,
    judged: int = 4,
    seed: int = 0,
) -> Asked:
    """Every user asks at every instant (None is now); some items are drawn, some of their own."""
    generator = np.random.default_rng(seed)
    queries = [data.query(user, time=time) for user in users for time in times]
    items = [
        np.concatenate(
            [
                generator.integers(0, data.n_items, judged if data.n_items else 0),
                query.history[-1:],
                query.shown[-1:],
            ]
        ).astype(np.int32)
        for query in queries
    ]
    return Asked(data, ItemStats.of(data), queries, items)


def ask_one(data: Dataset, query: Query, *items: int) -> Asked:
    """One query about some items."""
    return Asked(data, ItemStats.of(data), [query], [np.array(items, np.int32)])


def same_bits(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32]) -> bool:
    """Equal to the last bit, the sign of zero included."""
    return left.shape == right.shape and left.tobytes() == right.tobytes()


def value_of(feature: str, data: Dataset, query: Query, item: int) -> float:
    """A feature of one item for one query."""
    return float(ask_one(data, query, item).column(feature)[0])
