"""Catalogue coverage."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics.metric import Background, CatalogueMetric


@dataclass(frozen=True)
class Coverage(CatalogueMetric):
    """The share of the catalogue that appears in anybody's list.

        coverage@k = (distinct items among the first k of all lists) / (items in the catalogue)

    It grows with the number of users: compare it on the same users only. Range 0 to 1.

    Source: Ge, Delgado-Battenfeld and Jannach 2010, "Beyond accuracy: evaluating recommender
    systems by coverage and serendipity", RecSys, section 2 (catalogue coverage).

    >>> from scipy.sparse import csr_array
    >>> nothing = Background(np.zeros(4, np.int64), 1, csr_array((4, 1)))
    >>> Coverage().of(RankedLists.of([[0, 1], [0, 2]], [[], []], items=4), 1, nothing)
    0.25
    """

    name: ClassVar[str] = "coverage"
    label: ClassVar[str] = "coverage"

    def of(self, lists: RankedLists, k: int, background: Background) -> float:
        shown = lists.items[:, :k]
        return len(np.unique(shown[shown >= 0])) / max(1, background.n_items)
