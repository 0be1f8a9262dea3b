"""How many events a second the service acknowledges, each after the commit that keeps it.

    python benchmarks/service/events.py --home HOME [--database postgresql://HOST/NAME]

Two loads: single events from 16 clients, then batches of 500 from 4, each client sending the next
as soon as the last is acknowledged; on SQLite, and on PostgreSQL where a --database is given (a
schema of its own, dropped at the end). Each number of workers begins with the log of the home. The
limits beside it, in the same run on a log as long: the storage alone (`EventWriter` called by as
many threads in one process, no HTTP), and how often a second the disk confirms a write. At the end
each log is read: every acknowledged event is in it, once.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import numpy as np
from family import cpu_seconds
from homes import Trained, options, prepared
from results import Results
from running import Server, Site
from senders import Made, Sent, Shape, clients, posting

from shortlist.core.events import Event
from shortlist.storage.facts import open_facts
from shortlist.storage.facts.writer import EventWriter

COLUMNS = (
    "load",
    "events/s",
    "p50 ms",
    "p99 ms",
    "refused",
    "lost",
    "aim",
    "share of the storage alone",
    "server CPU s a 1,000",
    "client CPU s a 1,000",
)
AIMS = {"batches": 5_000, "singles": 1_000}


def main() -> None:
    parser = options(__doc__)
    add = parser.add_argument
    add("--database", help="a PostgreSQL to measure beside SQLite: postgresql://...")
    add("--workers", type=int, nargs="+", default=[1, 2])
    add("--seconds", type=float, default=10, help="for each load")
    add("--batch", type=int, default=500, help="events in a batch")
    add("--clients", type=int, nargs=2, default=[4, 16], help="of batches, and of single events")
    asked = parser.parse_args()
    with prepared(asked) as home:
        results = Results("events", "Events in", asked, home.about)
        for database in [None, *([asked.database] if asked.database else [])]:
            rates = measure(home, database, asked, results)
            if database is None:
                results.claim(claim(rates))
        results.write()


def measure(
    home: Trained, database: str | None, asked: argparse.Namespace, results: Results
) -> dict[str, float]:
    """Both loads on one sort of database: the storage alone, then the service.

    Gives the service's events a second, by the load, with as many workers as were measured last.
    """
    shapes = Shape("singles", asked.clients[1], 1), Shape("batches", asked.clients[0], asked.batch)
    made = Made(home, asked.seed)
    with home.copied(database) as site, logged(site, "storage alone") as log:
        limits = {shape.name: alone(site, shape, made, asked.seconds) for shape in shapes}
        log.sent = [each for each, _ in limits.values()]
    said, rates = [log.verdict], {}
    rows = [
        [f"{shape}, storage alone", *_figures(*limits[shape.name]), "", "1.00", "", ""]
        for shape in shapes
    ]
    for workers in asked.workers:
        name = f"{workers} {'worker' if workers == 1 else 'workers'}"
        with home.copied(database) as site, logged(site, name) as log:
            with site.serving(workers=workers) as server:
                for shape in shapes:
                    row, sent, rate = over_http(
                        server, shape, made, asked.seconds, limits[shape.name]
                    )
                    rows.append([f"{shape}, {name}", *row])
                    rates[str(shape)] = rate
                    log.sent.append(sent)
            confirmed = _confirmed(site)
        said.append(log.verdict)
    results.table(site.back_end, COLUMNS, rows)
    if database is None:
        results.say(f"The disk confirms {confirmed:,.0f} writes of 4 KiB a second.")
    for each in said:
        results.say(f"{site.back_end}, {each}")
    return rates


def claim(rates: Mapping[str, float]) -> str:
    """What the README says."""
    told = "; ".join(f"{shape}: {rate:,.0f} a second" for shape, rate in rates.items())
    return f"- Events acknowledged after their commit (SQLite), {told}."


@dataclass
class Log:
    """What was sent to a log, and what it says of it."""

    sent: list[Sent] = field(default_factory=list)
    verdict: str = ""


@contextmanager
def logged(site: Site, name: str) -> Iterator[Log]:
    """Read the log at the end, and say whether each acknowledged event is in it, once."""
    with open_facts(site.database) as facts:
        start = facts.last_sequence()
    log = Log()
    yield log
    log.verdict = f"{name}: {verdict(site, start, sum(log.sent, Sent()).ids)}"


def alone(site: Site, shape: Shape, made: Made, seconds: float) -> tuple[Sent, float]:
    """The storage called by threads of this process: no HTTP, no checks, no keys."""
    with open_facts(site.database) as facts, closing(EventWriter(facts)) as writer:

        def send(events: Sequence[Event]) -> bool:
            return len(writer.append(events, 60.0).fates) == len(events)

        return clients([send] * shape.clients, shape, made, seconds)


def over_http(
    server: Server, shape: Shape, made: Made, seconds: float, limit: tuple[Sent, float]
) -> tuple[list[str], Sent, float]:
    """The same over HTTP, a connection for each client: a row's figures, what was sent, a rate."""
    connections = [server.connect() for _ in range(shape.clients)]
    before, own = cpu_seconds(server.family()), time.process_time()
    sent, spent = clients([posting(each) for each in connections], shape, made, seconds)
    cpu, own = cpu_seconds(server.family()) - before, time.process_time() - own
    for each in connections:
        each.close()
    share = _rate(sent, spent) / _rate(*limit)
    thousands = max(len(sent.ids), 1) / 1000
    figures = _figures(sent, spent)
    aim = f"{AIMS[shape.name]:,}"
    row = [*figures, aim, f"{share:.2f}", f"{cpu / thousands:.3f}", f"{own / thousands:.3f}"]
    return row, sent, _rate(sent, spent)


def verdict(site: Site, start: int, acknowledged: Sequence[str]) -> str:
    """What the log says: whether each acknowledged event is in it, once."""
    with open_facts(site.database) as facts:
        batches = [batch["id"].to_list() for batch in facts.events(after=start, columns=["id"])]
    kept = Counter(each for batch in batches for each in batch)
    missing = sum(each not in kept for each in acknowledged)
    twice = sum(times > 1 for times in kept.values())
    unasked = len(kept) - len(acknowledged) + missing
    return (
        f"of {len(acknowledged):,} acknowledged events {missing} are missing from the log and "
        f"{twice} are in it twice; {unasked} are in it that were not acknowledged."
    )


def _rate(sent: Sent, seconds: float) -> float:
    return len(sent.ids) / seconds


def _figures(sent: Sent, seconds: float) -> list[str]:
    p50, p99 = np.percentile(sent.milliseconds or [0.0], [50, 99])
    times = [f"{p50:.1f}", f"{p99:.1f}"]
    return [f"{_rate(sent, seconds):,.0f}", *times, str(sent.refused), str(sent.lost)]


def _confirmed(site: Site) -> float:
    """Writes of 4 KiB a second that the disk under the home confirms, one after the other."""
    with tempfile.TemporaryFile(dir=site.home) as file:
        began, number = time.perf_counter(), 0
        while time.perf_counter() - began < 1.0:
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
            number += 1
        return number / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
