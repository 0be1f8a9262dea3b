"""How fast all features are computed: over a log (offline), and for one query (online).

    python benchmarks/latency/feature_speed.py [--rows 1000000] [--home DIR]

Offline: rows of (user, item, instant) at instants of the log, in blocks as training makes them.
Online: one query after another, just after the newest event, as serving asks. Beside both stand
three limits, measured in the same run on the same matrices: a copy, one NumPy operation a column,
and scoring the rows with a forest of the usual size (of labels drawn by lot: its speed is what
matters here).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from measure import PERCENTILES, Clock, log, options, queries_now, show

from shortlist.core.candidates import Items, Query
from shortlist.datasets.snapshot import Dataset
from shortlist.features import FEATURES, ItemStats, View, compute
from shortlist.features.rows import Rows
from shortlist.ranking.booster import Booster, Labelled, grow
from shortlist.ranking.ranker import RankerSettings
from shortlist.training.rows import BLOCK

Matrix = npt.NDArray[np.float32]

ROWS_A_QUERY = (100, 10, 1)
"""Training asks about a hundred items at an instant; a log of judgements about one."""

CANDIDATES = (100, 500, 1000)
"""Candidates of a query online."""

LIMITS = ("x copy", "x one op a column", "x scoring")


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows computed offline")
    parser.add_argument("--requests", type=int, default=1000, help="queries answered online")
    parser.add_argument("--trees", type=int, default=150, help="size of the forest that scores")
    asked = parser.parse_args()
    data = log(asked)
    bench = Bench(data, ItemStats.of(data), np.random.default_rng(asked.seed))
    forest = bench.forest(asked.trees)
    show(
        f"Offline: {len(FEATURES)} features, {BLOCK} queries at once (CPU time)",
        ("rows a query", "rows", "rows/s", "10 M rows, s", "reading the log, s", *LIMITS),
        [bench.offline(asked.rows, each, forest) for each in ROWS_A_QUERY],
    )
    show(
        f"Online: {len(FEATURES)} features of one query",
        ("candidates", *PERCENTILES, *LIMITS),
        [bench.online(asked.requests, each, forest) for each in CANDIDATES],
    )


@dataclass(frozen=True)
class Bench:
    """A log and its statistics."""

    data: Dataset
    stats: ItemStats
    rng: np.random.Generator

    def questions(self, number: int, rows_each: int) -> tuple[list[Query], list[Items]]:
        """Queries at the instants of choices; of each the item chosen, and others at random."""
        events = self.data.events
        at = self.rng.choice(np.flatnonzero(self.data.positive), number)
        items = self.rng.integers(0, self.data.n_items, (number, rows_each), np.int32)
        items[:, 0] = events.item[at]
        queries = [self.data.query(int(events.user[i]), time=int(events.time[i])) for i in at]
        return queries, list(items)

    def matrix(self, queries: list[Query], items: list[Items]) -> Matrix:
        """What is measured."""
        rows = Rows.of(queries, items)
        return compute(View(rows, self.data.catalogue, self.stats, timed=self.data.timed))

    def forest(self, trees: int) -> Booster:
        """A forest over the features, as large as asked for."""
        matrix = self.matrix(*self.questions(BLOCK, 100))
        labels = (self.rng.random(len(matrix)) < 0.1).astype(np.float32)
        rows = Labelled(matrix, labels, np.full(BLOCK, 100))
        parameters = RankerSettings().parameters("binary")
        return grow(parameters, rows, rows, list(FEATURES), trees=trees, patience=trees)

    def offline(self, most: int, rows_each: int, forest: Booster) -> list[str]:
        """A row of the table: so many rows a query, and at most 10,000 queries."""
        blocks = max(1, min(most // rows_each, 10_000) // BLOCK)
        rows = blocks * BLOCK * rows_each
        reading, work, *limits = (Clock() for _ in range(5))
        for _ in range(blocks):
            with reading:
                queries, items = self.questions(BLOCK, rows_each)
            with work:
                matrix = self.matrix(queries, items)
            _measure_limits(matrix, forest, limits)
        seconds = sum(work.cpu) / 1000
        return [
            str(rows_each),
            f"{rows:,}",
            f"{rows / seconds:,.0f}",
            f"{seconds * 1e7 / rows:.0f}",
            f"{sum(reading.cpu) * 1e4 / rows:.0f}",
            *(work.per(limit) for limit in limits),
        ]

    def online(self, requests: int, candidates: int, forest: Booster) -> list[str]:
        """A row of the table: so many candidates of each query, in catalogue order."""
        n = self.data.n_items
        work, *limits = (Clock() for _ in range(4))
        for query in queries_now(self.data, requests, self.rng):
            items = np.sort(self.rng.permutation(n)[:candidates]).astype(np.int32)
            with work:
                matrix = self.matrix([query], [items])
            _measure_limits(matrix, forest, limits)
        return [
            str(min(n, candidates)),
            *work.percentiles(),
            *(work.per(limit) for limit in limits),
        ]


def _measure_limits(matrix: Matrix, forest: Booster, limits: list[Clock]) -> None:
    copy, operations, scoring = limits
    with copy:
        matrix.copy()
    numbers, into = matrix[:, 0].astype(np.float64), np.empty_like(matrix)
    with operations:
        for column in into.T:
            column[:] = numbers + 1
    with scoring:
        forest.predict(matrix)


if __name__ == "__main__":
    main()
