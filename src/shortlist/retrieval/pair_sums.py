"""Sums by pair of items that grow with the log, and come to the same bits in any order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.retrieval.source import Arrays

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Made = TypeVar("Made")

GRAIN: Final = 2.0**-30
"""What amounts are rounded to. Up to millions, sums of multiples of it are exact in double
precision, so that their order does not matter and what is taken back leaves nothing behind."""

TURN: Final = 1 << 17
"""Amounts that gather in the upper layer before it becomes one of the lower ones."""

GROWTH: Final = 4
"""How many times as large as the layer above it a layer stays; a smaller one joins it."""


def exact(amounts: npt.NDArray[Any], unit: float = 1.0) -> Numbers:
    """The amounts rounded so that their sums are exact. They are about as large as the unit."""
    grain = GRAIN * 2.0 ** np.rint(np.log2(unit))
    rounded: Numbers = np.rint(np.asarray(amounts, np.float64) / grain) * grain
    return rounded


@dataclass(frozen=True)
class Pairs:
    """Pairs and their sums, ordered by row and column; none is zero."""

    key: Places
    """row * 2^32 + column, ascending."""
    total: Numbers

    @property
    def row(self) -> Places:
        return self.key >> 32

    @property
    def column(self) -> Places:
        return self.key & 0xFFFFFFFF

    def row_totals(self, rows: int) -> Numbers:
        """The sum of each row."""
        return np.bincount(self.row, self.total, minlength=rows).astype(np.float64)

    def totals_of(self, key: Places) -> Numbers:
        """The sums of some keys; 0 where there is none."""
        if not len(self.key):
            return np.zeros(len(key))
        place = np.minimum(self.key.searchsorted(key), len(self.key) - 1)
        return np.where(self.key[place] == key, self.total[place], 0.0)

    def table(self, values: npt.NDArray[Any], shape: tuple[int, int]) -> csr_array:
        """A sparse table (float32) with a value in the place of each pair."""
        indptr = np.searchsorted(self.key, np.arange(shape[0] + 1) << 32).astype(np.int32)
        parts = (values.astype(np.float32), self.column.astype(np.int32), indptr)
        return csr_array(parts, shape=shape)


NOTHING: Final = Pairs(np.zeros(0, np.int64), np.zeros(0))


class PairSums:
    """Sums of exact amounts by pair, in layers. Private to one thread.

    What was added lately lies in the upper layer, so that it can be taken often at little cost.
    When so much has gathered there, it becomes a lower one, and layers that are not much larger
    join it (a log-structured merge, O'Neil et al. 1996): each sum is moved a few times, however
    many there are. All of it depends on the events alone.
    """

    def __init__(self, turn: int = TURN) -> None:
        self._turn = turn
        self._lower: tuple[Pairs, ...] = ()
        self._upper = NOTHING
        self._keys: list[Places] = []
        self._amounts: list[Numbers] = []
        self._gathered = 0

    def stretches(self, amounts: npt.NDArray[np.integer]) -> Iterator[slice]:
        """Events in stretches, by how many amounts each of them adds.

        The caller adds those of one stretch before asking for the next: between two of them the
        upper layer becomes a lower one.
        """
        begin = 0
        while begin < len(amounts):
            gathered = self._gathered + np.cumsum(amounts[begin:])
            end = min(begin + int(np.searchsorted(gathered, self._turn)) + 1, len(amounts))
            yield slice(begin, end)
            self._gathered = int(gathered[end - begin - 1])
            if self._gathered >= self._turn:
                self._settle()
            begin = end

    def add(self, rows: npt.NDArray[Any], columns: npt.NDArray[Any], amounts: Numbers) -> None:
        """Add amounts (as `exact` gives them), one a pair; a pair may stand there often."""
        self._keys.append((rows.astype(np.int64) << 32) | columns)
        self._amounts.append(amounts)

    @property
    def lower(self) -> tuple[Pairs, ...]:
        """The lower layers, the oldest first; each the same object until another joins it.

        One that goes takes along all that lie above it.
        """
        return self._lower

    def _settle(self) -> None:
        """Make a lower layer of the upper one."""
        settled, lower = self.upper(), [*self._lower]
        while lower and len(lower[-1].key) < GROWTH * len(settled.key):
            settled = joined(lower.pop(), settled)
        self._lower = (*lower, settled) if len(settled.key) else tuple(lower)
        self._upper, self._gathered = NOTHING, 0

    def upper(self) -> Pairs:
        """The upper layer; what is added later does not change what is given."""
        if self._keys:
            added = _summed(np.concatenate(self._keys), np.concatenate(self._amounts))
            self._upper = joined(self._upper, added)
            self._keys, self._amounts = [], []
        return self._upper

    def arrays(self) -> Arrays:
        """The sums as plain arrays."""
        layers = [*self._lower, self.upper()]
        return {
            "pairs": np.concatenate([each.key for each in layers]),
            "totals": np.concatenate([each.total for each in layers]),
            "layers": np.array([len(each.key) for each in layers]),
            "gathered": np.array([self._gathered]),
        }

    def restore(self, arrays: Arrays) -> None:
        """Take up what `arrays` gave."""
        ends = np.cumsum(np.asarray(arrays["layers"], np.int64))[:-1]
        keys = np.split(np.array(arrays["pairs"], np.int64), ends)
        totals = np.split(np.array(arrays["totals"], np.float64), ends)
        *lower, self._upper = map(Pairs, keys, totals)
        self._lower = tuple(lower)
        (self._gathered,) = np.asarray(arrays["gathered"], np.int64).tolist()
        self._keys, self._amounts = [], []


def still_there(made: Iterable[tuple[Pairs, Made]], lower: Sequence[Pairs]) -> list[Made]:
    """What was made of those lower layers that still are there; they are the first."""
    return [each for (layer, each), now in zip(made, lower, strict=False) if layer is now]


def joined(one: Pairs, other: Pairs) -> Pairs:
    """The sums of both."""
    if not len(one.key):
        return other
    key, total = np.concatenate([one.key, other.key]), np.concatenate([one.total, other.total])
    return _summed(key, total)


def _summed(key: Places, amount: Numbers) -> Pairs:
    """Each key once, ascending, with the sum of its amounts where that is not zero."""
    if not len(key):
        return NOTHING
    order = np.argsort(key, kind="stable")
    key, amount = key[order], amount[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    key, total = key[first], np.add.reduceat(amount, first)
    there = total != 0
    return Pairs(key[there], total[there])
