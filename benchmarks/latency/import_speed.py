"""How fast events get from a CSV file into a new database, and in how much memory.

    python benchmarks/latency/import_speed.py [--events 1000000] [--database URL]

The file looks like MovieLens: 20,000 users one after another, 5,000 items of skewed popularity,
half stars, epoch seconds. The import runs in a process of its own, as `shortlist import` does it;
what is measured begins when the file is opened and ends after the commit.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from shortlist.datasets.importers.event_table import EventColumns
from shortlist.datasets.importers.run import Policy, importing
from shortlist.datasets.importers.tables import TableFile
from shortlist.storage.facts import open_facts

COLUMNS = EventColumns(user="user", item="item", time="time", as_kind="rating", value="rating")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--database", help="left out: a new SQLite file")
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.file:
        print(json.dumps(imported(asked.file, asked.database)))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.csv"
        log(asked.events).write_csv(file)
        database = asked.database or f"sqlite:///{folder}/facts.db"
        for name in ("first import", "same file again"):
            run = [sys.executable, __file__, "--file", str(file), "--database", database]
            said = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)  # noqa: S603
            print(f"{name}: {asked.events / said['seconds']:,.0f} events/s, {said}")


def log(events: int) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    return pl.DataFrame(
        {
            "user": np.sort(rng.integers(0, 20_000, events)),
            "item": (5_000 * rng.random(events) ** 2).astype(int),
            "rating": rng.integers(1, 11, events) / 2,
            "time": rng.integers(1_000_000_000, 1_700_000_000, events),
        }
    )


def imported(file: Path, database: str) -> dict[str, float]:
    before = resource.getrusage(resource.RUSAGE_SELF)
    with (
        open_facts(database) as facts,
        importing(facts, file.with_suffix(".rejects"), Policy()) as run,
    ):
        run.events(file, TableFile(file).read(COLUMNS.wanted), COLUMNS)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": round(run.report.seconds, 2),
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime, 2),
        "added": run.report.files[0].added,
        "before_mb": round(before.ru_maxrss / 1024),
        "peak_mb": round(after.ru_maxrss / 1024),
    }


if __name__ == "__main__":
    main()
