"""Questions -> labelled rows for the ranker."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Query
from shortlist.core.pool import Pool
from shortlist.datasets.folds import Question
from shortlist.pipeline.model import Retrieval
from shortlist.ranking.booster import Labelled

BLOCK = 256
"""Questions whose features are computed together: bounds the memory of intermediates."""

WEIGHT_LEVELS = 4
"""Levels a weighted label can have."""


@dataclass(frozen=True)
class Lesson:
    """A question's candidates, and which of them are right."""

    query: Query
    pool: Pool
    gains: npt.NDArray[np.float32]
    """What each candidate is worth; 0 where it was not chosen."""


def lesson(retrieval: Retrieval, question: Question) -> Lesson:
    """Gather the candidates of a question as serving would, and mark the right ones."""
    return _marked(question, retrieval.gather(question.query))


def lessons(retrieval: Retrieval, questions: Sequence[Question]) -> Iterator[Lesson]:
    """The lesson of each question, in their order."""
    pools = retrieval.gather_many([each.query for each in questions])
    for each, pool in zip(questions, pools, strict=True):
        yield _marked(each, pool)


def shown_lessons(retrieval: Retrieval, questions: Sequence[Question]) -> Iterator[Lesson]:
    """The lesson of each question whose answer came from a list that the log knows.

    Its candidates are what was shown, which the user has seen; nobody knows what they would have
    made of anything else.
    """
    told = [(each, _free(each, each.shown)) for each in questions if each.shown is not None]
    pools = retrieval.pools_of_items([each.query for each, _ in told], [own for _, own in told])
    for (each, _), pool in zip(told, pools, strict=True):
        yield _marked(each, pool)


def _free(question: Question, items: Items) -> Items:
    """Those of some items that the question does not exclude."""
    return np.setdiff1d(items, question.query.excluded).astype(np.int32)


def _marked(question: Question, pool: Pool) -> Lesson:
    place = np.minimum(np.searchsorted(question.items, pool.items), len(question.items) - 1)
    right = question.items[place] == pool.items
    return Lesson(question.query, pool, np.where(right, question.gains[place], 0))


def thinned(whole: Lesson, negatives: int | None, rng: np.random.Generator) -> Lesson | None:
    """The right candidates and some of the others; None where there is nothing to tell apart."""
    right = np.flatnonzero(whole.gains > 0)
    wrong = np.flatnonzero(whole.gains <= 0)
    if not len(right) or not len(wrong):
        return None
    if negatives is not None and len(wrong) > negatives:
        wrong = rng.choice(wrong, negatives, replace=False)
    kept = np.sort(np.concatenate([right, wrong]))
    return Lesson(whole.query, whole.pool.take(kept), whole.gains[kept])


def labelled(retrieval: Retrieval, lessons: Sequence[Lesson], labels: str) -> Labelled:
    """The matrix, labels and groups of some lessons."""
    blocks = [lessons[start : start + BLOCK] for start in range(0, len(lessons), BLOCK)]
    width = len(retrieval.columns())
    parts = [
        retrieval.matrix([each.query for each in block], [each.pool for each in block])
        for block in blocks
    ]
    gains = np.concatenate([np.empty(0, np.float32), *(each.gains for each in lessons)])
    return Labelled(
        matrix=np.concatenate([np.empty((0, width), np.float32), *parts]),
        labels=_levels(gains) if labels == "weighted" else (gains > 0).astype(np.float32),
        groups=np.array([len(each.pool) for each in lessons], np.int64),
    )


def joined(parts: Sequence[Labelled]) -> Labelled:
    """The rows of several parts, one after another."""
    return Labelled(
        np.concatenate([part.matrix for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.groups for part in parts]),
    )


def _levels(gains: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Gains as the few whole levels that ranking objectives ask for: 0 is not chosen."""
    chosen = gains > 0
    top = np.quantile(gains[chosen], 0.95) if chosen.any() else 1.0
    level = np.ceil(np.clip(gains / top, 0, 1) * WEIGHT_LEVELS)
    return np.where(chosen, np.maximum(level, 1), 0).astype(np.float32)
