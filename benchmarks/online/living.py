"""A simulated world whose people come day by day, and are shown what somebody answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from shortlist.core.times import SECOND, iso
from shortlist.simulation import NOTHING, State, Visits
from shortlist.simulation.timetable import Timetable, pauses, sessions_of_the_day

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Events = list[dict[str, Any]]

MOST_LISTS = 6
"""Lists after which the most patient end their session."""


class Shower(Protocol):
    """Whoever answers with lists."""

    name: str

    def morning(self, state: State) -> None:
        """A day begins: what is out now may be shown."""

    def show(self, user: int, chosen: Sequence[int], seen: Sequence[int]) -> "List":
        """A list, without what was shown in this session; `chosen`: what was chosen lately."""

    def told(self, events: Events) -> None:
        """What came of it."""


@dataclass(frozen=True)
class List:
    """What was answered."""

    decision: str | None
    items: Sequence[int]


@dataclass
class Score:
    """What came of the lists of one who answers; an entry a list."""

    day: list[int] = field(default_factory=list)
    user: list[int] = field(default_factory=list)
    best: list[float] = field(default_factory=list)
    """Expected clicks of the best list."""
    expected: list[float] = field(default_factory=list)
    """Expected clicks of the list shown."""
    clicks: list[int] = field(default_factory=list)
    new_best: list[int] = field(default_factory=list)
    """Items of the best list that came since the beginning."""
    new_shown: list[int] = field(default_factory=list)

    @property
    def regret(self) -> Floats:
        return np.array(self.best) - np.array(self.expected)


@dataclass
class Living:
    """The world as one of those who answer changes it: what people have chosen from their lists."""

    shower: Shower
    chosen: Mask
    """users x items: what they have. It is not shown again."""
    before: Mask
    """The same when they began to live."""
    begun: int
    """The instant of that."""
    score: Score = field(default_factory=Score)

    def session(self, state: State, visit: Visits, timetable: Timetable, place: int) -> None:
        """One visit: lists are shown, read and answered until the visitor leaves."""
        user, time = int(timetable.user[place]), int(timetable.start[place])
        rng = np.random.default_rng([state.seed, state.day, place])
        out = np.flatnonzero(state.available())
        seen: list[int] = []
        for turn in range(min(MOST_LISTS, int(timetable.lists[place]))):
            since = np.flatnonzero(self.chosen[user] & ~self.before[user]).tolist()
            shown = self.shower.show(user, since, seen)
            free = np.setdiff1d(out[~self.chosen[user, out]], np.array(seen, np.int64))
            self._look(state, visit, shown, free, time + turn, rng)
            seen += shown.items
            time += int(pauses(1, rng)[0])

    def _look(
        self,
        state: State,
        visit: Visits,
        shown: List,
        free: Indices,
        time: int,
        rng: np.random.Generator,
    ) -> None:
        """One list is read: what is clicked, what is rated, and what the best would have been."""
        length, user = state.world.list_length, int(visit.user[0])
        row = np.full(length, NOTHING)
        row[: len(shown.items)] = shown.items[:length]
        answer = state.respond(visit, row[None, :], rng, time=time).row(0)
        relevance = state.respond(visit, free[None, :], rng, time=time).relevance[0]
        best_first = np.argsort(-relevance, kind="stable")[:length]
        worth = relevance[best_first]
        looked_at = np.arange(1, length + 1) ** -state.world.position_bias
        best = float((worth * looked_at[: len(worth)]).sum())
        new = state.items.released > self.begun
        self.score.day.append(state.day)
        self.score.user.append(user)
        self.score.best.append(best)
        self.score.expected.append(float(answer.probability.sum()))
        self.score.clicks.append(int(answer.clicked.sum()))
        self.score.new_best.append(int(new[free[best_first]].sum()))
        self.score.new_shown.append(int(new[shown.items[:length]].sum()))
        self.chosen[user, row[answer.clicked]] = True
        self.shower.told([*_events(state, user, shown, row, answer, time, rng)])


def _events(
    state: State,
    user: int,
    shown: List,
    row: Indices,
    answer: Any,
    time: int,
    rng: np.random.Generator,
) -> Iterator[dict[str, Any]]:
    """Impressions, clicks and ratings of a list, as an application tells them."""
    names, who = state.items.ids, state.people.ids[user]

    def event(place: int, kind: str, at: int, value: float | None = None) -> dict[str, Any]:
        told = {"user": who, "item": names[row[place]], "kind": kind, "time": iso(at)}
        if value is not None:
            told["value"] = value
        return told | ({"decision": shown.decision} if shown.decision else {})

    there = np.flatnonzero(row != NOTHING).tolist()
    for place in there:
        yield event(place, "impression", time)
    for place in there:
        if not answer.clicked[place]:
            continue
        clicked = time + (2 + place) * SECOND
        yield event(place, "click", clicked)
        if rng.random() < state.world.rating_share:
            felt = 3 + answer.liking[place] + state.world.rating_noise * rng.standard_normal()
            yield event(
                place, "rating", clicked + SECOND, float(np.clip(round(2 * felt) / 2, 0.5, 5))
            )


def live(
    state: State,
    livings: Sequence[Living],
    days: int,
    sessions: int,
    progress: Callable[[int], None],
) -> None:
    """So many days, with about so many visits a day: the same to everybody who answers."""
    for day in range(state.day + 1, state.day + 1 + days):
        state = state.on(day)
        rng = np.random.default_rng([state.seed, day])
        timetable = sessions_of_the_day(state, sessions, rng)
        visits = state.visit(timetable.user, rng)
        order = np.argsort(timetable.start, kind="stable").tolist()
        for each in livings:
            each.shower.morning(state)
            for place in order:
                one = np.arange(len(timetable)) == place
                each.session(state, visits.take(one), timetable, place)
        progress(day)
