"""Things of several queries, by the categories of their items."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.candidates import Items

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ByCategory:
    """Pairs of a thing and a category its item has; a thing is a row, an event, an item shown.

    A profile is a table queries x categories. Everything is added pair by pair in the order of
    the things, so the same things give the same bits whatever other queries there are.
    """

    thing: Places
    """The thing of each pair."""
    cell: Places
    """Where each pair lies in a flattened profile: query * categories + category."""
    number: Places
    """How many categories each thing has."""
    shape: tuple[int, int]
    """Queries and categories."""

    @staticmethod
    def of(queries: Places, items: Items, table: csr_array, n_queries: int) -> "ByCategory":
        """The things' pairs; `table` (items x categories) says which item has which category."""
        begin = table.indptr[items]
        number = (table.indptr[items + 1] - begin).astype(np.int64)
        thing = np.arange(len(items)).repeat(number)
        before = number.cumsum() - number
        place = np.arange(len(thing)) + (begin - before)[thing]
        cell = (queries * table.shape[1])[thing] + table.indices[place]
        return ByCategory(thing, cell, number, (n_queries, table.shape[1]))

    def profile(self, amount: npt.NDArray[np.generic]) -> Numbers:
        """queries x categories: the sum of the amounts of the query's things in the category."""
        queries, width = self.shape
        flat = np.bincount(self.cell, amount[self.thing], minlength=queries * width)
        return flat.astype(np.float64, copy=False).reshape(self.shape)

    @cached_property
    def counts(self) -> Numbers:
        """queries x categories: how many of the query's things have the category."""
        queries, width = self.shape
        flat = np.bincount(self.cell, minlength=queries * width)
        return flat.astype(np.float64).reshape(self.shape)

    def total(self, profile: Numbers) -> Numbers:
        """For each thing: its query's profile, summed over the thing's categories."""
        found = np.bincount(self.thing, profile.ravel()[self.cell], minlength=len(self.number))
        return found.astype(np.float64, copy=False)

    def mean(self, profile: Numbers) -> Numbers:
        """For each thing: its query's profile, a category; 0 for things that have none."""
        return self.total(profile) / self._at_least_one

    @cached_property
    def _at_least_one(self) -> Places:
        return np.maximum(self.number, 1)
