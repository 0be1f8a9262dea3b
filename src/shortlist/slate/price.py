"""What a list gives up against the plain order."""

from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

from shortlist.slate.boosts import relevance


@dataclass(frozen=True)
class Price:
    """What diversity, rules and exploration cost together, in the ranker's own score."""

    absolute: float
    """The scores of the plain list added up, less those of the list that is shown."""
    share: float
    """The same as a share of the plain list, each score counted from the worst candidate's: 0 is
    free, 1 is a list of nothing but the worst."""


def price(scores: npt.NDArray[np.float64], shown: npt.NDArray[np.intp]) -> Price:
    """The price of showing some candidates instead of as many from the top.

    >>> price(np.array([4.0, 3.0, 1.0, 0.0]), np.array([0, 2]))
    Price(absolute=2.0, share=0.2857142857142857)
    """
    values = relevance(scores)
    plain, taken = fsum(values[: len(shown)]), fsum(values[shown])
    finite = scores[np.isfinite(scores)]
    span = float(np.ptp(finite)) if len(finite) else 0.0
    lost = plain - taken
    return Price(absolute=lost * span, share=lost / plain if plain else 0.0)
