"""How unequally something is spread over things."""

import numpy as np
import numpy.typing as npt


def gini(amounts: npt.NDArray[np.integer]) -> float:
    """The Gini coefficient: 0 where all have as much, near 1 where one has everything.

    NaN where nobody has anything. Things without any count: give them a zero.

    >>> gini(np.array([0, 0, 0, 2]))
    0.75
    """
    ordered = np.sort(amounts)
    total, n = ordered.sum(), len(ordered)
    if total == 0:
        return float("nan")
    place = 2 * np.arange(1, n + 1) - n - 1
    return float((place * ordered).sum() / (n * total))


def share_of_top(amounts: npt.NDArray[np.integer], share: float) -> float:
    """What the largest amounts have of the whole: those of this share of all things.

    NaN where nobody has anything; the number of things is rounded up, so that there is one.

    >>> share_of_top(np.array([1, 1, 1, 7]), 0.25)
    0.7
    """
    total = amounts.sum()
    if total == 0:
        return float("nan")
    top = max(1, int(np.ceil(share * len(amounts))))
    return float(np.sort(amounts)[-top:].sum() / total)
