"""How long a start takes when much has happened since the training.

    python benchmarks/online/restart.py [--large | --home HOME] [--events 1000000]

With `--large` a log of twice as many events is made up (`benchmarks/latency/large_log.py`), about a
hundred a user; what comes first is trained on, and what comes later has happened since. Else so
many clicks are put into the log behind the training of a home, of users and items as often as they
were met before.

Then: learning all of them from the bundle, in this process; writing a checkpoint; going
on from it; and a server from its command until it says that it is ready, without a checkpoint,
with one, and with nothing to learn.
"""

import argparse
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from service import ABOUT, COMMAND, LargeLog, Results, Site, Trained, cpu_seconds, options, prepared
from shortlist.core.times import SECOND
from shortlist.online.checkpoints import Checkpoints
from shortlist.online.follower import Follower
from shortlist.settings import Settings
from shortlist.storage.bundles import open_bundles
from shortlist.storage.facts import Facts, open_facts
from shortlist.storage.facts.frames import EVENTS, of_schema

PART: Final = 100_000
"""Events that are written in one transaction."""


def main() -> None:
    parser = options(__doc__)
    add = parser.add_argument
    add("--events", type=int, default=1_000_000, help="events since the training")
    add("--large", action="store_true", help="on a made-up log of as many before")
    asked = parser.parse_args()
    with made_up(asked) if asked.large else prepared(asked) as home, home.copied() as site:
        title = f"A start with {asked.events:,} events since the training"
        results = Results("restart", title, asked, home.about)
        rows = [("a server, nothing to learn", until_ready(site))]
        with open_facts(site.database) as facts:
            if asked.large:
                go_on(facts, large(asked).later())
            else:
                happen(facts, asked.events, np.random.default_rng(asked.seed))
            rows += [
                ("a server, no checkpoint", until_ready(site)),
                *learned(site, facts, home),
                ("a server, with a checkpoint", until_ready(site)),
            ]
        results.table(
            "Seconds, and those of the processor",
            ("what", "wall", "CPU"),
            [[name, f"{took.wall:.2f}", f"{took.cpu:.2f}"] for name, took in rows],
        )
        results.say("A server that is not level within 5 seconds answers, and goes on learning.")
        results.write()


@dataclass
class Took:
    """Seconds, and those of the processor."""

    wall: float = 0
    cpu: float = 0


@dataclass(frozen=True)
class Halves:
    """A made-up log, cut in two by time."""

    log: LargeLog
    events: pl.DataFrame

    def earlier(self) -> pl.DataFrame:
        return self.events.head(len(self.events) // 2)

    def later(self) -> pl.DataFrame:
        return self.events.tail(-(len(self.events) // 2))


def large(asked: argparse.Namespace) -> Halves:
    """The log of a number of events, and as many since."""
    log = LargeLog.of(2 * asked.events, asked.seed)
    return Halves(log, pl.concat(log.parts()).sort("time", maintain_order=True))


@contextmanager
def made_up(asked: argparse.Namespace) -> Iterator[Trained]:
    """A home trained on the first half of a made-up log; the one asked for, where it is there."""
    with tempfile.TemporaryDirectory() as folder:
        home = Trained(asked.home or Path(folder) / "home")
        if not (home.path / "bundles").is_dir():
            halves, files = large(asked), Path(folder)
            halves.log.catalogue().write_csv(files / "items.csv")
            halves.earlier().write_csv(files / "events.csv")
            for words in (*LargeLog.imports(files), ("train",)):
                command = [*COMMAND, "--home", str(home.path), *words]
                subprocess.run(command, check=True)  # noqa: S603
            (home.path / ABOUT).write_text(
                "MADE-UP log (`large_log.py`), its first half\n", "utf-8"
            )
        yield home


def go_on(facts: Facts, later: pl.DataFrame) -> None:
    """What came later, as it was told."""
    for start in range(0, len(later), PART):
        part = later.slice(start, PART)
        columns = {
            "id": [f"since-{start + each}" for each in range(len(part))],
            "user": part["user"],
            "item": part["item"],
            "kind": ["rating"] * len(part),
            "value": part["rating"],
            "time": part["time"] * SECOND,
        }
        with facts.bulk() as bulk:
            bulk.append(of_schema(columns, EVENTS))


def happen(facts: Facts, number: int, rng: np.random.Generator) -> None:
    """Clicks of users on items, as often as the log has them."""
    known = pl.concat(list(facts.events(columns=["user", "item"])))
    now = time.time_ns() // 1000
    for start in range(0, number, PART):
        size = min(PART, number - start)
        columns = {
            "id": [f"since-{start + each}" for each in range(size)],
            "user": known["user"].gather(rng.integers(0, len(known), size)),
            "item": known["item"].gather(rng.integers(0, len(known), size)),
            "kind": ["click"] * size,
            "time": np.arange(start, start + size) + now,
        }
        with facts.bulk() as bulk:
            bulk.append(of_schema(columns, EVENTS))


def learned(site: Site, facts: Facts, home: Trained) -> Iterator[tuple[str, Took]]:
    """From the bundle, into a checkpoint, and from it."""
    bundle = open_bundles(site.home / "bundles").open()
    trained, kinds = home.model.retrieval, Settings().kinds

    def begin() -> Follower:
        return Follower(facts, kinds, trained, bundle.lineage["sequence"])

    with taken() as took:
        follower = begin()
        while follower.step():
            pass
    yield "learning all of it from the bundle, in one process", took
    checkpoints = Checkpoints(site.home / "online")
    with taken() as took:
        checkpoints.keep(follower, bundle.id)
    yield "writing a checkpoint", took
    with taken() as took:
        resumed = checkpoints.resume(begin, bundle.id)
        resumed.step()
        resumed.retrieval()
    yield "going on from it, until a model is there", took
    checkpoints.close()


def until_ready(site: Site) -> Took:
    """From the command until the server says that it is ready."""
    began = time.perf_counter()
    with site.serving(workers=1) as server:
        return Took(time.perf_counter() - began, cpu_seconds(server.family()))


@contextmanager
def taken() -> Iterator[Took]:
    """What a block takes of this process."""
    took, began, used = Took(), time.perf_counter(), time.process_time()
    yield took
    took.wall, took.cpu = time.perf_counter() - began, time.process_time() - used


if __name__ == "__main__":
    main()
