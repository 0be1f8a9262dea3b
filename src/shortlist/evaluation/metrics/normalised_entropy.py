"""Normalised entropy."""

from dataclasses import dataclass
from math import log
from typing import ClassVar

from shortlist.evaluation.metrics.log_loss import LogLoss
from shortlist.evaluation.metrics.metric import Better, PairMetric, Weighted
from shortlist.evaluation.pairs import Numbers, ScoredPairs


@dataclass(frozen=True)
class NormalisedEntropy(PairMetric):
    """Log loss as a share of what always predicting the base rate would cost; lower is better.

        NE = log loss / -(r ln r + (1 - r) ln(1 - r)),   r the share of positives

    Below 1 the predictions say more than the base rate does; 1 - NE is the share of the
    uncertainty they removed. NaN where all outcomes are the same. Range 0 upwards. Raises
    Invalid where a score is no probability.

    Source: He et al. 2014, "Practical lessons from predicting clicks on ads at Facebook", ADKDD,
    section 2, equation 1.

    >>> NormalisedEntropy().of(ScoredPairs.of([0.25] * 4, [1, 0, 0, 0]))
    1.0
    """

    name: ClassVar[str] = "normalised_entropy"
    label: ClassVar[str] = "norm. entropy"
    better: ClassVar[Better] = "lower"
    highest: ClassVar[float] = float("inf")
    needs_probability: ClassVar[bool] = True

    def prepare(self, pairs: ScoredPairs) -> Weighted:
        log_loss = LogLoss().prepare(pairs)

        def normalised(weights: Numbers) -> float:
            rate = float(weights @ pairs.outcome / weights.sum())
            if not 0 < rate < 1:
                return float("nan")
            unavoidable = -(rate * log(rate) + (1 - rate) * log(1 - rate))
            return log_loss(weights) / unavoidable

        return normalised
