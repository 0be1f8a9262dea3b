"""What it costs to keep a bundle's retrieval up with the log.

    python benchmarks/latency/fold_speed.py [--home DIR | --items 100000 --events 200000]

The sources are trained on the first nine tenths of a log. Of the rest some events are added one
by one, others in small batches, as a process meets them that follows the log (what came since it
looked last is one batch), the rest in large ones, as when it catches up; users' earlier events are
told from memory. Then models are taken: after one more event, and after a new item.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from measure import Clock, log, options, show

from shortlist.core.times import EARLIEST
from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.datasets.pasts import LogRow
from shortlist.datasets.snapshot import Dataset
from shortlist.online.fold import Fold
from shortlist.storage.facts.frames import ITEMS, of_schema
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import fit_retrieval

SIZES = (1, 3, 10, 30)
"""Events of a small batch."""

MANY = 1500
"""Events that are added in batches of each of these sizes, where there are so many."""

BATCH = 1000

COLUMNS = ("p50", "p95", "p99", "mean", "CPU p50", "CPU mean")


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--models", type=int, default=50, help="models taken")
    asked = parser.parse_args()
    data = log(asked)
    rows = _rows(data)
    trained = len(rows) * 9 // 10
    head = replace(data.where(np.arange(len(rows)) < trained), sequence=trained)
    fold = Fold(fit_retrieval(head, TrainingSettings()), DEFAULT_KINDS, Memory(rows), trained)
    rest, last = rows[trained : -asked.models], rows[-asked.models :]
    many = min(MANY, len(rest) // (len(SIZES) + 1))
    folded = []
    for size in SIZES:
        some, rest = rest[:many], rest[many:]
        folded.append((size, _timed(fold, _batches(some, size))))
    folded.append((BATCH, _timed(fold, _batches(rest, BATCH))))
    show(
        "Events folded: microseconds an event",
        ("events a batch", "batches", *COLUMNS),
        [
            [f"{size:,}", f"{len(clock.wall):,}", *_numbers(clock, 1000 / size)]
            for size, clock in folded
            if clock.wall
        ],
    )
    texts = list(data.catalogue.texts)
    show(
        f"Models taken ({asked.models}): milliseconds",
        ("after", *COLUMNS),
        [
            ["one event", *_numbers(_models(fold, [[row] for row in last]), 1)],
            ["a new item", *_numbers(_new_items(fold, asked.models, texts), 1)],
        ],
    )


class Memory:
    """The past, told from memory."""

    def __init__(self, rows: Sequence[LogRow]) -> None:
        self._by_user: dict[str, list[LogRow]] = defaultdict(list)
        for row in rows:
            self._by_user[row.user].append(row)

    def until(self, users: Sequence[str], sequence: int) -> Mapping[str, Sequence[LogRow]]:
        return {
            user: [row for row in self._by_user[user] if row.sequence <= sequence] for user in users
        }


def _rows(data: Dataset) -> list[LogRow]:
    events, users, items = data.events, list(data.users), list(data.catalogue.ids)
    columns = zip(
        *(each.tolist() for each in (events.user, events.item, events.kind, events.value)),
        events.time.tolist(),
        strict=True,
    )
    return [
        LogRow(
            sequence=place + 1,
            user=users[user],
            item=items[item],
            kind=data.kinds[kind],
            value=None if value != value else value,  # noqa: PLR0124  not a number
            time=None if time == EARLIEST else time,
        )
        for place, (user, item, kind, value, time) in enumerate(columns)
    ]


def _timed(fold: Fold, batches: Sequence[Sequence[LogRow]]) -> Clock:
    clock = Clock()
    for batch in batches:
        with clock:
            fold.add(batch)
    return clock


def _models(fold: Fold, batches: Sequence[Sequence[LogRow]]) -> Clock:
    clock = Clock()
    for batch in batches:
        fold.add(batch)
        with clock:
            fold.retrieval()
    return clock


def _new_items(fold: Fold, number: int, texts: Sequence[str]) -> Clock:
    """Documents that are taken up and answered with, one by one."""
    clock = Clock()
    for place in range(number):
        columns = {"id": [f"new {place}"], "title": [f"New {place}"], "text": [texts[place]]}
        items: pl.DataFrame = of_schema({**columns, "categories": [[]]}, ITEMS)
        with clock:
            fold.extend(items)
            fold.retrieval()
    return clock


def _batches(rows: Sequence[LogRow], size: int) -> list[Sequence[LogRow]]:
    return [rows[at : at + size] for at in range(0, len(rows) - size + 1, size)]


def _numbers(clock: Clock, scale: float) -> list[str]:
    wall, cpu = scale * np.array(clock.wall), scale * np.array(clock.cpu)
    found = [*np.percentile(wall, [50, 95, 99]), wall.mean(), np.median(cpu), cpu.mean()]
    return [f"{each:,.1f}" for each in found]


if __name__ == "__main__":
    main()
