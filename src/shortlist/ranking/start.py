"""What a forest begins from: the chance that one source gives, as log-odds."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]

SUREST: Final = 1e-4
"""No chance is taken to be nearer to 0, nor to 1."""


@dataclass(frozen=True)
class Start:
    """A column that holds a chance (0 where its source has nothing to say), and its usual worth.

    The trees then learn what the source got wrong. A forest that begins at nothing has to learn
    again from few rows what the source knows of all of them, and in steps of whole leaves.
    """

    column: int
    usual: float
    """The mean log-odds of what was learned from; also where the source has nothing to say."""

    @classmethod
    def of(cls, column: int, matrix: Matrix) -> Self:
        """From the rows that are learned from."""
        chance = matrix[:, column]
        told = _log_odds(chance[chance > 0])
        return cls(column, float(told.mean()) if len(told) else 0.0)

    def log_odds(self, matrix: Matrix) -> Numbers:
        """Where the score of each row begins."""
        chance = matrix[:, self.column]
        return np.where(chance > 0, _log_odds(chance), self.usual)


def _log_odds(chance: npt.NDArray[np.float32]) -> Numbers:
    sure = np.clip(chance.astype(np.float64), SUREST, 1 - SUREST)
    found: Numbers = np.log(sure / (1 - sure))
    return found
