"""Who chose the lists of the log: neither at random nor at its best, and with known chances."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shortlist.simulation.state import NOTHING, State, Visits

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class LoggingPolicy:
    """A mixture of popularity, the user's genres, and chance.

    A list is a Plackett-Luce draw from the mixture: places are filled from the top, each with an
    item not yet taken, with probability proportional to its share in the mixture.
    """

    clicks: Floats
    """Clicks an item has had, older ones counting less."""

    def next_day(self, half_life_days: float) -> "LoggingPolicy":
        """The policy a day later."""
        return replace(self, clicks=self.clicks * 0.5 ** (1 / half_life_days))

    def having_seen(self, clicked: Indices) -> "LoggingPolicy":
        """The policy once it knows of clicks on these items (an item as often as clicked)."""
        return replace(self, clicks=self.clicks + np.bincount(clicked, minlength=len(self.clicks)))

    def weights(self, state: State, visits: Visits, allowed: npt.NDArray[np.bool_]) -> Floats:
        """visits x items: the share of each allowed item in the mixture; rows sum to 1."""
        world = state.world
        genres = state.people.tastes(visits.user)[:, : world.categories] @ state.items.genres.T
        popular = _shares((self.clicks + 1)[None, :] * allowed)
        personal = _shares(np.exp(world.genre_taste * genres) * allowed)
        anything = _shares(allowed.astype(np.float64))
        rest = 1 - world.shown_popular - world.shown_personal
        return world.shown_popular * popular + world.shown_personal * personal + rest * anything


def draw(weights: Floats, length: int, rng: np.random.Generator) -> tuple[Indices, Floats]:
    """Lists of items (visits x positions) and the probability of each given those above it.

    Drawn as a race of exponentials: the item whose clock rings first takes the first place,
    which is the same distribution as drawing place by place without replacement. Where fewer
    items than places have any weight, the last places hold `NOTHING`, with probability 1.
    """
    length_drawn = min(length, weights.shape[1])
    with np.errstate(divide="ignore"):
        clocks = rng.standard_exponential(weights.shape) / weights
    first = np.argpartition(clocks, length_drawn - 1, axis=1)[:, :length_drawn]
    order = np.argsort(np.take_along_axis(clocks, first, axis=1), axis=1, kind="stable")
    lists = np.take_along_axis(first, order, axis=1).astype(np.int64)
    chosen = np.take_along_axis(weights, lists, axis=1)
    left = 1 - (np.cumsum(chosen, axis=1) - chosen)
    propensity = np.clip(chosen / np.maximum(left, chosen + 1e-300), 0, 1)
    empty = chosen <= 0
    padding = ((0, 0), (0, length - length_drawn))
    return (
        np.pad(np.where(empty, NOTHING, lists), padding, constant_values=NOTHING),
        np.pad(np.where(empty, 1.0, propensity), padding, constant_values=1.0),
    )


def _shares(weights: Floats) -> Floats:
    total: Floats = weights.sum(axis=1, keepdims=True)
    return weights / np.where(total > 0, total, 1)
