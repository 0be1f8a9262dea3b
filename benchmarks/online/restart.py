"""How long a start takes when much has happened since the training.

    python benchmarks/online/restart.py --home HOME [--events 1000000]

So many clicks are put into the log behind the training, of users and items as often as they were
met before. Then: learning all of them from the bundle, in this process; writing a checkpoint; going
on from it; and a server from its command until it says that it is ready, without a checkpoint,
with one, and with nothing to learn.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
import polars as pl

from service import Results, Site, Trained, options, prepared
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
    asked = parser.parse_args()
    with prepared(asked) as home, home.copied() as site:
        title = f"A start with {asked.events:,} events since the training"
        results = Results("restart", title, asked, home.about)
        rows = [["a server, nothing to learn", seconds_to_ready(site)]]
        with open_facts(site.database) as facts:
            happen(facts, asked.events, np.random.default_rng(asked.seed))
            rows += [
                ["a server, no checkpoint", seconds_to_ready(site)],
                *learned(site, facts, home),
                ["a server, with a checkpoint", seconds_to_ready(site)],
            ]
        results.table(
            "Seconds", ("what", "seconds"), [[name, f"{took:.2f}"] for name, took in rows]
        )
        results.say("A server that is not level within 5 seconds answers, and goes on learning.")
        results.write()


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


def learned(site: Site, facts: Facts, home: Trained) -> Iterator[list[str | float]]:
    """From the bundle, into a checkpoint, and from it."""
    bundle = open_bundles(site.home / "bundles").open()
    trained, kinds = home.model.retrieval, Settings().kinds

    def begin() -> Follower:
        return Follower(facts, kinds, trained, bundle.lineage["sequence"])

    with taken() as took:
        follower = begin()
        while follower.step():
            pass
    yield ["learning all of it from the bundle, in one process", took[0]]
    checkpoints = Checkpoints(site.home / "online")
    with taken() as took:
        checkpoints.keep(follower, bundle.id)
    yield ["writing a checkpoint", took[0]]
    with taken() as took:
        resumed = checkpoints.resume(begin, bundle.id)
        resumed.step()
        resumed.retrieval()
    yield ["going on from it, until a model is there", took[0]]
    checkpoints.close()


def seconds_to_ready(site: Site) -> float:
    """From the command until the server says that it is ready."""
    began = time.perf_counter()
    with site.serving(workers=1):
        return time.perf_counter() - began


@contextmanager
def taken() -> Iterator[list[float]]:
    """The seconds that a block takes."""
    found: list[float] = []
    began = time.perf_counter()
    yield found
    found.append(time.perf_counter() - began)


if __name__ == "__main__":
    main()
