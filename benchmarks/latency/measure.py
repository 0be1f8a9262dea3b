"""What the benchmarks here share: a log, a clock, and tables."""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from shortlist.bootstrap import open_home
from shortlist.core.candidates import Query
from shortlist.datasets.load import load_dataset
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.protocols import frequent_items
from shortlist.simulation import World
from shortlist.simulation.keep import keep


class Clock:
    """Wall and CPU time in milliseconds, of every time it was entered."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def __enter__(self) -> Self:
        self._since = time.process_time(), time.perf_counter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        cpu, wall = self._since
        self.wall.append(1000 * (time.perf_counter() - wall))
        self.cpu.append(1000 * (time.process_time() - cpu))

    def percentiles(self) -> list[str]:
        """Wall p50, p95 and p99, and the median of the CPU time, in milliseconds."""
        found = [*np.percentile(self.wall, [50, 95, 99]), np.median(self.cpu)]
        return [f"{each:.3f}" for each in found]

    def per(self, other: "Clock") -> str:
        """How many times the other's CPU time it takes, by the medians."""
        return f"{np.median(self.cpu) / np.median(other.cpu):.2f}"


PERCENTILES = ("p50 ms", "p95 ms", "p99 ms", "CPU p50 ms")
"""The columns of `Clock.percentiles`."""


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; every column but the first holds numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    Console(width=120, highlight=False).print(table)


def options(about: str) -> argparse.ArgumentParser:
    """A parser with the options that say which log is measured on."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--home", type=Path, help="measure on the log of this home; left out, on a simulated one")
    add("--events", type=int, default=50_000, help="clicks and ratings that are simulated")
    add("--users", type=int, default=610)
    add("--items", type=int, default=3650)
    add("--min-item-events", type=int, default=1, help="choices an item needs to be kept")
    add("--seed", type=int, default=7)
    return parser


def log(asked: argparse.Namespace) -> Dataset:
    """The log that was asked for; prints what it is, and on what machine it is measured."""
    if asked.home:
        data = _load(asked.home)
    else:
        with tempfile.TemporaryDirectory() as folder:
            home = open_home(Path(folder))
            world = World(users=asked.users, items=asked.items)
            with home.facts as facts:
                keep(world.simulate(asked.events, asked.seed), facts, home.path)
            data = _load(home.path)
    data = frequent_items(data, asked.min_item_events)
    print(
        f"{asked.home or 'SIMULATED log'}: {len(data.events):,} events of {data.n_users:,} users "
        f"and {data.n_items:,} items\n"
        f"{_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; one thread; "
        f"Python {platform.python_version()}, NumPy {np.__version__}"
    )
    return data


def _load(path: Path) -> Dataset:
    home = open_home(path)
    with home.facts as facts:
        return load_dataset(facts, home.settings.kinds)


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def queries_now(data: Dataset, number: int, rng: np.random.Generator) -> list[Query]:
    """What users drawn at random ask just after the newest event, as serving meets them."""
    return [data.query(int(user)) for user in rng.integers(0, data.n_users, number)]
