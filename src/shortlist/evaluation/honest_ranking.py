"""Scores for the whole catalogue into ranked lists, every tie broken against us.

A scorer that gives many items one score has not ordered them. An index order or a sort that
happens to be stable would decide for it, often in its favour (catalogues are filed by age or by
popularity). Here an item that turns out relevant comes after all irrelevant ones of its score,
so only a score that tells items apart earns anything.
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.errors import Invalid
from shortlist.evaluation.lists import ItemLists

FullScores = npt.NDArray[np.float32] | npt.NDArray[np.float64]
"""users x items."""


def rank_against_us(
    scores: FullScores,
    relevance: csr_array,
    *,
    limit: int,
    excluded: csr_array | None = None,
) -> ItemLists:
    """The `limit` best items of each user, best first, -1 where there are no more.

    Of items with an equal score the irrelevant ones come first (smaller index first), then the
    relevant ones, those of the smallest gain first. A constant scorer therefore scores 0 wherever
    at least `limit` irrelevant items are ranked. Stored cells of `excluded` are not ranked, nor
    are items scored NaN or minus infinity.

    >>> relevance = csr_array(np.array([[1.0, 0.0, 0.0]]))
    >>> rank_against_us(np.array([[0.5, 0.5, 0.1]]), relevance, limit=3)
    array([[1, 0, 2]], dtype=int32)

    Takes a block of users at a time where users x items does not fit in memory. Raises Invalid
    where the shapes differ.
    """
    if scores.shape != relevance.shape:
        raise Invalid(f"scores of shape {scores.shape} for relevance of {relevance.shape}")
    lists = np.full((len(scores), limit), -1, np.int32)
    gains = np.zeros(scores.shape[1])
    for user, row in enumerate(scores):
        own = slice(relevance.indptr[user], relevance.indptr[user + 1])
        gains[relevance.indices[own]] = relevance.data[own]
        usable = np.where(np.isnan(row), -np.inf, row)
        if excluded is not None:
            usable[excluded.indices[excluded.indptr[user] : excluded.indptr[user + 1]]] = -np.inf
        best = _best(usable, gains, limit)
        lists[user, : len(best)] = best
        gains[relevance.indices[own]] = 0.0
    return lists


def _best(
    scores: npt.NDArray[np.floating], gains: npt.NDArray[np.float64], limit: int
) -> npt.NDArray[np.intp]:
    """Items of one user by falling score, rising gain, rising index."""
    if limit < len(scores):
        threshold = np.partition(scores, len(scores) - limit)[-limit]
        ranked = np.flatnonzero((scores >= threshold) & (scores > -np.inf))
    else:
        ranked = np.flatnonzero(scores > -np.inf)
    order = np.lexsort((ranked, gains[ranked], -scores[ranked]))
    return ranked[order[:limit]]
