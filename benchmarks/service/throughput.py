"""How many lists a second the service ranks while the slowest of a hundred waits 50 ms at most.

    python benchmarks/service/throughput.py --home HOME [--server uvicorn granian] [--seconds 10]

Closed-loop load from a process of its own (`wrk` where it is installed) on all users at random,
with more and more connections; the best rate whose p99 is within --within, all answered with 200
and hardly any degraded. The same application runs under each server that is named. Beside it, in
the same run and with as many connections, stands the limit: a route of the same server that does
nothing. All of it shares the machine's cores, and the CPU time of both sides is said.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from family import cpu_seconds
from homes import Trained, options, prepared
from load import SAID, WRK, Load, load
from results import Results
from running import Server

EMPTY = ("/health/live",)
AIM = 400
"""Lists a second that are aimed at, on two cores."""

MOST_DEGRADED = 0.01
"""The share of degraded lists from which on a rate does not count: less was done for it."""

COLUMNS = (
    "server",
    "connections",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "not 200",
    "lost",
    "degraded",
    "server CPU s a 1,000",
    "generator CPU s a 1,000",
    "busiest worker",
)


def main() -> None:
    parser = options(__doc__)
    add = parser.add_argument
    add("--server", nargs="+", choices=("uvicorn", "granian"), default=["uvicorn", "granian"])
    add("--workers", type=int, default=2)
    add("--connections", type=int, nargs="+", default=[1, 2, 4, 8, 12, 16, 24, 32])
    add("--generator", choices=SAID, default="wrk" if WRK else "threads")
    add("--seconds", type=float, default=10, help="for each number of connections")
    add("--within", type=float, default=50, help="milliseconds that the p99 may take")
    asked = parser.parse_args()
    with prepared(asked) as home:
        results = Results("throughput", "How many lists a second", asked, home.about)
        results.say(f"{asked.workers} workers; load from {SAID[asked.generator]}.")
        rows, found = [], []
        for kind in asked.server:
            with (
                home.copied() as site,
                site.serving(workers=asked.workers, kind=kind) as server,
            ):
                trials = measure(server, home, asked)
                best = best_of(trials, asked.within)
                empty = trial(server, EMPTY, best.connections, asked.seconds, asked.generator)
            rows += [each.row(kind) for each in trials] + [empty.row(f"{kind}, empty route")]
            found.append(said(kind, best, empty, asked.within))
            if kind == asked.server[0]:
                results.claim(claim(best, asked.workers, asked.within))
        results.table("Load", COLUMNS, rows)
        for each in found:
            results.say(each)
        results.write()


@dataclass(frozen=True)
class Trial:
    """Some seconds of load."""

    connections: int
    load: Load
    cpu: Sequence[float]
    """CPU seconds of each worker."""
    whole_cpu: float
    """CPU seconds of all the server's processes."""

    def row(self, name: str) -> list[str]:
        load, thousands = self.load, max(self.load.requests, 1) / 1000
        return [
            name,
            str(self.connections),
            f"{load.rate:,.0f}",
            f"{load.p50:.1f}",
            f"{load.p99:.1f}",
            f"{load.refused:,}",
            f"{load.lost:,}",
            f"{load.degraded:,}",
            f"{self.whole_cpu / thousands:.2f}",
            f"{load.cpu / thousands:.2f}",
            f"{max(self.cpu) / max(sum(self.cpu), 1e-9):.0%}",
        ]


def measure(server: Server, home: Trained, asked: argparse.Namespace) -> list[Trial]:
    """Lists of ten, with ever more connections, after a time to get warm."""
    paths = [f"/v1/users/{quote(user)}/recommendations?limit=10" for user in home.users]
    trial(server, paths, max(asked.connections), asked.seconds / 2, asked.generator)
    return [
        trial(server, paths, each, asked.seconds, asked.generator) for each in asked.connections
    ]


def trial(
    server: Server, paths: Sequence[str], connections: int, seconds: float, generator: str
) -> Trial:
    """Some seconds of load, and what they cost."""
    workers, family = server.workers(), server.family()
    before, whole = [cpu_seconds([each]) for each in workers], cpu_seconds(family)
    found = load(
        server.port,
        server.key,
        paths,
        connections=connections,
        seconds=seconds,
        generator=generator,
    )
    after = [cpu_seconds([each]) for each in workers]
    spent = [now - then for now, then in zip(after, before, strict=True)]
    return Trial(connections, found, spent, cpu_seconds(family) - whole)


def holds(load: Load, within: float) -> bool:
    """Whether a rate counts."""
    few = load.degraded <= MOST_DEGRADED * load.requests
    return load.p99 <= within and load.clean and few


def best_of(trials: Sequence[Trial], within: float) -> Trial:
    """The best rate of those that count; the quickest to answer, where none does."""
    good = [each for each in trials if holds(each.load, within)]
    if good:
        return max(good, key=lambda each: each.load.rate)
    return min(trials, key=lambda each: each.load.p99)


def claim(best: Trial, workers: int, within: float) -> str:
    """What the README says."""
    held = "" if holds(best.load, within) else " (not within what was aimed at)"
    return (
        f"- {workers} workers on {os.cpu_count()} cores answer {best.load.rate:,.0f} lists a "
        f"second at a p99 of {best.load.p99:.0f} ms, the load generator beside them{held}."
    )


def said(kind: str, best: Trial, empty: Trial, within: float) -> str:
    """The headline of one server."""
    load = best.load
    held = "" if holds(load, within) else "not held: "
    return (
        f"{kind}: {held}{load.rate:,.0f} lists a second at a p99 of {load.p99:.1f} ms "
        f"({best.connections} connections; aim: {AIM} within {within:g} ms), {load.degraded:,} of "
        f"{load.requests:,} degraded. The empty route gives {empty.load.rate:,.0f} a second, "
        f"{empty.load.rate / load.rate:.1f} times as many."
    )


if __name__ == "__main__":
    main()
