"""At most so many items of a list share a value."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items
from shortlist.datasets.columns import (
    Column,
    FlagColumn,
    ListColumn,
    Mask,
    NumberColumn,
    TextColumn,
)

Places = npt.NDArray[np.intp]
Groups = npt.NDArray[np.int64]


class Cap:
    """Counts what was taken, and knows which candidates would be one too many."""

    def __init__(self, attribute: str, at_most: int, column: Column | None, items: Items) -> None:
        self.attribute = attribute
        self.full: Mask = np.zeros(len(items), bool)
        """The candidates of which there are enough."""
        self._at_most = at_most
        self._who, self._group = _groups(column, items)
        self._taken: Counter[int] = Counter()

    def take(self, candidate: int) -> bool:
        """Count a candidate among those taken; whether it was one too many."""
        broken = False
        for group in self._group[self._who == candidate].tolist():
            self._taken[group] += 1
            broken |= self._taken[group] > self._at_most
            if self._taken[group] == self._at_most:
                self.full[self._who[self._group == group]] = True
        return broken


def open_to(free: Mask, caps: Sequence[Cap]) -> Mask:
    """The free candidates that no cap forbids; where there is none, the last caps give way."""
    for kept in range(len(caps), 0, -1):
        found = free.copy()
        for cap in caps[:kept]:
            found &= ~cap.full
        if found.any():
            return found
    return free


def _groups(column: Column | None, items: Items) -> tuple[Places, Groups]:
    """The values of the candidates as numbers: whose each is, and which.

    Of an attribute that no item has any more there are none.
    """
    match column:
        case TextColumn():
            codes = column.codes[items]
            who = np.flatnonzero(codes >= 0)
            return who, codes[who].astype(np.int64)
        case NumberColumn():
            who = np.flatnonzero(column.known[items])
            _, group = np.unique(column.values[items[who]], return_inverse=True)
            return who, group.astype(np.int64)
        case FlagColumn():
            who = np.flatnonzero(column.known[items])
            return who, column.values[items[who]].astype(np.int64)
        case ListColumn():
            starts, ends = column.table.indptr[items], column.table.indptr[items + 1]
            who = np.repeat(np.arange(len(items)), ends - starts)
            before = np.cumsum(ends - starts) - (ends - starts)
            within = np.arange(len(who)) - before[who]
            return who, column.table.indices[starts[who] + within].astype(np.int64)
        case None:
            return np.empty(0, np.intp), np.empty(0, np.int64)
