"""Raw scores -> probabilities that mean what they say."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

PRIOR = 4.0
"""How strongly an adjustment is drawn towards none: as by so many pairs' worth of doubt."""

HALVINGS: Final = 30
"""Of a step of an adjustment that goes too far, as one does where what came true contradicts the
line; then there is nothing left to gain."""


@dataclass(frozen=True)
class Calibration:
    """A rising line through knots; scores between two knots are interpolated."""

    scores: Numbers
    probabilities: Numbers

    def apply(self, scores: Numbers) -> Numbers:
        """The probability of each raw score."""
        return np.interp(scores, self.scores, self.probabilities)

    def adjusted(self, scores: Numbers, labels: npt.NDArray[np.generic]) -> "Calibration":
        """The same line moved and tilted, in log-odds, to what came true of some new pairs.

        Two numbers learn from few pairs what a whole line cannot (Platt 1999). They are drawn
        towards leaving the line as it is.
        """
        logits, happened = _log_odds(self.apply(scores)), labels.astype(np.float64)
        base, tilt = _line(np.stack([np.ones_like(logits), logits], axis=1), happened)
        if tilt < 0:
            base, tilt = _line(np.stack([np.ones_like(logits), 0 * logits], axis=1), happened)[0], 0
        tilted = base + tilt * _log_odds(self.probabilities)
        return Calibration(self.scores, 1 / (1 + np.exp(-tilted)))

    @staticmethod
    def fit(scores: Numbers, labels: npt.NDArray[np.generic]) -> "Calibration":
        """Isotonic regression (Zadrozny & Elkan 2002), between the means of its steps.

        Pairs of one score are one point, so that their order says nothing. Each step of the
        regression becomes a knot at its mean score, with one success and one failure's worth of
        prior at the overall rate, so that no probability is 0 or 1.
        """
        from scipy.optimize import isotonic_regression

        happened = labels.astype(np.float64)
        rate = (happened.sum() + 0.5) / (len(happened) + 1)
        if not len(scores):
            return Calibration(np.zeros(1), np.array([rate]))
        levels, level = np.unique(scores, return_inverse=True)
        sizes = np.bincount(level).astype(np.float64)
        sums = np.bincount(level, happened)
        steps = isotonic_regression(sums / sizes, weights=sizes)
        begins = steps.blocks[:-1]
        pairs, successes = np.add.reduceat(sizes, begins), np.add.reduceat(sums, begins)
        means = np.add.reduceat(levels * sizes, begins) / pairs
        rising = np.maximum.accumulate((successes + 2 * rate) / (pairs + 2))
        knots, first = np.unique(means, return_index=True)
        return Calibration(knots, rising[first])


def _line(shape: Numbers, happened: Numbers) -> Numbers:
    """The two numbers of a logistic regression that are drawn towards 0 and 1."""
    none = np.array([0.0, 1.0])

    def loss(line: Numbers) -> float:
        surprise = np.logaddexp(0, np.where(happened > 0, -1, 1) * (shape @ line))
        return float(surprise.sum() + PRIOR / 2 * ((line - none) ** 2).sum())

    line = none
    for _ in range(25):
        chance = np.exp(-np.logaddexp(0, -shape @ line))
        slope = shape.T @ (happened - chance) - PRIOR * (line - none)
        curve = (shape * (chance * (1 - chance))[:, None]).T @ shape + PRIOR * np.eye(2)
        step = np.linalg.solve(curve, slope)
        shares = (0.5**halvings for halvings in range(HALVINGS))
        share = next((each for each in shares if loss(line + each * step) <= loss(line)), 0.0)
        line = line + share * step
    return line


def _log_odds(probabilities: Numbers) -> Numbers:
    inside = np.clip(probabilities, 1e-9, 1 - 1e-9)
    found: Numbers = np.log(inside / (1 - inside))
    return found
