"""Clients that send events, each as soon as its last were acknowledged."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Thread

import numpy as np
import orjson
from homes import Trained
from wire import Connection, Lost

from shortlist.core.events import Event
from shortlist.core.times import iso


@dataclass(frozen=True)
class Shape:
    """A load: how many clients send how many events at a time."""

    name: str
    clients: int
    batch: int

    def __str__(self) -> str:
        sent = f"batches of {self.batch}" if self.batch > 1 else "single events"
        return f"{sent} from {self.clients} clients"


@dataclass
class Sent:
    """What one client sent, and what came of it."""

    ids: list[str] = field(default_factory=list)
    """Events that were acknowledged."""
    milliseconds: list[float] = field(default_factory=list)
    refused: int = 0
    lost: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(
            self.ids + other.ids,
            self.milliseconds + other.milliseconds,
            self.refused + other.refused,
            self.lost + other.lost,
        )


Send = Callable[[Sequence[Event]], bool]
"""Sends events; whether they were acknowledged. Raises Lost."""


class Made:
    """Makes events nobody sent before."""

    def __init__(self, home: Trained, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._users, self._items = home.users, home.items
        self._made = 0

    def by(self, shape: Shape) -> Callable[[], list[Event]]:
        """What one client sends, batch after batch; each client has its own."""
        self._made += 1
        mine, number = f"{self._made}", 0
        rng = np.random.default_rng(self._rng.integers(1 << 62))

        def batch() -> list[Event]:
            nonlocal number
            now = time.time_ns() // 1000
            users = rng.integers(0, len(self._users), shape.batch).tolist()
            items = rng.integers(0, len(self._items), shape.batch).tolist()
            number += shape.batch
            return [
                Event(
                    user=self._users[user],
                    item=self._items[item],
                    kind="rating",
                    value=4.0,
                    time=now,
                    id=f"benchmark-{mine}-{number + place}",
                )
                for place, (user, item) in enumerate(zip(users, items, strict=True))
            ]

        return batch


def posting(connection: Connection) -> Send:
    """Posts events over a connection."""

    def send(events: Sequence[Event]) -> bool:
        document = {"events": [_told(each) for each in events]}
        answer = connection.post("/v1/events", orjson.dumps(document))
        return answer.status == 200 and answer.json()["accepted"] == len(events)

    return send


def clients(sends: Sequence[Send], shape: Shape, made: Made, seconds: float) -> tuple[Sent, float]:
    """Clients side by side, each sending until the time is over; and the seconds it took."""
    until = time.perf_counter() + seconds
    found = [Sent() for _ in sends]
    threads = [
        Thread(target=_client, args=(send, made.by(shape), until, into), daemon=True)
        for send, into in zip(sends, found, strict=True)
    ]
    began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sum(found, Sent()), time.perf_counter() - began


def _client(send: Send, make: Callable[[], list[Event]], until: float, into: Sent) -> None:
    while time.perf_counter() < until:
        events = make()
        since = time.perf_counter()
        try:
            kept = send(events)
        except Lost:
            into.lost += 1
            continue
        into.milliseconds.append(1000 * (time.perf_counter() - since))
        if kept:
            into.ids.extend(each.id for each in events)
        else:
            into.refused += 1


def _told(event: Event) -> dict[str, object]:
    return {
        "user": event.user,
        "item": event.item,
        "kind": event.kind,
        "value": event.value,
        "time": iso(event.time or 0),
        "id": event.id,
    }
