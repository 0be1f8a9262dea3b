"""Log loss."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shortlist.evaluation.metrics.metric import Better, PairMetric, Weighted
from shortlist.evaluation.pairs import Numbers, ScoredPairs


@dataclass(frozen=True)
class LogLoss(PairMetric):
    """How surprised the predicted probabilities were by what happened; lower is better.

        log loss = -(mean of y ln p + (1 - y) ln(1 - p)),   in nats

    Probabilities are kept 2.2e-16 (the float64 epsilon) away from 0 and 1, so that one certain
    error costs 36 and not infinity. It depends on the base rate: compare it on the same pairs
    only, or see the normalised entropy. Range 0 to 36.05. Raises Invalid where a score is no
    probability.

    Source: Good 1952, "Rational decisions", Journal of the Royal Statistical Society B 14(1).

    >>> round(LogLoss().of(ScoredPairs.of([0.5, 0.5], [1, 0])), 4)     # ln 2
    0.6931
    """

    name: ClassVar[str] = "log_loss"
    label: ClassVar[str] = "log loss"
    better: ClassVar[Better] = "lower"
    highest: ClassVar[float] = float(-np.log(np.finfo(np.float64).eps))
    needs_probability: ClassVar[bool] = True

    def prepare(self, pairs: ScoredPairs) -> Weighted:
        cost = surprise(pairs.probability, pairs.outcome)
        return lambda weights: float(weights @ cost / weights.sum())


def surprise(probability: Numbers, outcome: np.typing.NDArray[np.bool_]) -> Numbers:
    """The log loss of each pair, in nats."""
    tiny = np.finfo(np.float64).eps
    predicted = np.clip(probability, tiny, 1 - tiny)
    return -np.log(np.where(outcome, predicted, 1 - predicted))
