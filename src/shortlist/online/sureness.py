"""How sure a model may be, as what was chosen from lists says.

Given that one item of a list is chosen, a model whose scores are log-odds says

    P(it is this one) = exp(scale score) / sum over the list of exp(scale score)

The scale is the one that makes the choices so far most likely. Without it a model that is too sure
of itself would lose to the same model made unsure, as by labels that contradict each other.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

LEARN: Final = 100
"""Choices that tell the scale before any is foretold, and between two estimates."""

AS_SAID: Final = 3.0
"""How strongly the scale's logarithm is drawn to 0: as by so many choices' worth of doubt."""

ROUNDS: Final = 30

Numbers = npt.NDArray[np.float64]


@dataclass
class Sureness:
    """What is known of one model by now. It depends on the choices and their order alone."""

    _gaps: list[Numbers] = field(default_factory=list)
    """Scores of each list less that of what was chosen."""
    _scale: float | None = None

    def foretold(self, scores: Numbers, right: int) -> float | None:
        """The log-likelihood of a choice; None while too little is known."""
        if self._scale is None:
            return None
        return -float(np.logaddexp.reduce(self._scale * (scores - scores[right])))

    def learn(self, scores: Numbers, right: int) -> None:
        """Take up a choice: the scores of its list, and the place of what was chosen."""
        self._gaps.append(scores - scores[right])
        if len(self._gaps) % LEARN == 0:
            self._scale = scale_of(self._gaps)


def scale_of(gaps: list[Numbers]) -> float:
    """The scale that makes the choices most likely, by bisection of the slope of its logarithm."""
    table = np.full((len(gaps), max(len(each) for each in gaps)), -np.inf)
    for row, each in zip(table, gaps, strict=True):
        row[: len(each)] = each
    known = np.where(np.isfinite(table), table, 0.0)
    low, high = np.log(0.05), np.log(20.0)
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        scaled = np.exp(middle) * table
        chance = np.exp(scaled - np.logaddexp.reduce(scaled, axis=1)[:, None])
        rising = -np.exp(middle) * (chance * known).sum() - AS_SAID * middle
        low, high = (middle, high) if rising > 0 else (low, middle)
    return float(np.exp((low + high) / 2))
