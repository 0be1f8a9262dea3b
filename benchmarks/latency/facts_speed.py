"""How fast the log takes events of many callers, and gives a request the events of its user.

    python benchmarks/latency/facts_speed.py [--database URL] [--seconds 3]

Every event counted is committed and on disk. Beside it stand single commits of one caller without
a writer: what grouping is worth on this machine. The database is filled; use a new one.
"""

import argparse
import itertools
import platform
import tempfile
import threading
from collections.abc import Callable
from time import perf_counter

from measure import PERCENTILES, Clock, show

from shortlist.core.events import Event
from shortlist.storage.facts import Facts, open_facts
from shortlist.storage.facts.writer import EventWriter

PATIENCE = 60.0
NUMBERS = itertools.count()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", help="left out: a new SQLite file")
    parser.add_argument("--seconds", type=float, default=3.0, help="of every measurement")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{folder}/facts.db"
        print(f"{url.partition(':')[0]}, Python {platform.python_version()}")
        with open_facts(url) as facts:
            written(facts, asked.seconds)
            read(facts, asked.seconds)


def written(facts: Facts, seconds: float) -> None:
    """Events acknowledged a second, by how they come."""
    writer = EventWriter(facts)
    rows = [
        ("1 caller, no writer", *rate(facts.append, 1, 1, seconds)),
        ("1 caller", *rate(through(writer), 1, 1, seconds)),
        ("16 callers", *rate(through(writer), 16, 1, seconds)),
        ("4 callers, 500 at once", *rate(through(writer), 4, 500, seconds)),
    ]
    writer.close()
    show("Events", ("way", "events/s", *PERCENTILES), rows)


def through(writer: EventWriter) -> Callable[[list[Event]], object]:
    return lambda events: writer.append(events, PATIENCE)


def rate(
    append: Callable[[list[Event]], object], callers: int, size: int, seconds: float
) -> list[str]:
    clocks = [Clock() for _ in range(callers)]
    started = perf_counter()

    def call(clock: Clock) -> None:
        while perf_counter() < started + seconds:
            batch = [some_event() for _ in range(size)]
            with clock:
                append(batch)

    threads = [threading.Thread(target=call, args=(each,)) for each in clocks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = Clock()
    for each in clocks:
        together.wall += each.wall
        together.cpu += each.cpu
    count = len(together.wall) * size
    return [f"{count / (perf_counter() - started):,.0f}", *together.percentiles()]


def some_event() -> Event:
    number = next(NUMBERS)
    return Event(f"u{number % 997}", f"i{number % 3_001}", "view", time=number)


def read(facts: Facts, seconds: float) -> None:
    """The small reads of a request."""
    known = facts.recent_of("u7", 1)[-1].sequence
    reads: dict[str, Callable[[], object]] = {
        "tail of a user, nothing new": lambda: facts.tail_of("u7", known),
        "newest 100 of a user": lambda: facts.recent_of("u7", 100),
        "revisions": facts.revisions,
    }
    rows = []
    for name, call in reads.items():
        clock, end = Clock(), perf_counter() + seconds
        while perf_counter() < end:
            with clock:
                call()
        rows.append((name, *clock.percentiles()))
    show("Reads", ("what", *PERCENTILES), rows)


if __name__ == "__main__":
    main()
