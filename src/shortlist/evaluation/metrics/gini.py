"""Gini coefficient of exposure."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shortlist.core.inequality import gini
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics.metric import Background, CatalogueMetric


@dataclass(frozen=True)
class Gini(CatalogueMetric):
    """How unequally the catalogue is shown: 0 all items equally often, near 1 a few always.

        Gini@k = (sum over i = 1..n of (2i - n - 1) x(i)) / (n x sum of x)

    x are how often each of the n items of the catalogue appears among the first k of a list, in
    rising order. NaN where all lists are empty. Range 0 to 1 - 1/n.

    Source: Adomavicius and Kwon 2012, "Improving aggregate recommendation diversity using
    ranking-based techniques", IEEE TKDE 24(5), section 4 (there as 1 minus it).

    >>> from scipy.sparse import csr_array
    >>> nothing = Background(np.zeros(4, np.int64), 1, csr_array((4, 1)))
    >>> Gini().of(RankedLists.of([[0], [0]], [[], []], items=4), 1, nothing)
    0.75
    """

    name: ClassVar[str] = "gini"
    label: ClassVar[str] = "Gini"

    def of(self, lists: RankedLists, k: int, background: Background) -> float:
        shown = lists.items[:, :k]
        return gini(np.bincount(shown[shown >= 0], minlength=background.n_items))
