"""Sums by pair of items that grow with the log, and come to the same bits in any order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.retrieval.source import Arrays

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

GRAIN: Final = 2.0**-30
"""What amounts are rounded to. Up to millions, sums of multiples of it are exact in double
precision, so that their order does not matter and what is taken back leaves nothing behind."""

TURN: Final = 1 << 17
"""Amounts that gather before the upper layer joins the lower one."""


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
    """Sums of exact amounts by pair, in two layers. Private to one thread.

    What was added lately lies in the upper layer, so that it can be taken often at little cost.
    When so much has gathered there, it joins the lower one; that depends on the events alone.
    """

    def __init__(self, turn: int = TURN) -> None:
        self._turn = turn
        self._lower = self._upper = NOTHING
        self._keys: list[Places] = []
        self._amounts: list[Numbers] = []
        self._gathered = 0

    def stretches(self, amounts: npt.NDArray[np.integer]) -> Iterator[slice]:
        """Events in stretches, by how many amounts each of them adds.

        The caller adds those of one stretch before asking for the next: between two of them the
        upper layer joins the lower one.
        """
        begin = 0
        while begin < len(amounts):
            gathered = self._gathered + np.cumsum(amounts[begin:])
            end = min(begin + int(np.searchsorted(gathered, self._turn)) + 1, len(amounts))
            yield slice(begin, end)
            self._gathered = int(gathered[end - begin - 1])
            if self._gathered >= self._turn:
                self._lower, self._upper = joined(self._lower, self.upper()), NOTHING
                self._gathered = 0
            begin = end

    def add(self, rows: npt.NDArray[Any], columns: npt.NDArray[Any], amounts: Numbers) -> None:
        """Add amounts (as `exact` gives them), one a pair; a pair may stand there often."""
        self._keys.append((rows.astype(np.int64) << 32) | columns)
        self._amounts.append(amounts)

    @property
    def lower(self) -> Pairs:
        """The lower layer; the same object until another joins it."""
        return self._lower

    def upper(self) -> Pairs:
        """The upper layer; what is added later does not change what is given."""
        if self._keys:
            added = _summed(np.concatenate(self._keys), np.concatenate(self._amounts))
            self._upper = joined(self._upper, added)
            self._keys, self._amounts = [], []
        return self._upper

    def arrays(self) -> Arrays:
        """The sums as plain arrays."""
        upper = self.upper()
        return {
            "lower_pairs": self._lower.key,
            "lower_totals": self._lower.total,
            "upper_pairs": upper.key,
            "upper_totals": upper.total,
            "gathered": np.array([self._gathered]),
        }

    def restore(self, arrays: Arrays) -> None:
        """Take up what `arrays` gave."""
        self._lower, self._upper = (
            Pairs(
                np.array(arrays[f"{layer}_pairs"], np.int64),
                np.array(arrays[f"{layer}_totals"], np.float64),
            )
            for layer in ("lower", "upper")
        )
        (self._gathered,) = np.asarray(arrays["gathered"], np.int64).tolist()
        self._keys, self._amounts = [], []


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
