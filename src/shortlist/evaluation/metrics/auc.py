"""Area under the ROC curve."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from shortlist.evaluation.metrics.metric import PairMetric, Weighted
from shortlist.evaluation.pairs import Numbers, ScoredPairs

Ties = Literal["half", "against_us"]


@dataclass(frozen=True)
class Auc(PairMetric):
    """How often something that came true was scored above something that did not.

        AUC = (pairs of a positive and a negative in the right order + ties / 2) / all such pairs

    Ties count half, so that a constant score gets 1/2; with `ties="against_us"` they count
    nothing. NaN where all outcomes are the same. Range 0 to 1.

    Source: Hanley and McNeil 1982, "The meaning and use of the area under a receiver operating
    characteristic (ROC) curve", Radiology 143(1); it is the Mann-Whitney statistic.

    >>> Auc().of(ScoredPairs.of([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0]))
    0.875
    """

    name: ClassVar[str] = "auc"
    label: ClassVar[str] = "AUC"
    ties: Ties = "half"

    def prepare(self, pairs: ScoredPairs) -> Weighted:
        group = np.zeros(len(pairs), np.int64)
        by_group = prepare_auc(pairs, group, groups=1, ties=self.ties)
        return lambda weights: float(by_group(weights)[0])


def prepare_auc(
    pairs: ScoredPairs, group: npt.NDArray[np.int64], *, groups: int, ties: Ties
) -> Callable[[Numbers], Numbers]:
    """From weights to the AUC within each group; NaN where a group has one class only."""
    order = np.lexsort((pairs.score, group))
    score, own, outcome = pairs.score[order], group[order], pairs.outcome[order]
    new_level = (np.diff(score) != 0) | (np.diff(own) != 0)
    level_starts = np.flatnonzero(np.concatenate([[True], new_level]))
    level_group = own[level_starts]

    def auc(weights: Numbers) -> Numbers:
        weight = weights[order]
        positives = np.add.reduceat(weight * outcome, level_starts)
        negatives = np.add.reduceat(weight * ~outcome, level_starts)
        all_positive = np.bincount(level_group, weights=positives, minlength=groups)
        all_negative = np.bincount(level_group, weights=negatives, minlength=groups)
        before_group = np.concatenate([[0.0], np.cumsum(all_negative)[:-1]])
        below = np.cumsum(negatives) - negatives - before_group[level_group]
        level = negatives / 2 if ties == "half" else 0.0
        right = np.bincount(level_group, weights=positives * (below + level), minlength=groups)
        comparisons = all_positive * all_negative
        found: Numbers = np.full(groups, np.nan)
        np.divide(right, comparisons, out=found, where=comparisons > 0)
        return found

    return auc
