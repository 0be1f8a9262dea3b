"""A mean watched as it grows, with bounds that hold at every moment at once.

Whoever looks at a fixed-time interval after every event, and stops when it looks good, is wrong
far more often than the interval says. These bounds hold at all times together, so that a
comparison may be ended whenever they allow it.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from scipy.special import gammainc, gammaln

WIDTH: Final = 2.0
"""From -1 to 1: how far apart two differences can be."""

OPTIMAL: Final = 5.0
"""The sum of squares at which the bounds are tightest, before they cross what they need to."""


@dataclass(frozen=True)
class Bounds:
    """A mean, and how low and how high the truth may lie."""

    n: int
    mean: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Watched:
    """Differences between -1 and 1, one after another, each with what was predicted of it.

    The truth they are about is the average of what each was expected to be, given all before it:
    it may change over time, and the differences need not be independent (empirical-Bernstein
    confidence sequence: Howard, Ramdas, McAuliffe & Sekhon 2021, theorem 4, with the mixture of
    proposition 9; for the scores of two forecasters Choe & Ramdas 2023, theorem 2).
    """

    n: int = 0
    total: float = 0.0
    squares: float = 0.0
    """Squared distances of the differences from the mean of those before them."""

    def with_one(self, difference: float) -> Self:
        """The same after one more difference."""
        surprise = difference - self.mean
        return replace(
            self,
            n=self.n + 1,
            total=self.total + difference,
            squares=self.squares + surprise * surprise,
        )

    @property
    def mean(self) -> float:
        return self.total / self.n if self.n else 0.0

    def bounds(self, error: float, squares: float | None = None) -> Bounds:
        """Bounds that are wrong at any time at all with at most this probability, on each side.

        Larger `squares` than those that were summed may be given; they widen the bounds.
        """
        if not self.n:
            return Bounds(0, 0.0, -1.0, 1.0)
        spread = max(self.squares, squares or 0.0)
        reach = boundary(spread, error) / self.n
        return Bounds(self.n, self.mean, max(-1.0, self.mean - reach), min(1.0, self.mean + reach))


def boundary(squares: float, error: float) -> float:
    """How far a sum of surprises strays from nothing, ever, with at most this probability.

    The gamma-exponential mixture (Howard et al. 2021, proposition 9) for differences at most
    `WIDTH` apart, turned round by bisection: the sum at which the mixture reaches 1 / error.
    """
    wanted, low, high = -np.log(error), 0.0, 1.0
    while _log_mixture(high, squares) < wanted:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if _log_mixture(middle, squares) >= wanted else (middle, high)
    return high


def _log_mixture(total: float, squares: float) -> float:
    """The logarithm of the mixture at a sum and its squares."""
    scale = WIDTH * WIDTH
    prior, shape = OPTIMAL / scale, (squares + OPTIMAL) / scale
    rate = (WIDTH * total + squares + OPTIMAL) / scale
    start = prior * np.log(prior) - gammaln(prior) - np.log(gammainc(prior, prior))
    mixed = gammaln(shape) + np.log(gammainc(shape, rate)) - shape * np.log(rate)
    return float(start + mixed + (WIDTH * total + squares) / scale)
