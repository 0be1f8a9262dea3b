"""The probability head alone, for pairs that somebody else chose: samples, impressions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.ranking.booster import Booster, Labelled, grow
from shortlist.ranking.calibration import Calibration
from shortlist.ranking.ranker import RankerSettings

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Chance:
    """A pointwise head and its calibration."""

    booster: Booster
    calibration: Calibration

    def probability(self, matrix: npt.NDArray[np.float32]) -> Numbers:
        """How likely each row is to come true."""
        return self.calibration.apply(self.booster.predict(matrix))


def fit_chance(
    train: Labelled,
    valid: Labelled,
    calibrate: Labelled,
    columns: Sequence[str],
    settings: RankerSettings,
) -> Chance:
    """Grow on `train`, stop on `valid`, and calibrate on rows that neither has seen."""
    booster = grow(
        settings.parameters("binary"),
        train,
        valid,
        columns,
        trees=settings.trees,
        patience=settings.patience,
    )
    scores = booster.predict(calibrate.matrix)
    return Chance(booster, Calibration.fit(scores, calibrate.labels))
