"""Intra-list diversity."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics.metric import Background, CatalogueMetric


@dataclass(frozen=True)
class Diversity(CatalogueMetric):
    """How different the items within one list are from each other, by their categories.

        diversity@k = mean over users of the mean over pairs i != j of 1 - cos(c(i), c(j))

    c(i) is the item's 0/1 vector of categories. Items without categories are left out, and so are
    lists with fewer than two items that have some. NaN where no list is left. Range 0 (all alike)
    to 1 (nothing in common).

    Source: Ziegler et al. 2005, "Improving recommendation lists through topic diversification",
    WWW, section 3.3; Smyth and McClave 2001, "Similarity vs. diversity", ICCBR.

    >>> genres = csr_array(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    >>> known = Background(np.ones(3, np.int64), 1, genres)
    >>> round(Diversity().of(RankedLists.of([[0, 1, 2]], [[]], items=3), 3, known), 4)
    0.6667
    """

    name: ClassVar[str] = "diversity"
    label: ClassVar[str] = "diversity"

    def of(self, lists: RankedLists, k: int, background: Background) -> float:
        direction = _unit_rows(background.categories)
        described = np.diff(background.categories.indptr) > 0
        user, position = np.nonzero(lists.items[:, :k] >= 0)
        item = lists.items[user, position]
        counts = described[item]
        user, item = user[counts], item[counts]

        cells = (np.ones(len(user)), (user, item))
        total = csr_array(cells, shape=(lists.n_users, lists.n_items)) @ direction
        n = np.bincount(user, minlength=lists.n_users)
        alike = np.asarray(total.multiply(total).sum(axis=1)).ravel() - n
        some = n > 1
        if not some.any():
            return float("nan")
        similarity = alike[some] / (n[some] * (n[some] - 1))
        return float(np.clip(1 - similarity, 0.0, 1.0).mean())


def _unit_rows(categories: csr_array) -> csr_array:
    norm = np.sqrt(np.asarray(categories.multiply(categories).sum(axis=1)).ravel())
    of_entry = np.repeat(np.maximum(norm, np.finfo(float).tiny), np.diff(categories.indptr))
    data = categories.data.astype(np.float64) / of_entry
    return csr_array((data, categories.indices, categories.indptr), shape=categories.shape)
