"""Whether the service holds out: a mixed load at a constant rate, and its memory meanwhile.

    python benchmarks/service/mixed.py --home HOME [--minutes 10] [--rate 150] [--kill | --still]

Lists, single events, items, items like one, and sign-ins come at fixed instants, whether or not the
ones before are answered (an open loop); what is waited counts from that instant. All users come
alike often, items as often as the log has them. Every five seconds the memory of all server
processes is read, that of the worker, who trains, by itself. With --kill one of the workers is
killed (SIGKILL) half way: what clients see of it is told, and the section is another one. With
--still there are lists instead of events, so that there is nothing new to be remembered.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence

import numpy as np
from homes import options, prepared
from open_loop import OpenLoop, Record
from results import Results
from running import Site
from traffic import SHARES, STILL, Traffic, accounts
from watching import Killing, Sample, Sampling

from shortlist.core.times import SECOND
from shortlist.storage.facts import open_facts

SEEN = ("request", "number", "statuses", "lost", "p50 ms", "p99 ms", "slowest ms", "degraded")


def main() -> None:
    parser = options(__doc__)
    add = parser.add_argument
    add("--minutes", type=float, default=10)
    add("--rate", type=float, default=150, help="requests a second, of all sorts together")
    add("--clients", type=int, default=32, help="connections that requests are sent over")
    add("--workers", type=int, default=2)
    add("--people", type=int, default=20, help="accounts that sign in, again and again")
    add("--every", type=float, default=5, help="seconds between looks at the memory")
    add("--kill", action="store_true", help="kill a worker half way")
    add("--still", action="store_true", help="lists instead of events")
    add("--database", help="a PostgreSQL to serve from: postgresql://...; left out, SQLite")
    asked = parser.parse_args()
    with prepared(asked) as home:
        name, more = sort_of(asked)
        results = Results(name, f"{asked.minutes:g} minutes of mixed load{more}", asked, home.about)
        began = time.time()
        with home.copied(asked.database) as site, site.serving(workers=asked.workers) as server:
            people = accounts(server, asked.people)
            shares = STILL if asked.still else SHARES
            traffic = Traffic(home, people, np.random.default_rng(asked.seed), shares)
            connections = [server.connect() for _ in range(asked.clients)]
            loop = OpenLoop(connections, traffic.deeds(round(asked.rate * 60 * asked.minutes)))
            sampling = Sampling(server, asked.every)
            killing = Killing(server, 30 * asked.minutes) if asked.kill else None
            records = loop.run(asked.rate)
            sampling.stop()
            if killing:
                killing.join()
            warnings = Counter(_level(line) for line in server.said().splitlines())
            degraded = _degraded(server.metrics())
            bundles = taken_by_bundles(site, began)
        tell(results, asked, site.back_end, records, sampling.samples)
        results.say(
            f"In the server's log: {warnings['warning']} warnings, {warnings['error']} errors. "
            f"Left out of lists: {degraded or 'nothing'}."
        )
        results.say(f"What became of bundles meanwhile: {bundles or 'nothing'}.")
        if killing:
            results.say(killing.told(records))
        results.write()


def sort_of(asked: argparse.Namespace) -> tuple[str, str]:
    """The section's name, and what its title says of the run."""
    if asked.kill:
        return "mixed-kill", ", a worker killed half way"
    return ("mixed-still", ", without events") if asked.still else ("mixed", "")


def tell(
    results: Results,
    asked: argparse.Namespace,
    back_end: str,
    records: Sequence[Record],
    samples: Sequence[Sample],
) -> None:
    """What clients saw by sort of request, and what the server held."""
    sorts = {sort: [each for each in records if each.deed.sort == sort] for sort in SHARES}
    rows = [_row(sort, found) for sort, found in sorts.items() if found]
    results.table("What clients saw", SEEN, [*rows, _row("all", records)])
    failed = sum(each.status >= 500 for each in records)
    late = sum(each.late > 0.01 for each in records)
    results.say(
        f"{asked.rate:g} requests a second for {asked.minutes:g} minutes, {asked.workers} workers, "
        f"{back_end}: {failed} answers of 500 or above. {late:,} requests were sent more than "
        "10 ms after their instant, all connections being busy; that wait is counted."
    )
    results.table("Memory, MiB", *memory_table(samples))
    results.say(growth(samples))


def taken_by_bundles(site: Site, since: float) -> str:
    """The steps that bundles took from an instant on (seconds since 1970), for people."""
    with open_facts(site.database) as facts:
        taken = [each for each in facts.model_steps.all() if each.time >= since * SECOND]
    counts = Counter(each.step.replace("_", " ") for each in taken)
    return ", ".join(f"{number} {step}" for step, number in counts.most_common())


def memory_table(samples: Sequence[Sample]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """At the start, after each tenth of the time, and at the end."""
    places = np.unique(np.linspace(0, len(samples) - 1, 11).round().astype(int))
    rows = [
        [
            f"{each.seconds / 60:.1f}",
            f"{each.memory.resident:.1f}",
            f"{each.memory.own:.1f}",
            f"{each.learning.resident:.1f}",
            str(each.processes),
        ]
        for each in (samples[place] for place in places)
    ]
    return ("minute", "serving", "of it no file's", "the worker", "processes"), rows


def growth(samples: Sequence[Sample]) -> str:
    """What is held in the third quarter and in the last, and the slope through both."""
    half = samples[len(samples) // 2 :]
    if len(half) < 4:
        return "Too few samples for a slope."
    resident = np.array([each.memory.resident for each in half])
    own = np.array([each.memory.own for each in half])
    minutes = [each.seconds / 60 for each in half]
    third, last = (np.mean(each) for each in np.array_split(resident, 2))
    slopes = [np.polyfit(minutes, each, 1)[0] for each in (resident, own)]
    return (
        f"What serves holds {third:,.0f} MiB in the third quarter of the time and {last:,.0f} in "
        f"the last ({last / third - 1:+.1%}), on average. A line through both ({len(half)} "
        f"samples) rises by {slopes[0]:+.2f} MiB a minute, {slopes[1]:+.2f} of it no file's."
    )


def _row(sort: str, records: Sequence[Record]) -> list[str]:
    answered = [each for each in records if each.status]
    times = [each.milliseconds for each in answered] or [0.0]
    counts = sorted(Counter(each.status for each in answered).items())
    lists = sum(each.listed for each in records)
    degraded = sum(each.degraded for each in records)
    return [
        sort,
        f"{len(records):,}",
        ", ".join(f"{status}: {number:,}" for status, number in counts),
        f"{len(records) - len(answered):,}",
        *(f"{each:.1f}" for each in np.percentile(times, [50, 99])),
        f"{max(times):.0f}",
        f"{degraded:,} ({degraded / lists:.2%})" if lists else "",
    ]


def _level(line: str) -> str:
    return next((each for each in ("error", "warning") if f'"level": "{each}"' in line), "")


def _degraded(metrics: str) -> str:
    """Which parts were left out of lists, how often and why, as the server counts."""
    from prometheus_client.parser import text_string_to_metric_families

    counts = [
        (sample.value, sample.labels["part"], sample.labels["why"])
        for family in text_string_to_metric_families(metrics)
        for sample in family.samples
        if sample.name == "shortlist_degraded_total" and sample.value
    ]
    return ", ".join(f"{part} {why} {number:.0f}" for number, part, why in sorted(counts)[::-1])


if __name__ == "__main__":
    main()
