"""How much each event of a history counts: what was done last matters most."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Query, Scores

OLDEST = 10
"""Half-lives after which an event counts nothing."""


def fading(query: Query, half_life: float | None) -> Scores:
    """One weight an event: the direction of the event, halved every `half_life` events back.

    Direction is 1 for events of positive weight and -1 for dislikes: how a choice was rated
    is left to the ranker, because people choose more of what they choose. None does not fade.
    What is over ten half-lives back counts nothing, so that a long history costs no more than
    the part of it that matters.

    >>> import numpy as np
    >>> fading(Query(history=np.array([7, 3, 5], np.int32)), half_life=1).tolist()
    [0.25, 0.5, 1.0]
    """
    _, counted = recent(query, half_life)
    weights = np.zeros(len(query.history), np.float32)
    weights[len(weights) - len(counted) :] = counted
    return weights


def recent(query: Query, half_life: float | None) -> tuple[Items, Scores]:
    """The items of the events that count, oldest first, and their weights: the end of `fading`."""
    if half_life is None:
        return query.history, np.sign(query.weights)
    counted = min(len(query.history), 1 + int(OLDEST * half_life))
    first = len(query.history) - counted
    return query.history[first:], np.sign(query.weights[first:]) * _fade(half_life, counted)


@lru_cache(maxsize=2048)
def _fade(half_life: float, events: int) -> Scores:
    """What the last events count, oldest first: as many as asked for."""
    fade = np.exp2(np.arange(events - 1, -1, -1) / -half_life).astype(np.float32)
    fade.flags.writeable = False
    return fade


def half_life_array(half_life: float | None) -> npt.NDArray[np.float64]:
    """A half-life as a bundle keeps it: NaN for none."""
    return np.array([np.nan if half_life is None else half_life])


def half_life_from(array: npt.NDArray[np.generic]) -> float | None:
    """The half-life that `half_life_array` wrote."""
    (half_life,) = np.asarray(array, np.float64).tolist()
    return None if np.isnan(half_life) else half_life


def recency_for(half_life: float | None, *, timed: bool) -> float | None:
    """The half-life to use: none where the log does not say in which order things happened."""
    return half_life if timed else None
