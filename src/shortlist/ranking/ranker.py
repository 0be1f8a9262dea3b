"""Two heads over one matrix: one orders, one gives the probability."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from shortlist.ranking.booster import Booster
from shortlist.ranking.calibration import Calibration
from shortlist.ranking.start import Start

Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]


class RankerSettings(BaseModel):
    """How the heads are grown. Both stop when the validation questions stop improving."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    trees: PositiveInt = 400
    """Trees a head has at most."""

    patience: PositiveInt = 40
    """Trees without improvement on validation after which growing stops."""

    learning_rate: float = Field(default=0.06, gt=0, le=1)
    """What one tree may change."""

    chance_learning_rate: float = Field(default=0.12, gt=0, le=1)
    """What one tree of the probability head may change."""

    start_learning_rate: float = Field(default=0.02, gt=0, le=1)
    """What one tree may change where the heads begin from what a source says: little, since the
    trees learn only where it is wrong."""

    start_leaves: int = Field(default=7, ge=2, le=1024)
    """Leaves of a tree there."""

    start_trees: PositiveInt = 40
    """Trees a head has at most there. What was shown is not what would be: trees that go on
    learning from it get better at it, and worse at the head of the catalogue."""

    leaves: int = Field(default=15, ge=2, le=1024)
    """Leaves of a tree; more fit finer and cost more time at every request."""

    min_rows: PositiveInt = 100
    """Training rows a leaf needs."""

    column_share: float = Field(default=0.3, gt=0, le=1)
    """Share of the columns a tree may use."""

    row_share: float = Field(default=0.7, gt=0, le=1)
    """Share of the rows a tree sees."""

    l2: NonNegativeFloat = 10.0
    """Penalty on the leaves' values."""

    truncation: PositiveInt = 20
    """How far down the list an order is worth learning (LambdaRank's truncation level)."""

    judged: PositiveInt = 50
    """How far down the lists of validation the order is judged (NDCG) when it says where growth
    stops. The first ten hold few choices, and which tree is best there is chance."""

    lead: NonNegativeFloat = 2.0
    """Where exercises are cut at random, as in a log without times, the order begins from that of
    the best source: so many times the logarithm of its score, as a share of its best; 0 for not."""

    seed: NonNegativeInt = 0
    """Seed of all sampling in the training of the heads."""

    def correcting(self) -> Self:
        """The same for heads that begin from what a source says."""
        rate, leaves = self.start_learning_rate, self.start_leaves
        return self.model_copy(
            update={
                "learning_rate": rate,
                "chance_learning_rate": rate,
                "leaves": leaves,
                "trees": self.start_trees,
            }
        )

    def parameters(self, objective: str) -> dict[str, Any]:
        """LightGBM's names for these settings."""
        ordering = objective == "lambdarank"
        return {
            "objective": objective,
            "learning_rate": self.learning_rate if ordering else self.chance_learning_rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.min_rows,
            "feature_fraction": self.column_share,
            "bagging_fraction": self.row_share,
            "bagging_freq": 1,
            "lambda_l2": self.l2,
            "max_bin": 63,
            "seed": self.seed,
            "deterministic": True,
            "force_col_wise": True,
            "verbose": -1,
        }


@dataclass(frozen=True)
class Ranker:
    """The fitted heads."""

    order: Booster
    chance: Booster
    calibration: Calibration

    @property
    def start(self) -> Start | None:
        """What both heads begin from."""
        return self.order.start

    def score(self, matrix: Matrix) -> Numbers:
        """What to order by; comparable within one query only."""
        return self.order.predict(matrix)

    def probability(self, matrix: Matrix) -> Numbers:
        """How likely the user is to choose the item next, were it a candidate."""
        return self.calibration.apply(self.chance.predict(matrix))

    def worth(self, matrix: Matrix) -> Numbers:
        """How likely who looks at an item takes it, next to others of the same list.

        A ranker that learned from the lists shown says so itself. Its calibration is on all
        candidates, few of which anybody looks at, and flattens what tells those of a list apart.
        """
        if self.start is None:
            return self.probability(matrix)
        return 1 / (1 + np.exp(-self.chance.predict(matrix)))

    def contributions(self, matrix: Matrix) -> Numbers:
        """rows x (columns + 1): what each column adds to the score; the last is the base.

        TreeSHAP (Lundberg et al. 2020, algorithm 2): each row sums to its score.
        """
        return self.order.contributions(matrix)
