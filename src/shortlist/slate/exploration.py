"""Trying items that are not the best, with the true probability of each.

The probability (propensity) that is reported is the one with which the policy puts *this* item at
*this* position, given what stands above it. Those of a list multiply to the probability of the
list. It belongs to the item and not to the way it was drawn: under `epsilon` the best item may be
drawn as well, and both ways count.
"""

import numpy as np
import numpy.typing as npt

from shortlist.datasets.columns import Mask
from shortlist.slate.settings import EpsilonSettings, ExplorationSettings, SoftmaxSettings

Numbers = npt.NDArray[np.float64]


def draw(
    policy: ExplorationSettings,
    values: Numbers,
    allowed: Mask,
    best: int,
    rng: np.random.Generator,
) -> tuple[int, float]:
    """A candidate among those allowed, and its probability. `best` is what would stand here."""
    choices = np.flatnonzero(allowed)
    match policy:
        case EpsilonSettings():
            return _epsilon(policy.epsilon, choices, best, rng)
        case SoftmaxSettings():
            place, probability = _softmax(values[choices] / policy.temperature, rng)
            return int(choices[place]), probability


def _epsilon(
    epsilon: float, choices: npt.NDArray[np.intp], best: int, rng: np.random.Generator
) -> tuple[int, float]:
    drawn = int(choices[rng.integers(len(choices))])
    taken = drawn if rng.random() < epsilon else best
    return taken, epsilon / len(choices) + (1 - epsilon) * (taken == best)


def _softmax(utilities: Numbers, rng: np.random.Generator) -> tuple[int, float]:
    """A place drawn with probability proportional to exp(utility)."""
    weights = np.exp(utilities - utilities.max())
    up_to = np.cumsum(weights)
    place = int(up_to.searchsorted(rng.random() * up_to[-1], side="right"))
    if place == len(weights):  # the product was rounded up to the whole
        place = int(np.flatnonzero(weights)[-1])
    return place, float(weights[place] / up_to[-1])
