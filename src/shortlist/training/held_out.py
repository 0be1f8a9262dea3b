"""How well the order is that came out of training, on questions it was not grown on.

A sign of life for the list of bundles, not a verdict: an honest evaluation trains on the past
alone (`shortlist evaluate`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shortlist.datasets.folds import Question
from shortlist.datasets.snapshot import Dataset
from shortlist.pipeline.model import Retrieval
from shortlist.ranking.booster import Labelled
from shortlist.ranking.ranker import Ranker
from shortlist.training.curriculum import Cut
from shortlist.training.rows import Lesson

K = 10

BASELINE = "popularity"

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class HeldOut:
    """Questions that no tree was grown on nor stopped by, and the ranker that is to answer them.

    The sources were fitted on what came before all of them.
    """

    ranker: Ranker
    sources: Retrieval
    """As they were fitted: its statistics end with its data."""
    data: Dataset
    """What they were fitted on."""
    questions: Sequence[Question]
    lessons: Sequence[Lesson]
    """The candidates of each question."""
    rows: Labelled
    """The ranker's input for them, question after question."""
    cut: Cut
    """How the log was cut."""

    def some(self, most: int) -> "HeldOut":
        """At most so many of the questions, at even distances."""
        if len(self.questions) <= most:
            return self
        kept = np.linspace(0, len(self.questions) - 1, most).astype(np.int64)
        wanted = np.zeros(len(self.questions), bool)
        wanted[kept] = True
        rows = np.repeat(wanted, self.rows.groups)
        return replace(
            self,
            questions=[self.questions[at] for at in kept],
            lessons=[self.lessons[at] for at in kept],
            rows=Labelled(self.rows.matrix[rows], self.rows.labels[rows], self.rows.groups[kept]),
        )


def held_out_metrics(held_out: HeldOut) -> Mapping[str, float]:
    """NDCG@10 of the ranker's order, and of popularity's, over the candidates of questions.

    Answers that were no candidates count as missed; ties go against us.
    """
    lessons, sources = held_out.lessons, held_out.sources.sources
    ends = np.cumsum(held_out.rows.groups)
    scores = np.split(held_out.ranker.score(held_out.rows.matrix), ends[:-1])
    answers = [len(each.items) for each in held_out.questions]
    found = {"ndcg@10": _mean_ndcg(scores, lessons, answers)}
    if BASELINE in sources:
        row = list(sources).index(BASELINE)
        popular = [np.asarray(each.pool.scores[row], np.float64) for each in lessons]
        found[f"{BASELINE} ndcg@10"] = _mean_ndcg(popular, lessons, answers)
    return found


def _mean_ndcg(
    scores: Sequence[Numbers], lessons: Sequence[Lesson], answers: Sequence[int]
) -> float:
    discounts = 1 / np.log2(np.arange(2, K + 2))
    found = []
    for score, lesson, number in zip(scores, lessons, answers, strict=True):
        right = lesson.gains > 0
        first = np.lexsort((right, -score))[:K]
        gain = (right[first] * discounts[: len(first)]).sum()
        found.append(gain / discounts[: min(K, number)].sum())
    return float(np.mean(found))
