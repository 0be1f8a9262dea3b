"""A log as rows, as whoever follows it reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from shortlist.core.times import EARLIEST
from shortlist.datasets.pasts import LogRow
from shortlist.datasets.snapshot import Dataset


def rows_of(data: Dataset) -> list[LogRow]:
    """The events in their order, numbered from 1."""
    events = data.events
    return [
        LogRow(
            sequence=place + 1,
            user=data.users[int(events.user[place])],
            item=data.catalogue.ids[int(events.item[place])],
            kind=data.kinds[int(events.kind[place])],
            value=None if np.isnan(events.value[place]) else float(events.value[place]),
            time=None if events.time[place] == EARLIEST else int(events.time[place]),
        )
        for place in range(len(events))
    ]


def head_of(data: Dataset, events: int, items: int | None = None) -> Dataset:
    """The first events of a log; with `items` as if only so many had been known, and chosen."""
    which = np.arange(len(data.events)) < events
    if items is not None:
        which &= data.events.item < items
        known = data.catalogue.take(np.arange(items, dtype=np.int32))
        data = replace(data, catalogue=known)
    return replace(data.where(which), sequence=events)


@dataclass(frozen=True)
class Told:
    """A past that is told from rows."""

    rows: Sequence[LogRow]

    def until(self, users: Sequence[str], sequence: int) -> Mapping[str, Sequence[LogRow]]:
        return {
            user: [row for row in self.rows if row.user == user and row.sequence <= sequence]
            for user in users
        }


def cut(rows: Sequence[LogRow], *places: int) -> list[Sequence[LogRow]]:
    """The rows in parts that end at these places."""
    ends = [0, *places, len(rows)]
    return [rows[begin:end] for begin, end in pairwise(ends)]
