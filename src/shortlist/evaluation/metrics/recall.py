"""Recall."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from shortlist.evaluation.lists import PerUser, RankedLists
from shortlist.evaluation.metrics.metric import ListMetric


@dataclass(frozen=True)
class Recall(ListMetric):
    """The share of what was relevant that the list found.

        recall@k = (relevant among the first k) / (all relevant)

    The denominator is every relevant item, also where there are more than k, so that 1 may be
    out of reach: the convention of information retrieval and of LightGCN (He et al. 2020,
    SIGIR, section 4.1). With `denominator="attainable"` it is min(k, relevant), as in Liang
    et al. 2018, "Variational autoencoders for collaborative filtering", WWW, section 4.2. The
    registered one is over all. Gains do not matter. Range 0 to 1.

    Source: Manning, Raghavan and Schütze 2008, "Introduction to Information Retrieval",
    section 8.3.

    >>> lists = RankedLists.of([[3, 0]], [[0, 1, 2]], items=4)
    >>> Recall().per_user(lists, k=2).round(4)
    array([0.3333])
    >>> Recall(denominator="attainable").per_user(lists, k=2)
    array([0.5])
    """

    name: ClassVar[str] = "recall"
    label: ClassVar[str] = "recall"
    denominator: Literal["all", "attainable"] = "all"

    def compute(self, lists: RankedLists, k: int) -> PerUser:
        wanted = lists.n_relevant
        if self.denominator == "attainable":
            wanted = np.minimum(wanted, k)
        found: PerUser = lists.hits(k).sum(axis=1, dtype=np.float64)
        return np.divide(found, np.maximum(wanted, 1))
