"""The best linear blend of the sources: the bar a learned ranker has to clear."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from shortlist.datasets.folds import Question
from shortlist.pipeline.model import Retrieval
from shortlist.pipeline.proposals import ScoreTable
from shortlist.pipeline.retrieve import score_all

STEPS = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Weights that are tried for a source, relative to the largest."""

SWEEPS = 3
MOST_QUESTIONS = 400
POOL = 300
"""Items of a validation question that are weighed: the best of the sources' sum."""

Weights = npt.NDArray[np.float32]


def fit_blend(
    retrieval: Retrieval, questions: Sequence[Question], k: int = 10, seed: int = 0
) -> Weights:
    """One weight a source, the best NDCG@k on the validation questions.

    Scores are divided by each source's best of the question. The search starts from the best
    single source and goes over the sources one at a time, trying every step, until three
    sweeps are done or none helps.
    """
    rng = np.random.default_rng(seed)
    drawn = rng.permutation(len(questions))[:MOST_QUESTIONS]
    tables = [_table(retrieval, questions[place]) for place in drawn]
    scores = np.stack([scores for scores, _ in tables])
    right = np.stack([right for _, right in tables])
    ideal = np.array([_ideal(len(questions[place].items), k) for place in drawn])

    def quality(weights: Weights) -> float:
        mixed = np.asarray(np.einsum("s,qsi->qi", weights, scores), np.float32)
        return _ndcg(mixed, right, ideal, k)

    n = scores.shape[1]
    singles: list[Weights] = list(np.eye(n, dtype=np.float32))
    weights = max(singles, key=quality)
    best = quality(weights)
    for _ in range(SWEEPS):
        before = best
        for source in range(n):
            for step in STEPS:
                tried = weights.copy()
                tried[source] = step
                if tried.any() and (found := quality(tried)) > best:
                    weights, best = tried, found
        if best == before:
            break
    return weights


def blended(weights: Weights, scores: ScoreTable, tops: npt.NDArray[np.float32]) -> Weights:
    """The blend's score of every item."""
    return np.asarray((weights / np.maximum(tops, np.float32(1e-9))) @ scores, np.float32)


def named(weights: Weights, retrieval: Retrieval) -> Mapping[str, float]:
    """The weights that are not zero, by source, summing to one."""
    shares = weights / weights.sum()
    pairs = zip(retrieval.sources, shares, strict=True)
    return {name: round(float(share), 3) for name, share in pairs if share > 0}


def _table(retrieval: Retrieval, question: Question) -> tuple[ScoreTable, npt.NDArray[np.bool_]]:
    """Shares of each source's best for the question's likeliest items, and which are right."""
    scores = score_all(retrieval.sources, question.query)
    scores[:, question.query.excluded] = 0
    shares = scores / np.maximum(scores.max(axis=1, keepdims=True), 1e-9)
    size = min(POOL, shares.shape[1])
    items = np.argpartition(-shares.sum(axis=0), size - 1)[:size]
    return shares[:, items].astype(np.float32), np.isin(items, question.items)


def _ndcg(
    scores: npt.NDArray[np.float32],
    right: npt.NDArray[np.bool_],
    ideal: npt.NDArray[np.float64],
    k: int,
) -> float:
    """Mean NDCG of the k best of each row; ties against us."""
    scores = np.where(right, np.nextafter(scores, np.float32(-np.inf)), scores)
    k = min(k, scores.shape[1])
    best = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.take_along_axis(-scores, best, axis=1).argsort(axis=1)
    ranked = np.take_along_axis(best, order, axis=1)
    hits = np.take_along_axis(right, ranked, axis=1)
    return float(((hits / np.log2(np.arange(2, k + 2))).sum(axis=1) / ideal).mean())


def _ideal(relevant: int, k: int) -> float:
    return float((1 / np.log2(np.arange(2, min(relevant, k) + 2))).sum())
