"""Sparse item-to-item tables: pruned when they are made, packed when they are stored."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, vstack

from shortlist.core.candidates import Items, Scores
from shortlist.core.sparse import SparseRows

AnyArray = npt.NDArray[np.generic]

BLOCK = 2048
"""Rows of a product that are in memory before they are pruned, at most."""

CELLS = 24_000_000
"""Entries of these rows at most: of wide tables fewer rows are in memory."""


def pack(name: str, table: csr_array) -> dict[str, AnyArray]:
    """The arrays of a sparse table, under names that start with its own."""
    return {
        f"{name}_data": table.data.astype(np.float32),
        f"{name}_indices": table.indices.astype(np.int32),
        f"{name}_indptr": table.indptr.astype(np.int64),
        f"{name}_shape": np.array(table.shape, np.int64),
    }


def unpack(name: str, arrays: Mapping[str, AnyArray]) -> csr_array:
    """The table that `pack` took apart; its entries are not copied."""
    data, indices, indptr = (arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
    if len(data) <= np.iinfo(np.int32).max:
        indptr = indptr.astype(np.int32)  # beside int64 SciPy would widen all indices
    parts = (data, indices, indptr)
    rows, columns = arrays[f"{name}_shape"].tolist()
    return csr_array(parts, shape=(rows, columns), copy=False)


def padded(table: csr_array, rows: int, columns: int) -> csr_array:
    """The table with empty rows and columns after its own; its entries are not copied."""
    more = rows - table.shape[0]
    indptr = np.concatenate([table.indptr, np.repeat(table.indptr[-1:], more)])
    return csr_array((table.data, table.indices, indptr), shape=(rows, columns), copy=False)


def nothing(rows: int, columns: int) -> csr_array:
    """A table without entries."""
    parts = (np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(rows + 1, np.int32))
    return csr_array(parts, shape=(rows, columns))


def largest_per_row(table: csr_array, keep: int) -> csr_array:
    """The table with the `keep` largest values of each row; ties go to the smaller column."""
    lengths = np.diff(table.indptr)
    kept = np.ones(len(table.data), bool)
    for row in np.flatnonzero(lengths > keep):
        own = slice(table.indptr[row], table.indptr[row + 1])
        kept[own] = _among_largest(table.data[own], table.indices[own], keep)
    indptr = np.concatenate([[0], np.cumsum(np.minimum(lengths, keep))])
    pruned = csr_array((table.data[kept], table.indices[kept], indptr), shape=table.shape)
    pruned.sort_indices()
    return pruned


def block_rows(columns: int) -> int:
    """How many rows of so many columns are in memory together.

    >>> block_rows(5_000), block_rows(1_000_000)
    (2048, 24)
    """
    return min(BLOCK, max(1, CELLS // max(1, columns)))


def largest_of_product(left: csr_array, right: csr_array, keep: int) -> csr_array:
    """The product of two sparse tables, pruned to the `keep` largest values of each row.

    It is made in blocks of rows: the whole of it is never in memory.
    """
    rows = block_rows(right.shape[1])
    blocks = [
        largest_per_row(csr_array(left[start : start + rows] @ right), keep)
        for start in range(0, left.shape[0], rows)
    ]
    empty = csr_array((0, right.shape[1]), dtype=left.dtype)
    return csr_array(vstack([empty, *blocks], format="csr"))


def _among_largest(values: Scores, columns: Items, keep: int) -> npt.NDArray[np.bool_]:
    """Which are the `keep` largest; of equal ones at the edge those of the smallest columns."""
    threshold = np.partition(values, len(values) - keep)[len(values) - keep]
    chosen: npt.NDArray[np.bool_] = values > threshold
    level, room = np.flatnonzero(values == threshold), keep - int(chosen.sum())
    if len(level) > room:
        level = level[np.argsort(columns[level])]
    chosen[level[:room]] = True
    return chosen


def column_of(table: csr_array, rows: Items, column: int) -> Scores:
    """One column of some rows (float32, one entry a row)."""
    some = SparseRows.of(table, rows)
    places = np.flatnonzero(some.columns == column)
    found = np.zeros(len(rows), np.float32)
    found[some.bounds.searchsorted(places, "right") - 1] = some.values[places]
    return found
