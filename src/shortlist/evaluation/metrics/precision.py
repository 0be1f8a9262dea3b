"""Precision."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shortlist.evaluation.lists import PerUser, RankedLists
from shortlist.evaluation.metrics.metric import ListMetric


@dataclass(frozen=True)
class Precision(ListMetric):
    """The share of the list that was relevant.

        precision@k = (relevant among the first k) / k

    The denominator is k also where the list is shorter. Gains do not matter. Range 0 to 1.

    Source: Manning, Raghavan and Schütze 2008, "Introduction to Information Retrieval",
    sections 8.3 and 8.4.

    >>> lists = RankedLists.of([[3, 0]], [[0, 1, 2]], items=4)
    >>> Precision().per_user(lists, k=2)
    array([0.5])
    """

    name: ClassVar[str] = "precision"
    label: ClassVar[str] = "precision"

    def compute(self, lists: RankedLists, k: int) -> PerUser:
        found: PerUser = lists.hits(k).sum(axis=1, dtype=np.float64)
        return np.divide(found, k)
