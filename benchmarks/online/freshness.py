"""How soon what happened counts: for the user who acted, for others, and for an item that came.

    python benchmarks/online/freshness.py --home HOME [--times 1000] [--workers 1]

The user who acted: a user drawn at random is given a list, rates the first item of it, and asks
again once that is acknowledged; the answer counts if the item is gone, and the time is from the
acknowledgement until the whole answer is there. Others: after an acknowledged event, a list for
somebody else is asked for again and again until its decision knows of the event. A new item: an
item is written and looked for among the new ones; another is written, nobody acts on it, and lists
are asked for a visitor who chose what it is like until it is among them; then another is written
and chosen by some users.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import quote

import numpy as np

from service import Connection, Results, Trained, options, prepared

COLUMNS: Final = ("what", "times", "seen", "p50 ms", "p99 ms", "slowest ms")
PATIENCE: Final = 5.0
"""Seconds after which something counts as not seen: what is aimed at."""

FANS: Final = 25
"""Users who choose a new item."""


def main() -> None:
    parser = options(__doc__)
    add = parser.add_argument
    add("--times", type=int, default=1000, help="events of users who look at once")
    add("--others", type=int, default=100, help="events that another list is watched for")
    add("--items", type=int, default=20, help="new items of each sort")
    add("--workers", type=int, default=1)
    asked = parser.parse_args()
    with prepared(asked) as home:
        results = Results("freshness", "From an event to a changed answer", asked, home.about)
        with home.copied() as site, site.serving(workers=asked.workers) as server:
            rng = np.random.default_rng(asked.seed)
            with server.connect() as asking:
                watching = Watching(asking, home, rng)
                waits = {
                    "the user's own list": [watching.own() for _ in range(asked.times)],
                    "a list of another": [watching.another() for _ in range(asked.others)],
                    "a new item, among the new ones": [
                        watching.listed(n) for n in range(asked.items)
                    ],
                    "a new item, by its document alone, in a visitor's list": [
                        watching.described(n) for n in range(asked.items)
                    ],
                    f"a new item that {FANS} users chose, in a visitor's list": [
                        watching.chosen(n) for n in range(asked.items)
                    ],
                }
        own, *_, chosen = waits.values()
        results.claim(claim(own, chosen))
        rows = [row(name, seconds) for name, seconds in waits.items()]
        results.table("From the acknowledgement on", COLUMNS, rows)
        results.write()


def claim(own: Sequence[float | None], chosen: Sequence[float | None]) -> str:
    """What the README says."""
    said = [
        f"{sum(each is not None for each in waits):,} of {len(waits):,}, p99 "
        f"{1000 * np.percentile([PATIENCE if each is None else each for each in waits], 99):.0f} ms"
        for waits in (own, chosen)
    ]
    return (
        f"- An acknowledged event counts in the next list of its user ({said[0]}); an item that is "
        f"new, and that {FANS} users chose, comes into lists of others ({said[1]})."
    )


def row(name: str, seconds: Sequence[float | None]) -> list[str]:
    """How often it was seen, and how soon."""
    seen = [1000 * each for each in seconds if each is not None]
    numbers = [*np.percentile(seen, [50, 99]), max(seen)] if seen else []
    said = [f"{each:.1f}" for each in numbers] or ["", "", ""]
    return [name, f"{len(seconds):,}", f"{len(seen):,}", *said]


class Watching:
    """Acts, and looks until it shows."""

    def __init__(self, asking: Connection, home: Trained, rng: np.random.Generator) -> None:
        self._asking = asking
        self._home = home
        self._rng = rng
        self._catalogue = home.model.retrieval.catalogue

    def own(self) -> float | None:
        """The list of a user who acts on the first item of it."""
        user = str(self._rng.choice(self._home.users))
        path = f"/v1/users/{quote(user)}/recommendations?limit=10"
        item = self._get(path)["items"][0]["item"]
        self._send([{"user": user, "item": item, "kind": "rating", "value": 4.0}])
        began = time.perf_counter()
        found = self._get(path)
        took = time.perf_counter() - began
        return None if item in [each["item"] for each in found["items"]] else took

    def another(self) -> float | None:
        """A list that knows of an event of somebody else."""
        user, item = (str(self._rng.choice(each)) for each in (self._home.users, self._home.items))
        sequence = self._send([{"user": user, "item": item, "kind": "rating", "value": 4.0}])

        def knows() -> bool:
            decision = self._get("/v1/users/nobody-yet/recommendations?limit=1")["decision"]
            online = self._get(f"/v1/decisions/{decision}")["asked"]["online"]
            return online is not None and online >= sequence

        return self._until(knows)

    def listed(self, number: int) -> float | None:
        """A new item in the list of the new ones."""
        item = f"listed-{number}"
        self._put(item, f"News {number}", ())
        return self._until(
            lambda: item in [each["item"] for each in self._get("/v1/items/new")["items"]]
        )

    def described(self, number: int) -> float | None:
        """A new item with the categories and the words of one that a visitor likes."""
        like = int(self._rng.integers(len(self._catalogue)))
        item = f"described-{number}"
        self._put(item, self._catalogue.titles[like], self._catalogue.categories[like])
        history = [{"item": self._catalogue.ids[like], "kind": "rating", "value": 5.0}]
        return self._until(lambda: item in self._visited(history))

    def chosen(self, number: int) -> float | None:
        """A new item that some users choose, in the list of one who chose what they chose."""
        like = int(self._rng.integers(len(self._catalogue)))
        item, other = f"chosen-{number}", self._catalogue.ids[like]
        self._put(item, f"Novelty {number}", self._catalogue.categories[like])
        fans = [f"fan-{number}-{each}" for each in range(FANS)]
        first = [{"user": each, "item": other, "kind": "rating", "value": 5.0} for each in fans]
        then = [{"user": each, "item": item, "kind": "rating", "value": 5.0} for each in fans]
        self._send([*first, *then])
        history = [{"item": other, "kind": "rating", "value": 5.0}]
        return self._until(lambda: item in self._visited(history))

    def _visited(self, history: Sequence[dict[str, Any]]) -> list[str]:
        answer = self._asking.post("/v1/recommendations", {"history": history, "limit": 20})
        assert answer.status == 200, answer.body
        return [each["item"] for each in answer.json()["lists"][0]["items"]]

    def _until(self, done: Callable[[], bool]) -> float | None:
        began = time.perf_counter()
        while time.perf_counter() - began < PATIENCE:
            if done():
                return time.perf_counter() - began
        return None

    def _put(self, item: str, title: str, categories: Sequence[str]) -> None:
        document = {"title": title, "categories": [*categories]}
        answer = self._asking.put(f"/v1/items/{quote(item)}", document)
        assert answer.status in (200, 201), answer.body

    def _get(self, path: str) -> Any:
        answer = self._asking.get(path)
        assert answer.status == 200, answer.body
        return answer.json()

    def _send(self, events: Sequence[dict[str, Any]]) -> int:
        answer = self._asking.post("/v1/events", {"events": events})
        assert answer.status == 200, answer.body
        return int(answer.json()["sequence"])


if __name__ == "__main__":
    main()
