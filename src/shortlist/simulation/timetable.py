"""When people come, and how many lists they look at."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.times import HOUR, SECOND
from shortlist.simulation.state import State

Indices = npt.NDArray[np.int64]

HOURLY = np.array(
    [3, 2, 1, 1, 1, 1, 2, 4, 5, 5, 5, 5, 6, 6, 5, 5, 6, 8, 11, 14, 16, 14, 10, 6], np.float64
)
"""How many visits begin in each hour of the day (UTC), relative to each other."""

MOST_LISTS = 40
"""Lists after which the most patient stop."""

READING = 30 * SECOND
"""How long a list is read for; its clicks fall into this."""


@dataclass(frozen=True)
class Timetable:
    """The sessions of a day, as columns."""

    user: Indices
    start: Indices
    """Instants."""
    lists: Indices
    """How many lists the session goes on for."""

    def __len__(self) -> int:
        return len(self.user)


def sessions_of_the_day(state: State, wanted: int, rng: np.random.Generator) -> Timetable:
    """About `wanted` sessions, one a user at most, by those who have joined; frequent users first.

    Newcomers are certain to come on the day they join.
    """
    joined = state.people.joined
    present = np.flatnonzero(joined <= state.morning)
    fresh = (
        joined[present] > state.morning - 24 * HOUR if state.day else np.zeros(len(present), bool)
    )
    races = rng.standard_exponential(len(present)) / state.people.activity[present]
    races[fresh] = 0
    user = np.sort(present[np.argsort(races, kind="stable")[: max(wanted, int(fresh.sum()))]])
    hour = rng.choice(24, len(user), p=HOURLY / HOURLY.sum())
    start = state.morning + ((hour + rng.random(len(user))) * HOUR).astype(np.int64)
    lists = np.minimum(rng.geometric(1 / state.world.session_lists, len(user)), MOST_LISTS)
    return Timetable(user, start, lists.astype(np.int64))


def pauses(n: int, rng: np.random.Generator) -> Indices:
    """How long n people take from one list to the next, in microseconds."""
    return READING + (rng.exponential(60, n) * SECOND).astype(np.int64) + 10 * SECOND
