"""How alike two items are: the cosine between what is said of them."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.candidates import Items

Numbers = npt.NDArray[np.float32]

FEW: Final = 64
"""Up to so many terms a full table is faster than a sparse one."""


@dataclass(frozen=True)
class Likeness:
    """items x terms, rows of length one: the cosine is the inner product."""

    rows: csr_array | Numbers

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
        unit = csr_array((data, table.indices, indptr), shape=(rows + missing, terms))
        return cls(unit.toarray() if terms <= FEW else unit)


class Closest:
    """How alike each candidate is to the one it is most like among those taken so far.

    This is the second half of maximal marginal relevance, kept up to date: taking an item costs one
    product of a table with a vector.
    """

    def __init__(self, likeness: Likeness, items: Items) -> None:
        self.most: Numbers = np.zeros(len(items), np.float32)
        """One entry a candidate, 0 to 1 where weights are not negative."""
        self._rows = likeness.rows[items]

    def take(self, candidate: int) -> None:
        """Count a candidate among those taken."""
        rows = self._rows
        if isinstance(rows, np.ndarray):
            alike = rows @ rows[candidate]
        else:
            start, end = rows.indptr[candidate : candidate + 2]
            taken = np.zeros(rows.shape[1], np.float32)
            taken[rows.indices[start:end]] = rows.data[start:end]
            alike = rows @ taken
        np.maximum(self.most, alike, out=self.most)
