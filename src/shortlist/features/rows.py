"""The rows of a matrix: which item is judged for which query."""

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Query, Scores, Times
from shortlist.core.lazy import lazy

Places = npt.NDArray[np.int64]
Number = TypeVar("Number", bound=np.generic)


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
        columns = (
            _join([query.history for query in queries], np.int32),
            _join([query.weights for query in queries], np.float32),
            _join([query.values for query in queries], np.float32),
            _join([query.times for query in queries], np.int64),
        )
        return Rows(
            _owners(_bounds(items)),
            _join(items, np.int32),
            np.array([query.time for query in queries], np.int64),
            _bounds(query.history for query in queries),
            *columns,
            _bounds(query.shown for query in queries),
            _join([query.shown for query in queries], np.int32),
        )

    def __len__(self) -> int:
        return len(self.item)

    @lazy
    def n_queries(self) -> int:
        return len(self.time)

    @lazy
    def lasts(self) -> Places:
        """The places of the last event of each query, of the one before and of the third last.

        -1 where there is none.
        """
        places = self.start[1:] - np.arange(1, 4)[:, None]
        return np.where(places < self.start[:-1], -1, places)

    @lazy
    def lengths(self) -> Places:
        """How many events each query's history has."""
        return self.start[1:] - self.start[:-1]

    @lazy
    def shown_lengths(self) -> Places:
        """How many items were shown for each query."""
        return self.shown_start[1:] - self.shown_start[:-1]

    @lazy
    def owner(self) -> Places:
        """The query of each event of the histories."""
        return _owners(self.start)

    @lazy
    def shown_owner(self) -> Places:
        """The query of each item shown."""
        return _owners(self.shown_start)

    @lazy
    def age(self) -> Places:
        """How many events of its history came after each: 0 is the last."""
        return self.start[self.owner + 1] - 1 - np.arange(len(self.history))


def _join(parts: Sequence[npt.NDArray[Number]], dtype: type[Number]) -> npt.NDArray[Number]:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([*parts, np.empty(0, dtype)])


def _bounds(parts: Iterable[Sized]) -> Places:
    """Where each part begins and ends when they stand one after another."""
    return np.array([0, *accumulate(len(part) for part in parts)], np.int64)


def _owners(bounds: Places) -> Places:
    """The part that each entry belongs to."""
    return np.arange(len(bounds) - 1).repeat(bounds[1:] - bounds[:-1])
