"""Things of several queries, by the categories of their items."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.candidates import Items
from shortlist.core.lazy import lazy
from shortlist.core.sparse import SparseRows

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ByCategory:
    """Things (rows, events, items shown) and the categories their items have.

    A profile is a number for each query and category. Many are made, and many are looked up,
    at once; everything is added in the order of the things, so that the same things give the
    same bits whatever other queries there are.
    """

    table: SparseRows
    """things x (queries * categories): 1 where the thing's item has the category."""
    shape: tuple[int, int]
    """Queries and categories."""

    @staticmethod
    def of(
        things: Sequence[tuple[Places, Items]], table: csr_array, n_queries: int
    ) -> "list[ByCategory]":
        """Things of several kinds, each by its query and item.

        `table` (items x categories) says which item has which category.
        """
        found = SparseRows.of(table, np.concatenate([items for _, items in things]))
        bounds, cells, width = found.bounds, found.columns, found.width
        if n_queries != 1:
            bounds = bounds.astype(np.int64)
            queries = np.concatenate([queries for queries, _ in things])
            cells = cells + (queries * width).repeat(np.diff(bounds))
        ones = np.ones(len(cells))
        ends = accumulate((len(items) for _, items in things), initial=0)
        tables = [
            SparseRows(bounds[begin : end + 1], cells, ones, n_queries * width)
            for begin, end in pairwise(ends)
        ]
        return [ByCategory(table, (n_queries, width)) for table in tables]

    def profiles(self, amounts: Numbers) -> Numbers:
        """things x kinds -> queries x categories x kinds: sums of each kind of amount."""
        sums: Numbers = self.table.totals(amounts)
        return sums.reshape(*self.shape, amounts.shape[1])

    def totals(self, profiles: Numbers) -> Numbers:
        """queries x categories x kinds -> things x kinds: sums over the thing's categories."""
        sums: Numbers = self.table.products(profiles.reshape(self.table.width, profiles.shape[-1]))
        return sums

    @lazy
    def number(self) -> Places:
        """How many categories each thing has."""
        bounds = self.table.bounds
        return bounds[1:] - bounds[:-1]
