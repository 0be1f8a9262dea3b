"""Sums by pair of items that grow with the log, and come to the same bits in any order."""

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

PENDING: Final = 1 << 16
"""Amounts that wait to be added up together."""


def exact(amounts: npt.NDArray[Any]) -> Numbers:
    """The amounts rounded so that their sums are exact."""
    rounded: Numbers = np.rint(np.asarray(amounts, np.float64) / GRAIN) * GRAIN
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

    def table(self, values: npt.NDArray[Any], shape: tuple[int, int]) -> csr_array:
        """A sparse table (float32) with a value in the place of each pair."""
        indptr = np.searchsorted(self.key, np.arange(shape[0] + 1) << 32).astype(np.int32)
        parts = (values.astype(np.float32), self.column.astype(np.int32), indptr)
        return csr_array(parts, shape=shape)


class PairSums:
    """Sums of exact amounts by pair. Private to one thread."""

    def __init__(self) -> None:
        self._settled = Pairs(np.zeros(0, np.int64), np.zeros(0))
        self._keys: list[Places] = []
        self._amounts: list[Numbers] = []
        self._waiting = 0

    def add(self, rows: npt.NDArray[Any], columns: npt.NDArray[Any], amounts: Numbers) -> None:
        """Add amounts (as `exact` gives them), one a pair; a pair may stand there often."""
        self._keys.append((rows.astype(np.int64) << 32) | columns)
        self._amounts.append(amounts)
        self._waiting += len(amounts)
        if self._waiting > max(PENDING, len(self._settled.key) // 4):
            self.pairs()

    def pairs(self) -> Pairs:
        """The sums until now; later ones do not change what is given."""
        if self._waiting:
            key, total = _summed(np.concatenate(self._keys), np.concatenate(self._amounts))
            before = self._settled
            key, total = _summed(
                np.concatenate([before.key, key]), np.concatenate([before.total, total])
            )
            self._settled = Pairs(key[total != 0], total[total != 0])
            self._keys, self._amounts, self._waiting = [], [], 0
        return self._settled

    def arrays(self) -> Arrays:
        """The sums as plain arrays."""
        pairs = self.pairs()
        return {"pairs": pairs.key, "totals": pairs.total}

    def restore(self, arrays: Arrays) -> None:
        """Take up what `arrays` gave."""
        key, total = np.array(arrays["pairs"], np.int64), np.array(arrays["totals"], np.float64)
        self._settled = Pairs(key, total)
        self._keys, self._amounts, self._waiting = [], [], 0


def _summed(key: Places, amount: Numbers) -> tuple[Places, Numbers]:
    """Each key once, ascending, with the sum of its amounts."""
    if not len(key):
        return key, amount
    order = np.argsort(key, kind="stable")
    key, amount = key[order], amount[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    return key[first], np.add.reduceat(amount, first)
