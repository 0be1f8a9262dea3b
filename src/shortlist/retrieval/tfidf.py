"""Weighted terms -> sparse vectors of length one."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.candidates import Scores
from shortlist.retrieval.sparse import largest_per_row


@dataclass(frozen=True)
class Tfidf:
    """Which terms tell something, and how much: idf = log(n / df)."""

    columns: npt.NDArray[np.intp]
    """The telling ones among the terms, ascending."""
    idf: Scores
    """One entry a telling term."""
    per_row: int
    """How many of a row's largest weights are kept."""

    @classmethod
    def of(cls, weights: csr_array, max_terms: int, per_row: int) -> Self:
        """From all rows. Terms of one row only, or of all, tell nothing.

        Of the rest the `max_terms` most frequent stay (ties: the first column).
        """
        n = weights.shape[0]
        frequency = np.bincount(weights.indices, minlength=weights.shape[1])
        telling = np.flatnonzero((frequency > 1) & (frequency < n))
        order = np.argsort(-frequency[telling], kind="stable")
        columns = np.sort(telling[order[:max_terms]])
        idf = np.log(n / np.maximum(frequency[columns], 1)).astype(np.float32)
        return cls(columns, idf, per_row)

    def vectors(self, weights: csr_array) -> csr_array:
        """Rows of weights of the telling terms as vectors of length one: rows x telling."""
        table = weights.astype(np.float32)
        table.data = table.data * self.idf[table.indices]
        kept = largest_per_row(table, self.per_row)
        lengths = np.sqrt(np.asarray(kept.multiply(kept).sum(axis=1)))
        scale = np.repeat(np.maximum(lengths, 1e-9), np.diff(kept.indptr))
        return csr_array((kept.data / scale, kept.indices, kept.indptr), shape=kept.shape)
