"""What had happened to each item before an instant.

The log is folded once, item by item: after every event of an item stands a line with its
counters. A question about an item at an instant finds the last line before it by one search,
and every statistic is then a gather from that line, whether the line is years old or the
newest. Counters that fade are brought forward to the instant by their half-life.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items, Times
from shortlist.core.times import DAY, EARLIEST
from shortlist.datasets.entries import Entries
from shortlist.datasets.snapshot import Dataset

HALF_LIVES_DAYS = (1, 7, 30, 180)
"""How fast the fading counters forget."""

TOTALS = (
    "choices",
    "likes",
    "dislikes",
    "impressions",
    "clicks",
    "ratings",
    "rating_sum",
    "rating_squares",
)
COUNTERS = (*TOTALS, *(f"choices_{days}d" for days in HALF_LIVES_DAYS))
"""The columns of the table of counters."""

NEVER: Final = np.iinfo(np.int64).max
"""The instant of a first choice that has not been yet: the end of time."""

Places = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
AnyArray = npt.NDArray[np.generic]


@dataclass(frozen=True)
class ItemStats:
    """The lines of all items, and where each item's begin.

    Item i has the lines `start[i]:start[i + 1]`: first an empty one, then one an event.
    """

    start: Places
    when: Times
    """The instants of the log, ascending; the place of an instant among them is its rank."""
    key: Places
    """item * (n + 1) + rank of each event, ascending: what the search looks in."""
    time: Times
    """The instant of each line's event; `EARLIEST` on the empty line, as where it is unknown."""
    first: Times
    """The instant of each item's first choice; the end of time where there is none."""
    table: Numbers
    """lines x COUNTERS. What is asked of a line lies side by side, to be fetched at once."""
    grand: Mapping[str, Numbers]
    """Totals over all items, an entry a rank: what had happened before it."""

    @staticmethod
    def of(data: Dataset) -> "ItemStats":
        """Fold a log. Impressions and clicks are counted by kind, choices by weight.

        What was taken back is counted until then, and no longer.
        """
        entries, n = Entries.of(data), data.n_items
        events = entries.events
        order = np.argsort(events.item, kind="stable")
        ordered, own = events.take(order), entries.take(order)
        sizes = np.bincount(events.item, minlength=n) + 1
        start = np.concatenate([[0], np.cumsum(sizes)])
        line = np.arange(len(order)) + ordered.item + 1

        rank = np.searchsorted(events.time, ordered.time)
        key = ordered.item.astype(np.int64) * (len(events) + 1) + rank
        time = np.full(start[-1], EARLIEST, np.int64)
        time[line] = ordered.time
        table, rounds = np.empty((start[-1], len(COUNTERS))), list(_rounds(line, start))
        amounts = _signed(data, entries)
        grand = {name: np.concatenate([[0], np.cumsum(amounts[name])]) for name in TOTALS}
        for column, name in enumerate(TOTALS):
            table[:, column] = _running(amounts[name][order], rounds, len(table))
        chosen = amounts["choices"][order]
        for column, days in enumerate(HALF_LIVES_DAYS, len(TOTALS)):
            amount = own.faded(chosen, days * DAY)
            table[:, column] = _fading(amount, ordered.time, rounds, len(table), days * DAY)
        return ItemStats(start, events.time, key, time, _first_choice(own, n), table, grand)

    def standing_at(self, instant: int) -> "ItemStats":
        """What had happened before an instant, for questions at it or later: a line an item.

        Totals over all items are not copied.
        """
        rank, items = int(self.rank(np.array([instant]))[0]), np.arange(len(self.first))
        last = self.lines_at(items.astype(np.int32), np.full(len(items), rank))
        table, time = np.zeros((2 * len(items), len(COUNTERS))), np.repeat(EARLIEST, 2 * len(items))
        table[1::2], time[1::2] = self.table[last], self.time[last]
        return ItemStats(
            start=2 * np.arange(len(items) + 1),
            when=self.when[:rank],
            key=items * (rank + 1),
            time=time,
            first=np.where(self.first < instant, self.first, NEVER),
            table=table,
            grand={name: total[: rank + 1] for name, total in self.grand.items()},
        )

    @cached_property
    def counters(self) -> Mapping[str, Numbers]:
        """The counters by name, an entry a line."""
        return dict(zip(COUNTERS, self.table.T, strict=True))

    def rank(self, times: Times) -> Places:
        """The place of each instant among those of the log: how many events were before it."""
        return self.when.searchsorted(times, side="left")

    def lines(self, items: Items, times: Times) -> Places:
        """The last line of each item before each instant (events at the instant are after)."""
        return self.lines_at(items, self.rank(times))

    def lines_at(self, items: Items, rank: Places) -> Places:
        """The last line of each item before the instants of these ranks."""
        if (rank == len(self.when)).all():
            return self.start[items + 1] - 1
        wanted = items.astype(np.int64) * (len(self.when) + 1) + rank
        return self.key.searchsorted(wanted, side="left") + items

    def usual(self, part: str, whole: str, times: Times) -> Numbers:
        """The ratio of two totals over all items before each instant; 0 before there is any."""
        return self.usual_at(part, whole, self.rank(times))

    def usual_at(self, part: str, whole: str, rank: Places) -> Numbers:
        """The ratio of two totals over all items before the instants of these ranks."""
        number = self.grand[whole][rank]
        return np.where(number > 0, self.grand[part][rank] / np.maximum(number, 1), 0.0)

    def arrays(self) -> dict[str, AnyArray]:
        """The whole state as plain arrays."""
        return {
            "start": self.start,
            "when": self.when,
            "key": self.key,
            "time": self.time,
            "first": self.first,
            "table": self.table,
            **{f"all_{name}": total for name, total in self.grand.items()},
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, AnyArray]) -> "ItemStats":
        """The stats again from what `arrays` gave."""
        parts = (arrays[name] for name in ("start", "when", "key", "time", "first"))
        start, when, key, time, first = (np.asarray(part, np.int64) for part in parts)
        table = np.asarray(arrays["table"], np.float64)
        grand = {name: np.asarray(arrays[f"all_{name}"], np.float64) for name in TOTALS}
        return cls(start, when, key, time, first, table, grand)


