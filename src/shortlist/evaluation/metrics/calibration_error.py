"""Expected calibration error, and the bins it is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from shortlist.evaluation.metrics.metric import Better, PairMetric, Weighted
from shortlist.evaluation.pairs import Numbers, ScoredPairs


@dataclass(frozen=True)
class Bins:
    """Pairs of similar predictions together; one entry a bin, by rising prediction."""

    predicted: Numbers
    """Mean probability predicted."""
    observed: Numbers
    """Share that came true."""
    mass: Numbers
    """Weight of the pairs in the bin."""


@dataclass(frozen=True)
class CalibrationError(PairMetric):
    """How far predicted probabilities are from the frequencies observed, on average.

        ECE = sum over bins of (share of pairs) x |mean predicted - share that came true|

    The pairs are sorted by prediction and cut into `bins` bins of equal mass; equal predictions
    stay in one bin. Noise alone makes it positive: about sqrt(2 r (1 - r) bins / (pi n)) for
    perfect predictions of n pairs near the rate r. Lower is better. Range 0 to 1. Raises Invalid
    where a score is no probability.

    Source: Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using
    Bayesian binning", AAAI, section on the experimental results.

    >>> round(CalibrationError(bins=2).of(ScoredPairs.of([0.2, 0.2, 0.9, 0.9], [0, 1, 1, 1])), 4)
    0.2
    """

    name: ClassVar[str] = "calibration_error"
    label: ClassVar[str] = "calib. error"
    better: ClassVar[Better] = "lower"
    needs_probability: ClassVar[bool] = True
    bins: int = 20

    def prepare(self, pairs: ScoredPairs) -> Weighted:
        cut = prepare_bins(pairs, self.bins)

        def error(weights: Numbers) -> float:
            found = cut(weights)
            return float(np.average(np.abs(found.predicted - found.observed), weights=found.mass))

        return error


def prepare_bins(pairs: ScoredPairs, bins: int) -> Callable[[Numbers], Bins]:
    """From weights to at most `bins` bins of about equal mass, by rising probability.

    Equal probabilities fall into the bin in which the middle of them lies, all of them: the bins
    do not depend on the order of the pairs, and a constant prediction makes one bin.
    """
    levels, level = np.unique(pairs.probability, return_inverse=True)

    def cut(weights: Numbers) -> Bins:
        mass = np.bincount(level, weights=weights)
        came_true = np.bincount(level, weights=weights * pairs.outcome)
        middle = np.cumsum(mass) - mass / 2
        position = np.minimum((middle / mass.sum() * bins).astype(np.int64), bins - 1)
        total = np.bincount(position, weights=mass, minlength=bins)
        filled = total > 0
        predicted = np.bincount(position, weights=mass * levels, minlength=bins)[filled]
        observed = np.bincount(position, weights=came_true, minlength=bins)[filled]
        weight: Numbers = total[filled].astype(np.float64)
        return Bins(predicted / weight, observed / weight, weight)

    return cut


def equal_mass_bins(pairs: ScoredPairs, bins: int) -> Bins:
    """The bins of the pairs as they are, each counted once."""
    return prepare_bins(pairs, bins)(np.ones(len(pairs)))
