"""Which terms are said of each item, as one table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy.sparse import csr_array


@dataclass(frozen=True)
class Terms:
    """items x terms: how often each term is said of each item (float32)."""

    table: csr_array
    names: tuple[str, ...]
    """The term of each column, in alphabetical order; a table of no terms has one empty column."""

    def longer(self, said: Sequence[Iterable[str]]) -> Self | None:
        """The table with the terms of further items at its end, each counted once.

        None where one of the terms is new.
        """
        column = {name: place for place, name in enumerate(self.names)}
        flat: list[int] = []
        ends: list[int] = [len(self.table.data)]
        for terms in said:
            distinct = set(terms)
            if not distinct <= column.keys():
                return None
            flat += sorted(column[term] for term in distinct)
            ends.append(len(self.table.data) + len(flat))
        table = self.table
        parts = (
            np.concatenate([table.data, np.ones(len(flat), np.float32)]),
            np.concatenate([table.indices, np.array(flat, table.indices.dtype)]),
            np.concatenate([table.indptr, np.array(ends[1:], table.indptr.dtype)]),
        )
        shape = (table.shape[0] + len(ends) - 1, table.shape[1])
        return replace(self, table=csr_array(parts, shape=shape))

    @classmethod
    def of(cls, said: Iterable[Iterable[str]]) -> Self:
        """Count the terms of each item, in the order of the items."""
        met: dict[str, int] = {}
        lengths: list[int] = []
        flat: list[int] = []
        for terms in said:
            before = len(flat)
            flat.extend(met.setdefault(term, len(met)) for term in terms)
            lengths.append(len(flat) - before)
        names = sorted(met)
        column = np.empty(len(met), np.int32)
        column[[met[name] for name in names]] = np.arange(len(met), dtype=np.int32)
        indptr = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        columns = column[np.array(flat, np.int64)]
        shape = (len(lengths), max(1, len(names)))
        table = csr_array((np.ones(len(flat), np.float32), columns, indptr), shape=shape)
        table.sum_duplicates()
        return cls(table, tuple(names))
