"""The largest inner products, exactly, with most of the rows never looked at.

No product is larger than the lengths of both sides multiplied (Cauchy-Schwarz). So rows are looked
at from the longest on, until the best found so far are better than any row can be that is left:
the pruning by length of LEMP (Teflioudi et al. 2015, "LEMP: Fast retrieval of large entries in a
matrix product", SIGMOD, section 4). Factors of items suit it: few items are chosen often, and those
have the long ones.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Candidates, Items, Scores

Matrix = npt.NDArray[np.float32]

BLOCK: Final = 16_384
"""Rows that are multiplied at once: their factors stay in the processor's cache."""

SLACK: Final = np.float32(1 + 1e-5)
"""What rounding may add to a product beyond the bound."""


@dataclass(frozen=True)
class NormOrder:
    """Rows by their length, the longest first."""

    factors: Matrix
    lengths: Scores
    items: Items
    """Whose row each is."""

    @classmethod
    def of(cls, factors: Matrix) -> Self:
        """A copy of the rows in order."""
        lengths = np.linalg.norm(factors, axis=1)
        order = np.argsort(-lengths, kind="stable")
        return cls(factors[order], lengths[order], order.astype(np.int32))

    def best(self, vector: Matrix, limit: int, *, without: Items) -> Candidates:
        """The items with the largest positive products; ties go to the smaller index."""
        reach = np.linalg.norm(vector).astype(np.float32) * SLACK
        items, scores = np.empty(0, np.int32), np.empty(0, np.float32)
        floor = np.finfo(np.float32).tiny
        for start in range(0, len(self.items), BLOCK):
            if self.lengths[start] * reach < floor or limit <= 0:
                break
            products = self.factors[start : start + BLOCK] @ vector
            above = np.flatnonzero(products >= floor)
            found = self.items[start + above]
            free = ~np.isin(found, without)
            items = np.concatenate([items, found[free]])
            scores = np.concatenate([scores, products[above[free]]])
            if len(items) > limit:
                floor = np.partition(scores, len(scores) - limit)[-limit]
                kept = scores >= floor
                items, scores = items[kept], scores[kept]
        order = np.lexsort((items, -scores))[:limit]
        return Candidates(items[order], scores[order])
