"""How long one client waits for a list that is ranked for it, and how long the server works on it.

    python benchmarks/service/latency.py --home HOME [--data FOLDER] [--requests 1000]

One client asks over one connection, one request after the other: lists of ten for users drawn at
random, each user's first request apart from the later ones (the first reads the whole history from
the database), then orders for 100 and 300 items drawn at random. The server's own time is what it
says of itself (`Server-Timing`), from the gate to the answer. Beside it, in the same run, stand two
limits: a route that does nothing, and the pipeline alone, without server, database, slate or
decision.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import numpy as np
from homes import Trained, options, prepared
from results import Results
from running import Server
from stages import Stages
from threadpoolctl import threadpool_limits
from wire import Answer, Connection

from shortlist.datasets.load import load_dataset

SHARES = (50, 95, 99)
GIVEN = (100, 300)
TARGETS = {"list of 10, all": (4, 10), "order of 100": (3, None), "order of 300": (6, None)}
"""Milliseconds of the server, p50 and p99, that are aimed at."""

METARANK = "7 ms for 100 and 20 ms for 300 (p50, one client; its own figures, its own machine)"


def main() -> None:
    parser = options(__doc__)
    add = parser.add_argument
    add("--requests", type=int, default=1000, help="requests of each sort that are measured")
    add("--warm-up", type=int, default=200, help="requests before it")
    asked = parser.parse_args()
    with prepared(asked) as home:
        results = Results("latency", "One client: how long a list takes", asked, home.about)
        rng = np.random.default_rng(asked.seed)
        with home.copied() as site, site.serving(workers=1) as server, server.connect() as client:
            bench = Bench(home, client, rng, asked.warm_up)
            rows, stages = bench.measure(server, asked.requests)
            depth, columns = bench.depth(), bench.columns()
        rows["pipeline alone"] = alone(home, rng, asked.requests)
    results.claim(claim(rows, f"{home.about}; {depth}, {columns} columns"))
    show(rows, results)
    results.table("Stages of the lists of 10", *stages.table())
    forests = home.model.ranker.order, home.model.ranker.chance
    results.say(
        f"Nothing was skipped: {len(home.model.retrieval.sources)} sources, {depth}, {columns} "
        f"columns, {' and '.join(str(each.text.count('Tree=')) for each in forests)} trees (order "
        "and probability); answers that were degraded or not 200 are counted above."
    )
    results.say(f"Metarank orders given items in {METARANK}.")
    results.write()


@dataclass
class Row:
    """Requests of one sort: the milliseconds of both ends, and what went wrong."""

    client: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    degraded: int = 0
    refused: int = 0

    def __add__(self, other: "Row") -> "Row":
        return Row(
            self.client + other.client,
            self.server + other.server,
            self.degraded + other.degraded,
            self.refused + other.refused,
        )


@dataclass(frozen=True)
class Bench:
    """A client and what it may ask for."""

    home: Trained
    client: Connection
    rng: np.random.Generator
    warm_up: int

    def measure(self, server: Server, requests: int) -> tuple[dict[str, Row], Stages]:
        """All sorts of requests, one after the other."""
        users = self.rng.permutation(self.home.users).tolist()
        early = users[: max(1, len(users) // 10)]
        self.timed(self.listing, self.rng.choice(early, self.warm_up))
        before = Stages.read(server.metrics())
        first = self.timed(self.listing, users[len(early) :][:requests])
        later = self.timed(self.listing, self.rng.choice(users, requests))
        stages = Stages.read(server.metrics()).since(before)
        rows = {
            "list of 10, first of a user": first,
            "list of 10, later": later,
            "list of 10, all": first + later,
        }
        for given in GIVEN:
            self.timed(self.order(given), self.rng.choice(users, self.warm_up // 4))
            row = self.timed(self.order(given), self.rng.choice(users, requests))
            rows[f"order of {given}"] = row
        rows["empty route"] = self.timed(lambda _: self.client.get("/health/live"), users)
        return rows, stages

    def timed(self, ask: Callable[[str], Answer], users: Iterable[str]) -> Row:
        row = Row()
        for user in users:
            since = time.perf_counter()
            answer = ask(user)
            row.client.append(1000 * (time.perf_counter() - since))
            row.server.append(answer.server_ms)
            row.degraded += b'"degraded"' in answer.body and not answer.whole
            row.refused += answer.status != 200
        return row

    def listing(self, user: str, limit: int = 10) -> Answer:
        return self.client.get(f"/v1/users/{quote(user)}/recommendations?limit={limit}")

    def order(self, given: int) -> Callable[[str], Answer]:
        items = np.array(self.home.items)
        given = min(given, len(items))

        def ask(user: str) -> Answer:
            drawn = self.rng.choice(items, given, replace=False).tolist()
            return self.client.post("/v1/rank", {"user": user, "items": drawn})

        return ask

    def depth(self) -> str:
        """How many candidates are ordered, by lists asked for as long as they can be."""
        users = self.rng.choice(self.home.users, 50)
        found = [len(self.listing(user, 500).json()["items"]) for user in users]
        return f"{np.median(found):.0f} candidates ({min(found)} to {max(found)})"

    def columns(self) -> int:
        """How many columns the ranker saw, by what a decision says of it."""
        while True:
            decision = self.listing(self.home.users[0]).json()["decision"]
            features = self.client.get(f"/v1/decisions/{decision}").json()["items"][0]["features"]
            if features is not None:  # None where a busy machine left the ranker out
                return len(features)


def alone(home: Trained, rng: np.random.Generator, requests: int) -> Row:
    """What remains without a server around it: candidates, columns, order, ten probabilities."""
    opened = home.parts
    with opened.facts as facts:
        data = load_dataset(facts, opened.settings.kinds)
    row = Row()
    with threadpool_limits(1):
        for user in rng.integers(0, data.n_users, requests):
            query = data.query(int(user))
            since = time.perf_counter()
            home.model.probabilities(home.model.rank(query, 10))
            row.server.append(1000 * (time.perf_counter() - since))
    return row


def show(rows: dict[str, Row], results: Results) -> None:
    """All sorts in one table, with what is aimed at and how far above the limit they are."""
    limit = np.median(rows["pipeline alone"].server)
    columns = [f"{who} p{share}" for who in ("client", "server") for share in SHARES]
    table = [
        [
            name,
            f"{len(row.server):,}",
            *_shares(row.client),
            *_shares(row.server),
            f"{row.degraded:,}",
            f"{row.refused:,}",
            _aim(TARGETS.get(name)),
            f"{np.median(row.server) / limit:.2f}",
        ]
        for name, row in rows.items()
    ]
    wrong = ("degraded", "not 200")
    results.table(
        "Milliseconds",
        ("request", "number", *columns, *wrong, "aim, server", "x pipeline alone"),
        table,
    )


def claim(rows: dict[str, Row], about: str) -> str:
    """What the README says."""
    p50, p99 = np.percentile(rows["list of 10, all"].server, [50, 99])
    orders = " and ".join(
        f"{given} in {np.median(rows[f'order of {given}'].server):.1f} ms" for given in GIVEN
    )
    return (
        f"- A list of 10 takes the server {p50:.1f} ms at the median and {p99:.1f} ms at p99, one "
        f"client; {orders} are ordered where the caller brings them (medians). {about}."
    )


def _shares(milliseconds: Sequence[float]) -> list[str]:
    if not milliseconds:
        return [""] * len(SHARES)
    return [f"{each:.2f}" for each in np.percentile(milliseconds, SHARES)]


def _aim(target: tuple[int, int | None] | None) -> str:
    if target is None:
        return ""
    return " ".join(
        f"p{share} {each}" for share, each in zip((50, 99), target, strict=True) if each
    )


if __name__ == "__main__":
    main()
