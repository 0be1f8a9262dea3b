"""A made-up log as large as is asked for, with what makes real ones dear: heads and long tails.

Nothing is fitted to any data. Who is how active is log-normal, how popular items are follows a
power of their rank, everybody has a taste for some of the topics, a sitting stays with its topic
and goes on from one item to what is beside it. Items appear and users join over the years.
The same numbers give the same log.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Places = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

TOPICS: Final = 40
WORDS: Final = 200
"""Words of a topic."""

PART: Final = 5_000
"""Users whose events are in memory together."""

BEGIN, YEAR = 1_500_000_000, 31_536_000
"""Epoch seconds, and seconds."""

YEARS: Final = 3

SURPLUS: Final = 2.5
"""How many events are drawn for one that is wanted: some are of items that have not appeared, or
that their user has had."""

AMPLE: Final = 1.25
"""How many times as many events are aimed at: what is over in the end is left out."""

SPREAD: Final = 1.1
"""Standard deviation of the logarithm of how active users are."""

STEEPNESS: Final = 1.1
"""The power of an item's rank within its topic that its popularity falls with."""

STAYING, BESIDE = 0.7, 0.4
"""How often the next event has the topic of the one before, and how often it is then the item
beside that one's."""


@dataclass(frozen=True)
class LargeLog:
    """So many events of at most so many users on so many items; `of` has usual proportions."""

    events: int
    users: int
    items: int
    seed: int = 0

    @staticmethod
    def of(events: int, seed: int = 0) -> "LargeLog":
        """A hundred events a user, and ten times as many items as the root of the events."""
        return LargeLog(events, max(1, events // 100), round(10 * events**0.5), seed)

    @cached_property
    def _bounds(self) -> Places:
        """Topic t has the items from bounds[t] to bounds[t + 1], the most popular first."""
        lot = np.random.default_rng([self.seed, 0])
        shares = np.cumsum(lot.dirichlet(np.full(TOPICS, 2.0)))
        inner = np.rint(shares[:-1] * (self.items - TOPICS)).astype(np.int64)
        return np.concatenate([[0], inner, [self.items - TOPICS]]) + np.arange(TOPICS + 1)

    @cached_property
    def _appeared(self) -> Places:
        """When each item did: half of them before the log begins."""
        lot = np.random.default_rng([self.seed, 1])
        return BEGIN + np.rint(lot.uniform(-YEARS, YEARS, self.items) * YEAR).astype(np.int64)

    @cached_property
    def _topic(self) -> Places:
        return np.repeat(np.arange(TOPICS), np.diff(self._bounds))

    @cached_property
    def _active(self) -> Numbers:
        """How many events each user is to have."""
        lot = np.random.default_rng([self.seed, 2])
        active = lot.lognormal(0, SPREAD, self.users)
        events: Numbers = np.maximum(2, active / active.sum() * AMPLE * self.events)
        return events

    def catalogue(self) -> pl.DataFrame:
        """An item a row: id, title, topics, a description of a dozen words, year."""
        lot = np.random.default_rng([self.seed, 3])
        other = lot.integers(0, TOPICS, self.items)
        words = lot.geometric(0.03, (self.items, 12)) % WORDS
        about = [
            " ".join(f"word{topic}x{word}" for word in own)
            for topic, own in zip(self._topic.tolist(), words.tolist(), strict=True)
        ]
        return pl.DataFrame(
            {
                "item": [f"i{each}" for each in range(self.items)],
                "title": [f"Item {each}" for each in range(self.items)],
                "topics": [
                    f"topic {one}|topic {two}" if one != two else f"topic {one}"
                    for one, two in zip(self._topic.tolist(), other.tolist(), strict=True)
                ],
                "about": about,
                "year": 1970 + self._appeared // YEAR,
            }
        )

    def parts(self) -> Iterator[pl.DataFrame]:
        """The events, user after user: user, item, rating (half stars), time (epoch seconds)."""
        left = self.events
        for part, begin in enumerate(range(0, self.users, PART)):
            users = np.arange(begin, min(begin + PART, self.users))
            found = self._part(users, np.random.default_rng([self.seed, 4, part])).head(left)
            left -= len(found)
            yield found

    def write(self, folder: Path) -> None:
        """The catalogue and the events as CSV files, where they are not there yet."""
        items, events = folder / "items.csv", folder / "events.csv"
        if not events.exists():
            self.catalogue().write_csv(items)
            begun = events.with_suffix(".begun")
            with begun.open("wb") as file:
                for place, part in enumerate(self.parts()):
                    part.write_csv(file, include_header=not place)
            begun.replace(events)

    @staticmethod
    def imports(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words of the two commands that bring in what `write` wrote into a folder."""
        items, events = str(folder / "items.csv"), str(folder / "events.csv")
        described = "--id item --title title --categories topics --text about --year year"
        told = "--user user --item item --as rating --value rating --time time"
        return ("import", "items", items, *described.split()), (
            *("import", "events", events),
            *told.split(),
        )

    def _part(self, users: Places, lot: np.random.Generator) -> pl.DataFrame:
        wanted = np.rint(self._active[users]).astype(np.int64)
        drawn = np.rint(wanted * SURPLUS).astype(np.int64)
        row = np.repeat(np.arange(len(users)), drawn)
        first = np.concatenate([[0], np.cumsum(drawn)[:-1]])
        time = self._times(drawn, row, lot)
        item = self._items(row, first, lot)
        there = self._appeared[item] <= time
        row, item, time = row[there], item[there], time[there]
        _, met = np.unique(row * self.items + item, return_index=True)
        met.sort()
        row, item, time = row[met], item[met], time[met]
        had = np.bincount(row, minlength=len(users))
        nth = np.arange(len(row)) - np.repeat(np.cumsum(had) - had, had)
        kept = nth < wanted[row]
        row, item, time = row[kept], item[kept], time[kept]
        return pl.DataFrame(
            {
                "user": [f"u{each}" for each in users[row].tolist()],
                "item": [f"i{each}" for each in item.tolist()],
                "rating": self._ratings(row, item, lot),
                "time": time,
            }
        )

    def _times(self, drawn: Places, row: Places, lot: np.random.Generator) -> Places:
        """Ascending for each user: from when they join on, in sittings."""
        joined = lot.uniform(0, YEARS * YEAR, len(drawn))
        pause = np.where(lot.random(len(row)) < 0.1, 20 * 86_400, 90)
        gap = lot.exponential(pause)
        run = np.cumsum(gap)
        own = run - np.repeat((run - gap)[np.cumsum(drawn) - drawn], drawn)
        left = YEARS * YEAR - joined
        length = np.maximum.reduceat(own, np.cumsum(drawn) - drawn)
        squeezed = own * np.minimum(1, left / length)[row]
        time: Places = BEGIN + (joined[row] + squeezed).astype(np.int64)
        return time

    def _items(self, row: Places, first: Places, lot: np.random.Generator) -> Places:
        """What each event is about: by its user's taste, or by the event before it."""
        n = len(row)
        turn = lot.random(n) >= STAYING
        turn[first] = True
        turns = np.maximum.accumulate(np.where(turn, np.arange(n), 0))
        taste = np.cumsum(lot.dirichlet(np.full(TOPICS, 0.15), len(first)), axis=1)
        taste[:, -1] = 1
        topic = (lot.random(n)[:, None] > taste[row]).sum(axis=1)[turns]
        size = np.diff(self._bounds)[topic]
        power = 1 - STEEPNESS
        rank = ((lot.random(n) * (size**power - 1) + 1) ** (1 / power)).astype(np.int64) - 1
        beside = (lot.random(n) < BESIDE) & ~turn
        origin = np.maximum.accumulate(np.where(beside, 0, np.arange(n)))
        rank = (rank[origin] + np.arange(n) - origin) % size
        item: Places = self._bounds[topic] + rank
        return item

    def _ratings(self, row: Places, item: Places, lot: np.random.Generator) -> Numbers:
        mean = 3.6 + 0.4 * lot.standard_normal(int(row.max(initial=0)) + 1)
        better = 0.4 * np.sin(item * 12.9898)
        stars = mean[row] + better + 0.8 * lot.standard_normal(len(row))
        rounded: Numbers = np.clip(np.rint(2 * stars) / 2, 0.5, 5)
        return rounded
