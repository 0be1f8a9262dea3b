"""Scores on one scale, raised and lowered by the rules of a placement."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from shortlist.datasets.columns import Mask
from shortlist.slate.settings import BoostSettings

Numbers = npt.NDArray[np.float64]


def relevance(scores: Numbers) -> Numbers:
    """Scores from 0 (the worst of this list) to 1 (its best); what is not finite is the worst.

    A score of the ranker has neither a zero nor a unit of its own: only differences within one
    list mean something. Where all are equal, all are 1.

    >>> relevance(np.array([3.0, 1.0, -1.0])).tolist()
    [1.0, 0.5, 0.0]
    """
    finite = np.isfinite(scores)
    if not finite.any():
        return np.ones(len(scores))
    lowest, highest = scores[finite].min(), scores[finite].max()
    if highest == lowest:
        return finite.astype(np.float64)
    return np.where(finite, (scores - lowest) / (highest - lowest), 0.0)


def boosted(values: Numbers, boosts: Iterable[tuple[Mask, BoostSettings]]) -> Numbers:
    """Values after each boost in turn; a mask says which candidates it is for."""
    found = values.copy()
    for mask, boost in boosts:
        found[mask] = found[mask] * (boost.factor or 1) + (boost.add or 0)
    return found
