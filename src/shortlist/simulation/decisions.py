"""Lists shown and how they were answered, day by day, until there is enough."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from shortlist.core.errors import BadSettings
from shortlist.core.times import SECOND
from shortlist.simulation.policy import LoggingPolicy, draw
from shortlist.simulation.state import NOTHING, State
from shortlist.simulation.streams import Purpose, stream
from shortlist.simulation.timetable import Timetable, pauses, sessions_of_the_day

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MILLISECOND = SECOND // 1000
FIRST_GUESS = 5.0
"""Interactions a session is thought to yield before any was seen."""

PATIENCE = 365
"""Days the log may run on, beside ten times those asked for, until there is enough."""

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Decisions:
    """Lists shown. Columns are decisions, or decisions x positions."""

    user: Indices
    session: Indices
    time: Indices
    item: Indices
    relevance: Floats
    examination: Floats
    probability: Floats
    propensity: Floats
    clicked: Mask
    rated: Mask
    stars: Floats

    def __len__(self) -> int:
        return len(self.user)

    @property
    def interactions(self) -> Indices:
        """Clicks and ratings of each decision."""
        return np.asarray(self.clicked.sum(axis=1) + self.rated.sum(axis=1), np.int64)

    def take(self, which: Indices) -> "Decisions":
        """Some of the decisions, in the order given."""
        return Decisions(**{each.name: getattr(self, each.name)[which] for each in fields(self)})

    @staticmethod
    def joined(parts: list["Decisions"]) -> "Decisions":
        """The decisions of all parts, one part after the other."""
        return Decisions(
            **{
                each.name: np.concatenate([getattr(part, each.name) for part in parts])
                for each in fields(Decisions)
            }
        )


def decide(state: State, events: int, progress: Progress | None = None) -> tuple[State, Decisions]:
    """Let the world run until people have clicked and rated `events` times.

    Each day gets as many sessions as should bring the total to `events` on the last of
    `world.days`. Returns the state of the last day and the decisions in the order of time, ending
    in the middle of the list that reaches `events`. Raises BadSettings where they never would.
    """
    policy = LoggingPolicy(np.zeros(len(state.items)))
    chosen = np.zeros((len(state.people), len(state.items)), bool)
    parts: list[Decisions] = []
    done = sessions = 0
    for day in range(10 * state.world.days + PATIENCE):
        state = state.on(day)
        yielded = done / sessions if done else FIRST_GUESS
        left = max(1, state.world.days - day)
        timetable = sessions_of_the_day(
            state,
            round((events - done) / left / yielded) + 1,
            stream(state.seed, Purpose.VISITS, day),
        )
        today = _day(state, policy, timetable, chosen, sessions)
        clicked = today.item[today.clicked]
        policy = policy.having_seen(clicked).next_day(state.world.popularity_half_life_days)
        parts.append(today)
        sessions += len(timetable)
        done += int(today.interactions.sum())
        if progress:
            progress(min(done, events))
        if done >= events:
            break
    else:
        raise BadSettings(
            f"people click too rarely: {done:,} of {events:,} interactions after {day + 1} days"
        )
    decisions = Decisions.joined(parts)
    return state, _cut(decisions.take(np.argsort(decisions.time, kind="stable")), events)


def _day(
    state: State, policy: LoggingPolicy, timetable: Timetable, chosen: Mask, sessions_before: int
) -> Decisions:
    """One day's lists; marks in `chosen` (users x items) what was clicked."""
    lists_rng, clicks_rng, ratings_rng = (
        stream(state.seed, purpose, state.day)
        for purpose in (Purpose.LISTS, Purpose.CLICKS, Purpose.RATINGS)
    )
    visits = state.visit(timetable.user, lists_rng)
    session = sessions_before + np.arange(len(timetable))
    time = timetable.start.copy()
    allowed = state.available() & ~chosen[timetable.user]
    parts: list[Decisions] = []
    for turn in range(int(timetable.lists.max(initial=0))):
        staying = timetable.lists > turn
        who, asked = timetable.user[staying], visits.take(staying)
        items, propensity = draw(
            policy.weights(state, asked, allowed[staying]), state.world.list_length, lists_rng
        )
        answer = state.respond(asked, items, clicks_rng, time=time[staying][:, None])
        rated, stars = _rate(state, answer.liking, answer.clicked, ratings_rng)
        parts.append(
            Decisions(
                user=who,
                session=session[staying],
                time=time[staying],
                item=items,
                relevance=answer.relevance,
                examination=answer.examination,
                probability=answer.probability,
                propensity=propensity,
                clicked=answer.clicked,
                rated=rated,
                stars=stars,
            )
        )
        row, position = np.nonzero(answer.clicked)
        chosen[who[row], items[row, position]] = True
        row, position = np.nonzero(items != NOTHING)
        allowed[np.flatnonzero(staying)[row], items[row, position]] = False
        time = time + pauses(len(time), lists_rng)
    return Decisions.joined(parts)


def _rate(
    state: State, liking: Floats, clicked: Mask, rng: np.random.Generator
) -> tuple[Mask, Floats]:
    """Which clicks are rated, and how many stars (half stars from 0.5 to 5)."""
    rated = clicked & (rng.random(clicked.shape) < state.world.rating_share)
    felt = 3 + liking + state.world.rating_noise * rng.standard_normal(liking.shape)
    return rated, np.clip(np.round(2 * felt) / 2, 0.5, 5)


def _cut(decisions: Decisions, events: int) -> Decisions:
    """The decisions up to the interaction that makes `events`; the last list ends with it."""
    total = np.cumsum(decisions.interactions)
    end = int(np.searchsorted(total, events))
    kept = decisions.take(np.arange(end + 1))
    needed = events - (int(total[end - 1]) if end else 0)
    reached = np.cumsum(kept.clicked[-1].astype(np.int64) + kept.rated[-1])
    last = int(np.searchsorted(reached, needed))
    kept.item[-1, last + 1 :] = NOTHING
    kept.clicked[-1, last + 1 :] = False
    kept.rated[-1, last + 1 :] = False
    if reached[last] > needed:
        kept.rated[-1, last] = False
    return kept
