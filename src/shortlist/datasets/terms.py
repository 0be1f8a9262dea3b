"""Which terms are said of each item, as one table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array


@dataclass(frozen=True)
class Terms:
    """items x terms: how often each term is said of each item (float32)."""

    table: csr_array
    names: tuple[str, ...]
    """The term of each column, in alphabetical order; a table of no terms has one empty column."""

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
