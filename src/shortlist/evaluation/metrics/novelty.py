"""Novelty."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics.metric import Background, CatalogueMetric


@dataclass(frozen=True)
class Novelty(CatalogueMetric):
    """How unusual the items shown are: bits of surprise at meeting a random user of one.

        novelty@k = mean over users and the first k items of -log2(audience(i) / users)

    The mean is taken within each list first; empty lists are left out. An item nobody chose
    counts as chosen by one, which keeps the range at 0 to log2(users). NaN where all lists are
    empty.

    Source: Zhou et al. 2010, "Solving the apparent diversity-accuracy dilemma of recommender
    systems", PNAS 107(10), "surprisal/novelty"; Vargas and Castells 2011, "Rank and relevance in
    novelty and diversity metrics for recommender systems", RecSys, section 3 (without discount).

    >>> from scipy.sparse import csr_array
    >>> known = Background(np.array([8, 4, 1]), 8, csr_array((3, 1)))
    >>> Novelty().of(RankedLists.of([[0, 1]], [[]], items=3), 2, known)     # (0 + 1) / 2 bits
    0.5
    """

    name: ClassVar[str] = "novelty"
    label: ClassVar[str] = "novelty (bits)"
    highest: ClassVar[float] = float("inf")

    def of(self, lists: RankedLists, k: int, background: Background) -> float:
        shown = lists.items[:, :k]
        listed = shown >= 0
        share = np.maximum(background.audience, 1) / max(1, background.n_users)
        surprise = np.where(listed, np.maximum(0.0, -np.log2(share))[shown], 0.0)
        length = listed.sum(axis=1)
        some = length > 0
        return float((surprise.sum(axis=1)[some] / length[some]).mean()) if some.any() else np.nan
