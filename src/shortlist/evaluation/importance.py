"""What a ranker looks at, in three ways that answer different questions.

Gain: what the training loss fell by at splits on a column (Breiman et al. 1984, section 5.3).
Contributions: what the column adds to the scores of held-out candidates (TreeSHAP, Lundberg et al.
2020). Shuffling: what the order of held-out candidates loses when the column's values are mixed up
(Breiman 2001, section 10; Fisher et al. 2019) - nothing, where other columns tell the same.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.evaluation.intervals import Owners, mean_intervals
from shortlist.evaluation.lists import PerUser
from shortlist.evaluation.results import (
    Contribution,
    Estimate,
    FeatureImportance,
    ImportanceSection,
)
from shortlist.ranking.booster import Booster
from shortlist.ranking.columns import meaning
from shortlist.ranking.group_ndcg import ndcg_by_group

K = 10

EXPLAINED = 1500
"""Rows whose contributions are computed: a third of a millisecond each."""

SHUFFLED = 80
"""Questions whose candidates are shuffled: every column costs a pass of the trees that use it."""

DRAWN = 100
"""Rows whose contributions are kept one by one, for those who want to see them."""

DRAWN_COLUMNS = 15
"""Columns whose contributions are kept so, the largest first."""

Numbers = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Asked:
    """Questions with the ranker's input for their candidates."""

    matrix: Matrix
    right: npt.NDArray[np.bool_]
    """Whether each candidate is an answer."""
    groups: npt.NDArray[np.int64]
    """Candidates of each question."""
    answers: npt.NDArray[np.int64]
    """Answers of each question, among its candidates or not."""
    owners: Owners
    """Whose each question is."""

    def some(self, most: int) -> "Asked":
        """At most so many of the questions, at even distances."""
        n = len(self.groups)
        kept = np.unique(np.linspace(0, n - 1, min(n, most)).astype(np.int64))
        wanted = np.zeros(n, bool)
        wanted[kept] = True
        rows = np.repeat(wanted, self.groups)
        return Asked(
            matrix=self.matrix[rows],
            right=self.right[rows],
            groups=self.groups[kept],
            answers=self.answers[kept],
            owners=self.owners[kept],
        )

    def ndcg(self, scores: Numbers) -> PerUser:
        """NDCG@10 of each question; equal scores put the answers last."""
        return ndcg_by_group(scores, self.right, self.groups, self.answers, K)


def importance_section(
    order: Booster, columns: list[str], asked: Asked, *, seed: int, title: str, protocol: str
) -> ImportanceSection:
    """Every column of a ranker, the one with the largest gain first."""
    gains = order.gains()
    mixed = asked.some(SHUFFLED)
    losses = shuffling_losses(order, mixed, seed=seed)
    rows = np.random.default_rng(seed).permutation(len(asked.matrix))[:EXPLAINED]
    shown = Contributions.of(order, asked.matrix[np.sort(rows)])
    sampled = {*np.argsort(-shown.sizes, kind="stable")[:DRAWN_COLUMNS].tolist()}
    features = tuple(
        FeatureImportance(
            name=columns[at],
            gain=float(gains[at]),
            meaning=meaning(columns[at]),
            shap=float(shown.sizes[at]),
            permutation=losses[at],
            direction=shown.direction(at),
            sample=shown.some(at) if at in sampled else (),
        )
        for at in np.argsort(-gains, kind="stable").tolist()
    )
    return ImportanceSection(
        title=title,
        features=features,
        notes=(
            f"Contributions are those to the scores of {len(rows):,} candidates, evenly drawn. "
            f"Shuffled are all {len(mixed.matrix):,} candidates of {len(mixed.groups):,} "
            "questions, one column at a time, once; a column that is the same for all candidates "
            "of a question is swapped between questions. Columns that tell alike share their gain, "
            "and lose little when one of them is shuffled. " + protocol,
        ),
    )


def shuffling_losses(order: Booster, asked: Asked, *, seed: int) -> list[Estimate]:
    """What NDCG@10 loses for each column when its values are shuffled; 0 for one unused."""
    lot = np.random.default_rng(seed)
    scores = order.predict(asked.matrix)
    before = asked.ndcg(scores)
    losses = [
        before - asked.ndcg(scores + order.change(asked.matrix, at, _shuffled(asked, at, lot)))
        for at in range(asked.matrix.shape[1])
    ]
    return mean_intervals(losses, seed=seed, owners=asked.owners)


def _shuffled(asked: Asked, column: int, lot: np.random.Generator) -> npt.NDArray[np.float32]:
    """A column's values in another order; those of questions move with all their candidates."""
    values = asked.matrix[:, column]
    starts = np.cumsum(asked.groups) - asked.groups
    if np.array_equal(np.repeat(values[starts], asked.groups), values, equal_nan=True):
        return np.repeat(lot.permutation(values[starts]), asked.groups)
    return lot.permutation(values)


@dataclass(frozen=True)
class Contributions:
    """What columns add to the scores of some rows."""

    matrix: Matrix
    shap: Numbers
    """rows x columns."""

    @staticmethod
    def of(order: Booster, matrix: Matrix) -> "Contributions":
        """Those of a forest."""
        return Contributions(matrix, order.contributions(matrix)[:, :-1])

    @property
    def sizes(self) -> Numbers:
        """The mean size of each column's."""
        return np.asarray(np.abs(self.shap).mean(axis=0))

    def direction(self, column: int) -> float | None:
        """Spearman's rank correlation of values and contributions; None where one is constant."""
        values, added = _places(self.matrix[:, column]), _places(self.shap[:, column])
        if not np.ptp(values) or not np.ptp(added):
            return None
        return float(np.corrcoef(values, added)[0, 1])

    def some(self, column: int) -> tuple[Contribution, ...]:
        """Those of some rows, at even distances."""
        places = _places(self.matrix[:, column])
        rows = np.unique(np.linspace(0, len(places) - 1, DRAWN).astype(np.int64))
        return tuple(
            Contribution(shap=round(float(self.shap[row, column]), 5), place=round(places[row], 3))
            for row in rows
        )


def _places(values: npt.NDArray[np.floating]) -> Numbers:
    """Where each value stands among all, from 0 to 1; equal values stand at one place."""
    _, level, number = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(number) - (number + 1) / 2
    found: Numbers = middle[level] / max(1, len(values) - 1)
    return found
