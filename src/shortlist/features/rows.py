"""The rows of a matrix: which item is judged for which query."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Query, Scores, Times

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Queries as columns, and the items judged for each of them.

    The histories of all queries stand one after another; query q has the events
    `start[q]:start[q + 1]`, oldest first.
    """

    query: Places
    """The query of each row."""
    item: Items
    """The item of each row."""
    time: Times
    """The instant of each query."""
    start: Places
    history: Items
    weights: Scores
    values: Scores
    times: Times
    shown_start: Places
    """What was shown for query q are the items `shown[shown_start[q]:shown_start[q + 1]]`."""
    shown: Items

    @staticmethod
    def of(queries: Sequence[Query], items: Sequence[Items]) -> "Rows":
        """Rows for some items of each query, query after query."""
        lengths = [len(query.history) for query in queries]
        if len(queries) == 1:
            (only,) = queries
            columns = (only.history, only.weights, only.values, only.times)
            shown = only.shown
            item = items[0]
        else:
            columns = (
                _join([query.history for query in queries], np.int32),
                _join([query.weights for query in queries], np.float32),
                _join([query.values for query in queries], np.float32),
                _join([query.times for query in queries], np.int64),
            )
            item = _join(items, np.int32)
            shown = _join([query.shown for query in queries], np.int32)
        return Rows(
            np.repeat(np.arange(len(queries)), [len(each) for each in items]),
            item,
            np.array([query.time for query in queries], np.int64),
            np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
            *columns,
            np.concatenate([[0], np.cumsum([len(query.shown) for query in queries])]).astype(
                np.int64
            ),
            shown,
        )

    def __len__(self) -> int:
        return len(self.item)

    @property
    def n_queries(self) -> int:
        return len(self.time)

    @cached_property
    def lengths(self) -> Places:
        """How many events each query's history has."""
        return np.diff(self.start)

    @cached_property
    def owner(self) -> Places:
        """The query of each event of the histories."""
        return np.repeat(np.arange(self.n_queries), self.lengths)

    @cached_property
    def shown_owner(self) -> Places:
        """The query of each item shown."""
        return np.repeat(np.arange(self.n_queries), np.diff(self.shown_start))

    @cached_property
    def age(self) -> Places:
        """How many events of its history came after each: 0 is the last."""
        return self.start[self.owner + 1] - 1 - np.arange(len(self.history))


def _join(parts: Sequence[npt.NDArray[np.generic]], dtype: npt.DTypeLike) -> npt.NDArray:  # type: ignore[type-arg]
    return np.concatenate([*parts, np.empty(0, dtype)])
