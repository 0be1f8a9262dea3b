"""Pairs of a user and an item with what was predicted and what happened."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.errors import Invalid

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ScoredPairs:
    """Predictions beside outcomes, one entry a pair.

    Raises Invalid where the columns differ in length, there are no pairs, or a score is not
    finite.
    """

    score: Numbers
    """Higher means likelier; a probability where the metric asks for one."""
    outcome: npt.NDArray[np.bool_]
    user: npt.NDArray[np.int32]

    def __post_init__(self) -> None:
        lengths = {len(self.score), len(self.outcome), len(self.user)}
        if len(lengths) != 1 or 0 in lengths:
            raise Invalid(f"scored pairs have columns of {sorted(lengths)} entries")
        if not np.isfinite(self.score).all():
            raise Invalid("a score is not a finite number")

    @staticmethod
    def of(
        scores: Sequence[float], outcomes: Sequence[int], users: Sequence[int] | None = None
    ) -> "ScoredPairs":
        """Pairs written out by hand; all of one user unless said."""
        return ScoredPairs(
            score=np.asarray(scores, np.float64),
            outcome=np.asarray(outcomes, bool),
            user=np.asarray(users if users is not None else [0] * len(scores), np.int32),
        )

    def __len__(self) -> int:
        return len(self.score)

    @property
    def base_rate(self) -> float:
        """The share of pairs whose outcome came true."""
        return float(self.outcome.mean())

    @property
    def probability(self) -> Numbers:
        """The scores, as probabilities; raises Invalid where one is outside [0, 1]."""
        if self.score.min() < 0 or self.score.max() > 1:
            raise Invalid("a probability is outside [0, 1]; calibrate the scores first")
        return self.score
