"""Mean average precision."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shortlist.evaluation.lists import PerUser, RankedLists
from shortlist.evaluation.metrics.metric import ListMetric


@dataclass(frozen=True)
class AveragePrecision(ListMetric):
    """Precision at the place of each relevant item, averaged; its mean over users is the MAP.

        AP@k = (sum over i = 1..k of precision@i x [item i is relevant]) / min(k, relevant)

    The denominator is what a perfect list of k would reach, so that 1 is attainable; trec_eval's
    `map_cut` divides by all relevant items instead. Gains do not matter. Range 0 to 1.

    Source: Manning, Raghavan and Schütze 2008, "Introduction to Information Retrieval",
    section 8.4; the cut and its denominator as in the Million Song Dataset Challenge
    (McFee et al. 2012, WWW companion).

    >>> lists = RankedLists.of([[0, 3, 1]], [[0, 1]], items=4)
    >>> AveragePrecision().per_user(lists, k=3).round(4)     # (1/1 + 2/3) / 2
    array([0.8333])
    """

    name: ClassVar[str] = "map"
    label: ClassVar[str] = "MAP"

    def compute(self, lists: RankedLists, k: int) -> PerUser:
        hits = lists.hits(k)
        precision = hits.cumsum(axis=1) / np.arange(1, hits.shape[1] + 1)
        attainable = np.clip(lists.n_relevant, 1, k)
        total: PerUser = np.sum(precision, axis=1, where=hits)
        return np.divide(total, attainable)
