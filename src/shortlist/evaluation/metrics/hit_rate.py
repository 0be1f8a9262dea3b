"""Hit rate."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shortlist.evaluation.lists import PerUser, RankedLists
from shortlist.evaluation.metrics.metric import ListMetric


@dataclass(frozen=True)
class HitRate(ListMetric):
    """Whether the list held anything relevant at all; its mean is the share of users it did for.

        hit@k = 1 where at least one relevant item is among the first k, else 0

    Source: Deshpande and Karypis 2004, "Item-based top-N recommendation algorithms", ACM TOIS
    22(1), section 6.1 (there with one relevant item a user).

    >>> lists = RankedLists.of([[3, 0], [3, 2]], [[0], [0]], items=4)
    >>> HitRate().per_user(lists, k=2)
    array([1., 0.])
    """

    name: ClassVar[str] = "hit_rate"
    label: ClassVar[str] = "hit rate"

    def compute(self, lists: RankedLists, k: int) -> PerUser:
        return np.asarray(lists.hits(k).any(axis=1), np.float64)
