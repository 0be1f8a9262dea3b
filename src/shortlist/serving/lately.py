"""What the newest part of the log looks like, and whether it looks like the part before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from shortlist.core.times import DAY, Instant
from shortlist.datasets.columns import NumberColumn
from shortlist.datasets.kinds import KindSettings
from shortlist.online.drift import stability_index
from shortlist.serving.click_through import Uptake, impressions_answered, lists_taken_up
from shortlist.serving.shelf import Shelf

Numbers = npt.NDArray[np.float64]

FEWEST: Final = 50
"""Values on both sides under which nothing is said of a distribution."""


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
    shifts: Sequence[Shift]
    uptakes: Sequence[Uptake] = ()
    """Of the impressions of each day."""
    lists_taken_up: Sequence[tuple[Instant, int]] = ()
    """Lists from which something was taken, of each day."""


def lately(log: pl.DataFrame, shelf: Shelf, kinds: Mapping[str, KindSettings]) -> Lately:
    """Count the newest events of the log (`NewestEvents.read`)."""
    if log.is_empty():
        return Lately(0, 0, (), (), (), ())
    by_kind = log.group_by("kind").len().sort("len", "kind", descending=[True, False])
    return Lately(
        events=len(log),
        active=log["user"].n_unique(),
        active_by_day=_active(log),
        kinds=by_kind.rows(),
        days=_days(log),
        shifts=_shifts(log, shelf),
        uptakes=impressions_answered(log, kinds),
        lists_taken_up=lists_taken_up(log, kinds),
    )


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


def _shifts(log: pl.DataFrame, shelf: Shelf) -> list[Shift]:
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
    shifts = [
        Shift(name, len(then), len(now), stability_index(then, now))
        for name, then, now in found
        if min(len(then), len(now)) >= FEWEST
    ]
    return sorted(shifts, key=lambda each: (-each.index, each.name))


def _at(values: Numbers, places: npt.NDArray[np.integer]) -> Numbers:
    there: Numbers = values[places[(places >= 0) & (places < len(values))]]
    return there[np.isfinite(there)]
