"""What following the log costs those who ask for lists, and what it costs the server.

    python benchmarks/online/following.py --home HOME [--seconds 30] [--events 500] [--lists 20]

Lists are asked for at fixed instants, whether or not those before are answered, three times over:
with no events, with so many events a second that nobody follows (`online.follow = false`), and with
as many that are followed. The order is turned round and done again, so that what else the machine
does meets all of them. What learning took is what the server counts itself.
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import numpy as np

from service import Deed, OpenLoop, Record, Results, Site, Trained, options, prepared

SEEN: Final = ("load", "lists", "p50 ms", "p99 ms", "slowest ms", "degraded")
TOOK: Final = ("what", "times", "mean ms")
BATCH: Final = 10
"""Events of a request."""


def main() -> None:
    parser = options(__doc__)
    add = parser.add_argument
    add("--seconds", type=float, default=30, help="of each of the six runs")
    add("--events", type=int, default=500, help="events a second")
    add("--lists", type=int, default=20, help="lists a second")
    add("--clients", type=int, default=16)
    add("--workers", type=int, default=1)
    asked = parser.parse_args()
    loads = (
        Load("no events", 0, follow=True),
        Load(f"{asked.events:,} events a second, not followed", asked.events, follow=False),
        Load(f"{asked.events:,} events a second, followed", asked.events, follow=True),
    )
    with prepared(asked) as home:
        results = Results("following", "Lists while events are learned", asked, home.about)
        records: dict[str, list[Record]] = {each.name: [] for each in loads}
        said = ""
        for load in (*loads, *reversed(loads)):
            with home.copied() as site:
                found, metrics = run(site, home, load, asked)
            records[load.name] += found
            said = metrics if load.events and load.follow else said
        results.table("Lists", SEEN, [row(name, found) for name, found in records.items()])
        plain, followed = (p99(records[each.name]) for each in (loads[0], loads[-1]))
        results.say(f"p99 while folding is {followed / plain:.2f} times that without events.")
        results.table("What the server counted", TOOK, took(said))
        results.write()


@dataclass(frozen=True)
class Load:
    """What comes beside the lists."""

    name: str
    events: int
    """A second."""
    follow: bool


def run(
    site: Site, home: Trained, load: Load, asked: argparse.Namespace
) -> tuple[list[Record], str]:
    """Lists and events for so long: the lists, and the server's own numbers."""
    with (site.home / "shortlist.toml").open("a") as settings:
        settings.write(f"\n[online]\nfollow = {str(load.follow).lower()}\n")
    rng = np.random.default_rng(asked.seed)
    posts = load.events // BATCH
    rate = asked.lists + posts
    sorts = rng.permutation(["list"] * asked.lists + ["events"] * posts)
    deeds = [
        deed(home, str(sort), rng) for _ in range(round(asked.seconds)) for sort in sorts.tolist()
    ]
    with site.serving(workers=asked.workers) as server:
        connections = [server.connect() for _ in range(asked.clients)]
        made = OpenLoop(connections, deeds).run(rate)
        return [each for each in made if each.deed.sort == "list"], server.metrics()


def deed(home: Trained, sort: str, rng: np.random.Generator) -> Deed:
    """A list, or some events."""
    users = rng.choice(home.users, BATCH).tolist()
    if sort == "list":
        return Deed("list", f"/v1/users/{quote(users[0])}/recommendations?limit=10")
    items = rng.choice(home.items, BATCH).tolist()
    events = [
        {"user": user, "item": item, "kind": "click"}
        for user, item in zip(users, items, strict=True)
    ]
    return Deed("events", "/v1/events", {"events": events})


def p99(records: Sequence[Record]) -> float:
    """Milliseconds that 99 of 100 lists were answered in."""
    return float(np.percentile([each.milliseconds for each in records], 99))


def row(name: str, records: Sequence[Record]) -> list[str]:
    times = [each.milliseconds for each in records]
    degraded = sum(each.degraded for each in records)
    return [
        name,
        f"{len(records):,}",
        *(f"{each:.1f}" for each in np.percentile(times, [50, 99])),
        f"{max(times):.0f}",
        f"{degraded:,} ({degraded / len(records):.2%})",
    ]


def took(metrics: str) -> list[list[str]]:
    """How often the server learned and published, and how long it took on average."""
    rows = []
    for stage in ("online learning", "online publication"):
        count, total = (
            sum(
                float(each)
                for each in re.findall(
                    rf'shortlist_stage_seconds_{part}{{stage="{stage}"}} (\S+)', metrics
                )
            )
            for part in ("count", "sum")
        )
        rows.append([stage, f"{count:,.0f}", f"{1000 * total / max(1, count):.1f}"])
    return rows


if __name__ == "__main__":
    main()
