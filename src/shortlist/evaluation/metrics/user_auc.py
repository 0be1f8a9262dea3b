"""AUC within each user."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shortlist.evaluation.metrics.auc import Ties, prepare_auc
from shortlist.evaluation.metrics.metric import PairMetric, Weighted
from shortlist.evaluation.pairs import Numbers, ScoredPairs


@dataclass(frozen=True)
class UserAuc(PairMetric):
    """The AUC of each user's own pairs, averaged over users.

        uAUC = (sum of AUC(u) over users with both outcomes) / (number of such users)

    Knowing which users are active, or how likely each is to say yes, does not help here: only
    the order within a user does. Every user with at least one pair of each outcome counts the
    same; the rest are left out. Ties as in `Auc`. NaN where no user has both. Range 0 to 1.

    Source: Zhu et al. 2017, "Optimized cost per click in Taobao display advertising", KDD,
    section 4 (GAUC), here with equal weights.

    >>> UserAuc().of(ScoredPairs.of([0.9, 0.8, 0.2, 0.1], [1, 0, 1, 0], users=[0, 0, 1, 1]))
    1.0
    """

    name: ClassVar[str] = "user_auc"
    label: ClassVar[str] = "per-user AUC"
    ties: Ties = "half"

    def prepare(self, pairs: ScoredPairs) -> Weighted:
        users, group = np.unique(pairs.user, return_inverse=True)
        once = np.ones(len(pairs))
        auc = prepare_auc(pairs, group.astype(np.int64), groups=len(users), ties=self.ties)(once)
        both = np.isfinite(auc)
        size = np.bincount(group)

        def mean(weights: Numbers) -> float:
            times = (np.bincount(group, weights=weights) / size)[both]
            total = times.sum()
            return float(times @ auc[both] / total) if total > 0 else float("nan")

        return mean
