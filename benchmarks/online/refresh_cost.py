"""What a refresh in the worker costs those who are served meanwhile.

    python benchmarks/online/refresh_cost.py --home HOME [--events 600] [--rounds 3] [--nice 19]

Events are sent that make a refresh due. Then lists are asked for one after another, for users drawn
at random: for a while alone, and while `shortlist worker --once` follows the log, grows trees and
publishes; in turns, each time on the home as it was. Quoted are the quantiles of both, and their
ratio within one run.
"""

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

import numpy as np

from service import COMMAND, Connection, Results, Site, Trained, options, prepared

COLUMNS: Final = ("round", "while", "lists", "p50 ms", "p99 ms", "slowest ms", "p99 to alone")
BATCH: Final = 200


def main() -> None:
    parser = options(__doc__)
    add = parser.add_argument
    add("--events", type=int, default=600, help="new choices that are learned from")
    add("--rounds", type=int, default=3)
    add("--seconds", type=float, default=10.0, help="how long lists are asked for alone")
    add("--nice", type=int, default=19, help="the worker's priority")
    asked = parser.parse_args()
    rows: list[list[str]] = []
    with prepared(asked) as home:
        results = Results("refresh-cost", "Lists during a refresh", asked, home.about)
        for turn in range(asked.rounds):
            rng = np.random.default_rng((asked.seed, turn))
            with home.copied() as site:
                settle(site.home, asked.events, asked.nice)
                with site.serving(workers=1) as server, server.connect() as asking:
                    send(asking, home, rng, asked.events)
                    lists(asking, home, rng, lasting(2.0))
                    alone = lists(asking, home, rng, lasting(asked.seconds))
                    with worker(site) as process:
                        during = lists(asking, home, rng, lambda: process.poll() is None)
                    rows += [
                        row(turn, "alone", alone, alone),
                        row(turn, "a refresh", during, alone),
                    ]
        results.table("Lists of 10, asked for one after another", COLUMNS, rows)
        results.write()


def settle(home: Path, events: int, nice: int) -> None:
    """Settings by which the events make one refresh due, and nothing else happens."""
    with (home / "shortlist.toml").open("a") as file:
        file.write(f"\n[worker]\nenabled = false\nrefresh_events = {events // 2}\nnice = {nice}\n")
        file.write("retrain_hours = 1000000.0\ndrift = 1000000.0\nunknown_share = 1.0\n")


def worker(site: Site) -> "subprocess.Popen[bytes]":
    """The worker, until it has nothing to do any more."""
    words = (*COMMAND, "--home", str(site.home), "worker", "--once")
    quiet = subprocess.DEVNULL
    return subprocess.Popen(  # noqa: S603
        words, env=site.environment, stdout=quiet, stderr=quiet
    )


def send(asking: Connection, home: Trained, rng: np.random.Generator, events: int) -> None:
    """People choose what a list shows them, or something else."""
    items = rng.choice(home.items, events)
    users = rng.choice(home.users, events)
    for begin in range(0, events, BATCH):
        batch = [
            {"user": str(user), "item": str(item), "kind": "rating", "value": 4.0}
            for user, item in zip(users, items, strict=True)
        ][begin : begin + BATCH]
        answer = asking.post("/v1/events", {"events": batch})
        assert answer.status == 200, answer.body


def lasting(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds have not passed yet."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() < until


def lists(
    asking: Connection, home: Trained, rng: np.random.Generator, going_on: Callable[[], bool]
) -> Sequence[float]:
    """Milliseconds of lists, one after another, while something goes on."""
    took = []
    while going_on():
        user = quote(str(rng.choice(home.users)))
        began = time.perf_counter()
        answer = asking.get(f"/v1/users/{user}/recommendations?limit=10")
        took.append(1000 * (time.perf_counter() - began))
        assert answer.status == 200, answer.body
    return took


def row(turn: int, name: str, took: Sequence[float], alone: Sequence[float]) -> list[str]:
    """One line of the table."""
    median, slow, slowest = *np.percentile(took, [50, 99]), max(took)
    ratio = slow / np.percentile(alone, 99)
    numbers = (f"{each:.1f}" for each in (median, slow, slowest))
    return [str(turn + 1), name, f"{len(took):,}", *numbers, f"{ratio:.2f}"]


if __name__ == "__main__":
    main()
