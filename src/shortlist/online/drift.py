"""How differently a number is distributed now from then."""

from typing import Final

import numpy as np
import numpy.typing as npt

BINS: Final = 10
FEWEST: Final = 0.5
"""What an empty bin counts for, so that the index stays finite."""

Numbers = npt.NDArray[np.floating]


def stability_index(then: Numbers, now: Numbers) -> float:
    """The population stability index over the deciles of `then`: 0 where nothing changed.

    Scorecard practice calls 0.1 to 0.25 a shift to look at, and more a change (Siddiqi 2006,
    "Credit Risk Scorecards"). Nothing can be said, and 0 is, where either is empty.

    >>> stability_index(np.arange(100.0), np.arange(100.0))
    0.0
    """
    if not len(then) or not len(now):
        return 0.0
    edges = np.unique(np.quantile(then, np.linspace(0, 1, BINS + 1)[1:-1]))
    expected, found = _shares(then, edges), _shares(now, edges)
    return float(((found - expected) * np.log(found / expected)).sum())


def _shares(values: Numbers, edges: Numbers) -> npt.NDArray[np.float64]:
    counts = np.bincount(np.searchsorted(edges, values), minlength=len(edges) + 1)
    counted = np.maximum(counts, FEWEST)
    shares: npt.NDArray[np.float64] = counted / counted.sum()
    return shares
