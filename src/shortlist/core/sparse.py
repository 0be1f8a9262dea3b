"""Rows of sparse tables, and what they add up to.

By the loops that SciPy's own products end in, asked directly: where little is asked, the matrix
classes take several times as long, most of it before the first number is read. The loops are
private to SciPy and have not changed since it has them; no other module knows them.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import _sparsetools as loops
from scipy.sparse import csr_array

Numbers = npt.NDArray[Any]
Places = npt.NDArray[np.int32 | np.int64]


@dataclass(frozen=True)
class SparseRows:
    """Rows of a sparse table: row i has the entries `bounds[i]:bounds[i + 1]`.

    Everything is added up entry by entry in their order, so that a row comes to the same bits
    among whatever others.
    """

    bounds: Places
    columns: Places
    """Of the same type as the bounds."""
    values: Numbers
    width: int
    """How many columns the table has."""

    @classmethod
    def of(cls, table: csr_array, rows: Places) -> Self:
        """Some rows of a table, each as often as it is named."""
        indptr, indices, data = table.indptr, table.indices, table.data
        rows = rows.astype(indices.dtype, copy=False)
        bounds = np.zeros(len(rows) + 1, indices.dtype)
        (indptr[rows + 1] - indptr[rows]).cumsum(out=bounds[1:])
        columns, values = np.empty(bounds[-1], indices.dtype), np.empty(bounds[-1], data.dtype)
        loops.csr_row_index(len(rows), rows, indptr, indices, data, columns, values)
        return cls(bounds, columns, values, table.shape[1])

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def totals(self, weights: Numbers) -> Numbers:
        """Several weighted sums of the rows: rows x sums -> columns x sums."""
        found = np.zeros((self.width, weights.shape[1]), self.values.dtype)
        self.add_totals(weights, found)
        return found

    def add_totals(self, weights: Numbers, found: Numbers) -> None:
        """Add `totals` to a table (C-contiguous) of the type of the values."""
        rows, bounds, columns, values = len(self), self.bounds, self.columns, self.values
        given, into = weights.ravel(), found.reshape(-1)
        loops.csc_matvecs(self.width, rows, found.shape[1], bounds, columns, values, given, into)

    def products(self, table: Numbers) -> Numbers:
        """The product with a dense table: columns x anything -> rows x anything."""
        found = np.zeros((len(self), table.shape[1]), self.values.dtype)
        rows, bounds, columns, values = len(self), self.bounds, self.columns, self.values
        given, into = table.ravel(), found.ravel()
        loops.csr_matvecs(rows, self.width, found.shape[1], bounds, columns, values, given, into)
        return found


def weighted_sum(table: csr_array, rows: Places, weights: Numbers) -> Numbers:
    """The weighted sum of some rows of a table, an entry a column.

    Nothing is copied out of the table: the loop is led from row to row in falling order, and
    finds nothing between one row's end and the next one's begin, which lies before it.
    """
    falling = (-rows).argsort(kind="stable")
    rows, ends = rows[falling], 2 * len(rows)
    bounds, each = np.empty(ends, table.indptr.dtype), np.zeros(ends, table.data.dtype)
    bounds[::2], bounds[1::2] = table.indptr[rows], table.indptr[rows + 1]
    each[::2] = weights[falling]
    found = np.zeros(table.shape[1], table.data.dtype)
    if len(rows):
        loops.csc_matvec(len(found), ends - 1, bounds, table.indices, table.data, each, found)
    return found
