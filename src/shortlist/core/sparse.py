"""Some rows of a sparse table, and what they add up to.

By the loops that SciPy's own products end in, asked directly: where little is asked, the matrix
classes take several times as long, most of it before the first number is read. The loops are
private to SciPy and have not changed since it has them; no other module knows them.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import _sparsetools as loops
from scipy.sparse import csr_array

Numbers = npt.NDArray[np.floating]
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
        indptr, indices = table.indptr, table.indices
        rows = rows.astype(indices.dtype, copy=False)
        bounds = np.zeros(len(rows) + 1, indices.dtype)
        np.cumsum(indptr[rows + 1] - indptr[rows], out=bounds[1:])
        columns, values = np.empty(bounds[-1], indices.dtype), np.empty(bounds[-1], table.dtype)
        loops.csr_row_index(len(rows), rows, indptr, indices, table.data, columns, values)
        return cls(bounds, columns, values, table.shape[1])

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def total(self, weights: Numbers) -> Numbers:
        """The weighted sum of the rows, an entry a column."""
        found = np.zeros(self.width, self.values.dtype)
        rows, bounds, columns, values = len(self), self.bounds, self.columns, self.values
        loops.csc_matvec(self.width, rows, bounds, columns, values, weights, found)
        return found

    def totals(self, weights: Numbers) -> Numbers:
        """Several weighted sums of the rows: rows x sums -> columns x sums."""
        found = np.zeros((self.width, weights.shape[1]), self.values.dtype)
        rows, bounds, columns, values = len(self), self.bounds, self.columns, self.values
        given, into = weights.ravel(), found.ravel()
        loops.csc_matvecs(self.width, rows, found.shape[1], bounds, columns, values, given, into)
        return found

    def products(self, table: Numbers) -> Numbers:
        """The product with a dense table: columns x anything -> rows x anything."""
        found = np.zeros((len(self), table.shape[1]), self.values.dtype)
        rows, bounds, columns, values = len(self), self.bounds, self.columns, self.values
        given, into = table.ravel(), found.ravel()
        loops.csr_matvecs(rows, self.width, found.shape[1], bounds, columns, values, given, into)
        return found
