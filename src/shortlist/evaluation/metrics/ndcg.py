"""Normalised discounted cumulative gain."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from shortlist.evaluation.lists import PerUser, RankedLists
from shortlist.evaluation.metrics.metric import ListMetric

Gain = Literal["linear", "exponential", "binary"]


@dataclass(frozen=True)
class Ndcg(ListMetric):
    """How close the list's order is to the best possible; hits near the top count most.

        NDCG@k = DCG@k / ideal DCG@k,   DCG@k = sum over i = 1..k of gain(i) / log2(i + 1)

    The gain of an item is its relevance value (`linear`; 1 for all makes it binary),
    2^value - 1 (`exponential`), or 1 (`binary`). The ideal list holds all relevant items of the
    user by falling gain, cut at k. Range 0 to 1.

    Source: Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques",
    ACM TOIS 20(4), section 2, with the discount log2(i + 1) and the exponential gain of
    Burges et al. 2005, "Learning to rank using gradient descent", ICML.

    >>> lists = RankedLists.of([[3, 0]], [[0, 1]], items=4)
    >>> Ndcg().per_user(lists, k=2).round(4)     # (1 / log2 3) / (1 + 1 / log2 3)
    array([0.3869])
    """

    name: ClassVar[str] = "ndcg"
    label: ClassVar[str] = "NDCG"
    gain: Gain = "linear"

    def compute(self, lists: RankedLists, k: int) -> PerUser:
        discount = 1 / np.log2(np.arange(2, max(k, lists.length) + 2))
        gains = self._value(lists.gains[:, :k])
        reached = gains @ discount[: gains.shape[1]]
        return reached / np.maximum(self._ideal(lists, k, discount), np.finfo(float).tiny)

    def _ideal(self, lists: RankedLists, k: int, discount: npt.NDArray[np.float64]) -> PerUser:
        relevance = lists.relevance
        user = np.repeat(np.arange(lists.n_users), lists.n_relevant)
        gains = relevance.data[np.lexsort((-relevance.data, user))]
        rank = np.arange(len(gains)) - relevance.indptr[user]
        within = rank < k
        worth = self._value(gains[within]) * discount[rank[within]]
        ideal: PerUser = np.zeros(lists.n_users)
        np.add.at(ideal, user[within], worth)
        return ideal

    def _value(self, gains: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        if self.gain == "exponential":
            return np.exp2(gains) - 1
        return (gains > 0).astype(np.float64) if self.gain == "binary" else gains
