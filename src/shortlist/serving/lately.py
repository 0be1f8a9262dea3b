"""What the newest part of the log looks like, and whether it looks like the part before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from shortlist.core.times import DAY, Instant
from shortlist.datasets.columns import NumberColumn
from shortlist.datasets.kinds import KindSettings
from shortlist.online.drift import stability_index
from shortlist.serving.click_through import Uptake, impressions_answered, lists_taken_up
from shortlist.serving.newest import NewestEvents
from shortlist.serving.shelf import Shelf, Shelves

Found = TypeVar("Found")
Numbers = npt.NDArray[np.float64]

FEWEST: Final = 50
"""Values on both sides under which nothing is said of a distribution."""


COUNTED: Final = 5.0
COMPARED: Final = 60.0
"""Seconds for which events are not counted and not compared again, whatever comes."""


@dataclass(frozen=True)
class Day:
    """What one kind of event was like on one day."""

    start: Instant
    kind: str
    events: int
    users: int
    mean: float | None
    """Of the values, where events of the kind carry any."""


@dataclass(frozen=True)
class Shift:
    """How differently a number is distributed in the newer half of the events."""

    name: str
    then: int
    """Values in the older half."""
    now: int
    index: float
    """The population stability index; 0 where nothing changed."""

    @property
    def word(self) -> str:
        """What scorecard practice calls it (`online/drift.py`)."""
        return "steady" if self.index < 0.1 else "shifted" if self.index < 0.25 else "changed"


@dataclass(frozen=True)
class Lately:
    """The newest events, counted."""

    events: int
    active: int
    """Different users among them."""
    active_by_day: Sequence[tuple[Instant, int]]
    """Different users of each day, with events of any kind."""
    kinds: Sequence[tuple[str, int]]
    """How many of each kind, the most frequent first."""
    days: Sequence[Day]
    uptakes: Sequence[Uptake] = ()
    """Of the impressions of each day."""
    lists_taken_up: Sequence[tuple[Instant, int]] = ()
    """Lists from which something was taken, of each day."""


def lately(log: pl.DataFrame, kinds: Mapping[str, KindSettings]) -> Lately:
    """Count the newest events of the log (`NewestEvents.read`)."""
    if log.is_empty():
        return Lately(0, 0, (), (), ())
    by_kind = log.group_by("kind").len().sort("len", "kind", descending=[True, False])
    return Lately(
        events=len(log),
        active=log["user"].n_unique(),
        active_by_day=_active(log),
        kinds=by_kind.rows(),
        days=_days(log),
        uptakes=impressions_answered(log, kinds),
        lists_taken_up=lists_taken_up(log, kinds),
    )


class LatelyNow:
    """The newest events, counted again where there are newer ones, and not at every view."""

    def __init__(
        self, newest: NewestEvents, shelves: Shelves, kinds: Mapping[str, KindSettings]
    ) -> None:
        self._newest = newest
        self._shelves = shelves
        self._kinds = kinds
        self._counted = Held[Lately](COUNTED)
        self._shifts = Held[Sequence[Shift]](COMPARED)

    def counted(self) -> Lately:
        """What they are like; what came in the last seconds may not be among them."""
        log = self._newest.read()
        return self._counted.get(log, lambda: lately(log, self._kinds))

    def shifts(self) -> Sequence[Shift]:
        """What is distributed differently in their newer half; a minute old at most."""
        log, shelf = self._newest.read(), self._shelves.current
        return self._shifts.get(log, lambda: shifts(log, shelf))


class Held(Generic[Found]):
    """Something made from the log, kept while that is the same or for some seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._held: tuple[pl.DataFrame, float, Found] | None = None

    def get(self, log: pl.DataFrame, make: Callable[[], Found]) -> Found:
        held = self._held
        if held is not None and (held[0] is log or monotonic() - held[1] < self._seconds):
            return held[2]
        found = make()
        self._held = (log, monotonic(), found)
        return found


def _active(log: pl.DataFrame) -> list[tuple[Instant, int]]:
    by_day = (
        log.filter(pl.col("time").is_not_null())
        .group_by(start=pl.col("time") // DAY * DAY)
        .agg(pl.col("user").n_unique())
        .sort("start")
    )
    return list(by_day.iter_rows())


def _days(log: pl.DataFrame) -> list[Day]:
    timed = log.filter(pl.col("time").is_not_null())
    by_day = (
        timed.with_columns(start=pl.col("time") // DAY * DAY)
        .group_by("start", "kind")
        .agg(events=pl.len(), users=pl.col("user").n_unique(), mean=pl.col("value").mean())
        .sort("start", "kind")
    )
    return [Day(**row) for row in by_day.iter_rows(named=True)]


def shifts(log: pl.DataFrame, shelf: Shelf) -> list[Shift]:
    """Of the values of each kind, and of the numbers of the items that events are about."""
    half = len(log) // 2
    found: list[tuple[str, Numbers, Numbers]] = []
    for (kind,), own in log.filter(pl.col("value").is_not_null()).group_by("kind"):
        then = own.filter(pl.col("sequence") <= log["sequence"][half])["value"].to_numpy()
        now = own.filter(pl.col("sequence") > log["sequence"][half])["value"].to_numpy()
        found.append((f"value of {kind}", then, now))
    places = shelf.ids.indices_of(log["item"].to_list())
    older, newer = places[:half], places[half:]
    numbers = {"how often the item was chosen": shelf.popularity.astype(np.float64)}
    for name, column in shelf.columns.columns.items():
        if isinstance(column, NumberColumn):
            numbers[f"{name} of the item"] = column.values
    for name, values in numbers.items():
        found.append((name, _at(values, older), _at(values, newer)))
    compared = [
        Shift(name, len(then), len(now), stability_index(then, now))
        for name, then, now in found
        if min(len(then), len(now)) >= FEWEST
    ]
    return sorted(compared, key=lambda each: (-each.index, each.name))


def _at(values: Numbers, places: npt.NDArray[np.integer]) -> Numbers:
    there: Numbers = values[places[(places >= 0) & (places < len(values))]]
    return there[np.isfinite(there)]
