"""How well the order is that came out of training, on questions it was not grown on.

A sign of life for the list of bundles, not a verdict: an honest evaluation trains on the past
alone (`shortlist evaluate`).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from shortlist.datasets.folds import Question
from shortlist.pipeline.model import Retrieval
from shortlist.ranking.booster import Labelled
from shortlist.ranking.ranker import Ranker
from shortlist.training.rows import Lesson

K = 10
MOST = 300
"""Questions that are looked at; more would tell the same."""

BASELINE = "popularity"

Numbers = npt.NDArray[np.float64]


def held_out_metrics(
    ranker: Ranker,
    retrieval: Retrieval,
    questions: Sequence[Question],
    lessons: Sequence[Lesson],
    rows: Labelled,
) -> Mapping[str, float]:
    """NDCG@10 of the ranker's order, and of popularity's, over the candidates of questions.

    `lessons` and `rows` are those of the questions, in their order. Answers that were no
    candidates count as missed; ties go against us.
    """
    n = min(MOST, len(lessons))
    ends = np.cumsum(rows.groups[:n])
    scores = np.split(ranker.score(rows.matrix[: ends[-1]]), ends[:-1])
    answers = [len(each.items) for each in questions[:n]]
    found = {"ndcg@10": _mean_ndcg(scores, lessons[:n], answers)}
    if BASELINE in retrieval.sources:
        row = list(retrieval.sources).index(BASELINE)
        popular = [np.asarray(each.pool.scores[row], np.float64) for each in lessons[:n]]
        found[f"{BASELINE} ndcg@10"] = _mean_ndcg(popular, lessons[:n], answers)
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
