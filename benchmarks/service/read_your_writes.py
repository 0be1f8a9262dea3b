"""Whether an acknowledged event is known to the very next request, whichever process answers.

    python benchmarks/service/read_your_writes.py --home HOME [--database postgresql://HOST/NAME]

Again and again: a user drawn at random is given a list by one process, the first item of it is
rated through another, and once that is acknowledged the first is asked again at once: the item must
be gone. Between two workers of one server (a new connection for each request; /proc says which
worker held it), and between two servers on one database (posted to one, asked of the other).
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

import numpy as np
from family import holder
from homes import options, prepared
from results import Results
from running import Server, Site
from wire import Answer, Connection

COLUMNS = ("between", "database", "times", "gone at once", "by another process", "degraded")

Ask = Callable[[Connection], Answer]


def main() -> None:
    parser = options(__doc__)
    add = parser.add_argument
    add("--times", type=int, default=1000)
    add("--database", help="a PostgreSQL to try beside SQLite: postgresql://...")
    asked = parser.parse_args()
    with prepared(asked) as home:
        title = "What a user did, in the next request"
        results = Results("read-your-writes", title, asked, home.about)
        pairs = []
        for database in [None, *([asked.database] if asked.database else [])]:
            with home.copied(database) as site:
                pairs += measure(site, home.users, asked)
        results.table("Events followed by a list", COLUMNS, [each.row() for each in pairs])
        for each in pairs:
            for still in each.still:
                results.say(f"Not gone ({each.name}, {each.back_end}): {still}")
        results.write()


def measure(site: Site, users: list[str], asked: argparse.Namespace) -> list["Pair"]:
    """Between two workers, then between two servers."""
    drawn = np.random.default_rng(asked.seed).choice(users, asked.times).tolist()
    with site.serving(workers=2) as server:
        workers = Pair("two workers of one server", server, server)
        for user in drawn:
            workers.once(user)
    with site.serving(workers=1) as one, site.serving(workers=1) as other:
        servers = Pair("two servers on one database", one, other)
        for user in reversed(drawn):
            servers.once(user)
    return [workers, servers]


@dataclass
class Pair:
    """Where lists are asked for and where events are sent, and what was found."""

    name: str
    reading: Server
    writing: Server
    times: int = 0
    elsewhere: int = 0
    """Times that the list came from another process than the one that took the event."""
    degraded: int = 0
    still: list[str] = field(default_factory=list)
    """Times that the item was not gone, in words."""

    def once(self, user: str) -> None:
        """A list, an event on its first item, the list again."""
        path = f"/v1/users/{quote(user)}/recommendations?limit=10"
        before, _ = answered(self.reading, lambda asking: asking.get(path))
        item = before.json()["items"][0]["item"]
        event = {"user": user, "item": item, "kind": "rating", "value": 4.0}
        kept, writer = answered(
            self.writing, lambda asking: asking.post("/v1/events", {"events": [event]})
        )
        assert kept.json()["accepted"] == 1, kept.body
        after, reader = answered(self.reading, lambda asking: asking.get(path))
        self.times += 1
        self.elsewhere += reader != writer
        self.degraded += not after.whole
        found = after.json()
        if item in [each["item"] for each in found["items"]]:
            left_out = ", ".join(found["degraded"]) or "nothing"
            self.still.append(f"item {item} of user {user}; left out of the answer: {left_out}")

    @property
    def back_end(self) -> str:
        return self.reading.site.back_end

    def row(self) -> list[str]:
        counts = (self.times, self.times - len(self.still), self.elsewhere, self.degraded)
        return [self.name, self.back_end, *(f"{each:,}" for each in counts)]


def answered(server: Server, ask: Ask) -> tuple[Answer, int | None]:
    """One request over a connection of its own, and the process that answered it."""
    with server.connect() as asking:
        answer = ask(asking)
        assert answer.status == 200, answer.body
        return answer, holder(server.workers(), server.port, asking.own_port)


if __name__ == "__main__":
    main()