class Happened(Protocol):
    """Events, as far as anything is counted of them; a column has one entry an event."""

    @property
    def kind(self) -> npt.NDArray[np.int16]: ...
    @property
    def value(self) -> npt.NDArray[np.float32]: ...
    @property
    def weight(self) -> npt.NDArray[np.float32]: ...
    @property
    def liked(self) -> npt.NDArray[np.bool_]: ...


def _signed(data: Dataset, entries: Entries) -> dict[str, Numbers]:
    """What each entry adds to each running total, or takes off it."""
    amounts = amounts_of(data.kinds, entries.events)
    return {name: amount * entries.sign for name, amount in amounts.items()}


def amounts_of(names: Sequence[str], ordered: Happened) -> dict[str, Numbers]:
    """What each event adds to each running total. The names are those of the kinds."""
    kinds = {name: code for code, name in enumerate(names)}
    rated = ~np.isnan(ordered.value) & (ordered.weight != 0)
    value = np.where(rated, ordered.value, 0).astype(np.float64)
    return {
        "choices": (ordered.weight > 0).astype(np.float64),
        "likes": ordered.liked.astype(np.float64),
        "dislikes": (ordered.weight < 0).astype(np.float64),
        "impressions": (ordered.kind == kinds.get("impression", -1)).astype(np.float64),
        "clicks": (ordered.kind == kinds.get("click", -1)).astype(np.float64),
        "ratings": rated.astype(np.float64),
        "rating_sum": value,
        "rating_squares": value**2,
    }


@dataclass(frozen=True)
class _Round:
    """The n-th event of every item that has so many."""

    lines: Places
    before: Places
    """The line before each."""
    events: Places


def _running(amount: Numbers, rounds: Sequence[_Round], lines: int) -> Numbers:
    """Running totals of each item on its lines.

    Each item is added up from zero, event after event, never as the difference of two grand
    totals: the same sum a live counter reaches, to the bit.
    """
    total = np.zeros(lines)
    for each in rounds:
        total[each.lines] = total[each.before] + amount[each.events]
    return total


def _fading(
    amount: Numbers, time: Times, rounds: Sequence[_Round], lines: int, half_life: int
) -> Numbers:
    """Totals in which what was added halves every `half_life` microseconds."""
    total = np.zeros(lines)
    last = np.zeros(lines, np.int64)
    for each in rounds:
        now = time[each.events]
        since = now.astype(np.float64) - last[each.before]
        kept = np.exp2(-np.maximum(since, 0) / half_life)
        total[each.lines] = total[each.before] * kept + amount[each.events]
        last[each.lines] = now
    return total


def _rounds(line: Places, start: Places) -> Iterator[_Round]:
    """The n-th event of every item at once, for n = 1, 2, ..."""
    nth = line - start[np.searchsorted(start, line, side="right") - 1]
    order = np.argsort(nth, kind="stable")
    bounds = np.searchsorted(nth[order], np.arange(1, (nth.max() if len(nth) else 0) + 2))
    for begin, end in pairwise(bounds):
        events = order[begin:end]
        lines = line[events]
        yield _Round(lines, lines - 1, events)


def _first_choice(entries: Entries, n_items: int) -> Times:
    """The instant of each item's first positive event, taken back later or not."""
    first = np.full(n_items, NEVER, np.int64)
    ordered, positive = entries.events, (entries.events.weight > 0) & (entries.sign > 0)
    np.minimum.at(first, ordered.item[positive], ordered.time[positive])
    return first
