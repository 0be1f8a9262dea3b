"""The item statistics as of now, kept up with events as they arrive.

Of each item there is the newest line alone: whoever asks now looks at no other. Where events
arrive in the order of time the counters are those of `ItemStats.of` over the whole log, to the bit.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items
from shortlist.core.times import DAY, EARLIEST
from shortlist.datasets.arrivals import Arrivals
from shortlist.features.stats import (
    COUNTERS,
    HALF_LIVES_DAYS,
    NEVER,
    TOTALS,
    AnyArray,
    ItemStats,
    amounts_of,
)

Numbers = npt.NDArray[np.float64]

HALF_LIVES = np.array(HALF_LIVES_DAYS, np.float64) * DAY


class LiveStats:
    """The newest line of each item. Private to one thread; the statistics it gives are frozen."""

    def __init__(self, trained: ItemStats) -> None:
        last = trained.start[1:] - 1
        self._table = trained.table[last]
        self._time = trained.time[last]
        self._first = np.array(trained.first)
        self._grand = np.array([trained.grand[name][-1] for name in TOTALS])

    def extend(self, n_items: int) -> None:
        """Make room for items that came since."""
        more = n_items - len(self._time)
        self._table = np.concatenate([self._table, np.zeros((more, len(COUNTERS)))])
        self._time = np.concatenate([self._time, np.full(more, EARLIEST)])
        self._first = np.concatenate([self._first, np.full(more, NEVER)])

    def learn(self, arrivals: Arrivals) -> None:
        """Count events, in their order.

        What is taken back is taken off the counters, faded as it is by then; when an item was
        first chosen is not unlearned.
        """
        amounts = amounts_of(arrivals.kinds, arrivals)
        added = np.stack([amounts[name] for name in TOTALS], axis=1) * arrivals.sign[:, None]
        self._grand = np.cumsum(np.concatenate([self._grand[None, :], added]), axis=0)[-1]
        choices = added[:, TOTALS.index("choices")]
        fading = choices[:, None] * np.ones(len(HALF_LIVES))
        age = arrivals.told - arrivals.time
        if age.any():
            fading *= np.exp2(-age.astype(np.float64)[:, None] / HALF_LIVES)
        added = np.concatenate([added, fading], axis=1)
        for events in _rounds(arrivals.item):
            self._count(arrivals.item[events], added[events], arrivals.told[events])
        new = choices > 0
        np.minimum.at(self._first, arrivals.item[new], arrivals.time[new])

    def _count(self, items: Items, added: Numbers, time: npt.NDArray[np.int64]) -> None:
        """Count one event each of different items."""
        last = self._time[items]
        since = time.astype(np.float64) - last
        line, totals = self._table[items], len(TOTALS)
        if (since < 0).any():
            added[:, totals:] *= np.exp2(np.minimum(since, 0)[:, None] / HALF_LIVES)
        line[:, totals:] *= np.exp2(-np.maximum(since, 0)[:, None] / HALF_LIVES)
        self._table[items] = line + added
        self._time[items] = np.maximum(last, time)

    def stats(self) -> ItemStats:
        """The statistics as of now, whatever instant is asked about."""
        nothing = np.zeros(0, np.int64)
        return ItemStats(
            start=np.arange(len(self._time) + 1),
            when=nothing,
            key=nothing,
            time=self._time.copy(),
            first=self._first.copy(),
            table=self._table.copy(),
            grand=dict(zip(TOTALS, self._grand[:, None].copy(), strict=True)),
        )

    def arrays(self) -> dict[str, AnyArray]:
        """The whole state as plain arrays."""
        return {
            "table": self._table.copy(),
            "time": self._time.copy(),
            "first": self._first.copy(),
            "grand": self._grand.copy(),
        }

    def restore(self, arrays: Mapping[str, AnyArray]) -> None:
        """Take up what `arrays` gave, for as many items."""
        self._table = np.array(arrays["table"], np.float64)
        self._time = np.array(arrays["time"], np.int64)
        self._first = np.array(arrays["first"], np.int64)
        self._grand = np.array(arrays["grand"], np.float64)


def _rounds(items: Items) -> Iterator[npt.NDArray[np.intp]]:
    """The n-th event of every item at once, for n = 1, 2, ..."""
    if len(items) == 1:
        yield np.zeros(1, np.intp)
        return
    order = np.argsort(items, kind="stable")
    ordered = items[order]
    nth = np.arange(len(items)) - ordered.searchsorted(ordered)
    by_round = np.argsort(nth, kind="stable")
    bounds = nth[by_round].searchsorted(np.arange(nth.max(initial=-1) + 2))
    for begin, end in pairwise(bounds):
        yield order[by_round[begin:end]]
