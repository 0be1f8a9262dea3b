"""How alike two items are: the cosine between what is said of them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.candidates import Items

Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Likeness:
    """items x terms, rows of length one: the cosine is the inner product."""

    rows: csr_array

    @classmethod
    def of(cls, table: csr_array, items: int | None = None) -> Self:
        """The likeness by a table of weights; an item of which nothing is said is like no other.

        Where there are more `items` than rows, nothing is said of the last ones.
        """
        lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
        shares = 1 / np.where(lengths > 0, lengths, 1)
        data = (table.data * np.repeat(shares, np.diff(table.indptr))).astype(np.float32)
        rows, terms = table.shape
        missing = max(0, (items or 0) - rows)
        indptr = np.concatenate([table.indptr, np.full(missing, table.indptr[-1])])
        return cls(csr_array((data, table.indices, indptr), shape=(rows + missing, terms)))


class Closest:
    """How alike each candidate is to the one it is most like among those taken so far.

    This is the second half of maximal marginal relevance, kept up to date: taking an item costs one
    product of a sparse table with a vector.
    """

    def __init__(self, likeness: Likeness, items: Items) -> None:
        self.most: Numbers = np.zeros(len(items), np.float32)
        """One entry a candidate, 0 to 1 where weights are not negative."""
        self._rows = likeness.rows[items]
        self._taken = np.zeros(likeness.rows.shape[1], np.float32)

    def take(self, candidate: int) -> None:
        """Count a candidate among those taken."""
        start, end = self._rows.indptr[candidate : candidate + 2]
        terms = self._rows.indices[start:end]
        self._taken[terms] = self._rows.data[start:end]
        np.maximum(self.most, self._rows @ self._taken, out=self.most)
        self._taken[terms] = 0
