"""Mean reciprocal rank."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shortlist.evaluation.lists import PerUser, RankedLists
from shortlist.evaluation.metrics.metric import ListMetric


@dataclass(frozen=True)
class ReciprocalRank(ListMetric):
    """How far down the first relevant item stands: 1 at the top, 1/2 in second place.

        RR@k = 1 / (position of the first relevant item),   0 where none is among the first k

    Its mean over users is the MRR. Gains do not matter. Range 0 to 1.

    Source: Voorhees 1999, "The TREC-8 question answering track report", section 3; cut at k as
    is usual for recommendation lists.

    >>> lists = RankedLists.of([[3, 0], [3, 2]], [[0], [0]], items=4)
    >>> ReciprocalRank().per_user(lists, k=2)
    array([0.5, 0. ])
    """

    name: ClassVar[str] = "mrr"
    label: ClassVar[str] = "MRR"

    def compute(self, lists: RankedLists, k: int) -> PerUser:
        hits = lists.hits(k)
        if hits.shape[1] == 0:
            return np.zeros(lists.n_users)
        return np.where(hits.any(axis=1), 1 / (hits.argmax(axis=1) + 1.0), 0.0)
