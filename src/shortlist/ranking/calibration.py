"""Raw scores -> probabilities that mean what they say."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """A rising line through knots; scores between two knots are interpolated."""

    scores: Numbers
    probabilities: Numbers

    def apply(self, scores: Numbers) -> Numbers:
        """The probability of each raw score."""
        return np.interp(scores, self.scores, self.probabilities)

    @staticmethod
    def fit(scores: Numbers, labels: npt.NDArray[np.generic]) -> "Calibration":
        """Isotonic regression (Zadrozny & Elkan 2002), between the means of its steps.

        Each step of the regression becomes a knot at its mean score, with one success and
        one failure's worth of prior at the overall rate, so that no probability is 0 or 1.
        """
        from scipy.optimize import isotonic_regression

        order = np.argsort(scores, kind="stable")
        ordered, happened = scores[order], labels[order].astype(np.float64)
        rate = (happened.sum() + 0.5) / (len(happened) + 1)
        if not len(scores):
            return Calibration(np.zeros(1), np.array([rate]))
        steps = isotonic_regression(happened)
        bounds = steps.blocks
        sizes = np.diff(bounds)
        sums = np.add.reduceat(happened, bounds[:-1])
        means = np.add.reduceat(ordered, bounds[:-1]) / sizes
        rising = np.maximum.accumulate((sums + 2 * rate) / (sizes + 2))
        knots, first = np.unique(means, return_index=True)
        return Calibration(knots, rising[first])
