"""An open loop: requests begin at fixed instants, whether or not those before are answered."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

from wire import Connection, Lost


@dataclass(frozen=True)
class Deed:
    """One request to come."""

    sort: str
    path: str
    document: Any = None
    """What is posted; None for a GET."""


@dataclass(frozen=True)
class Record:
    """One request that was made."""

    deed: Deed
    due: float
    """Seconds from the start at which it was to begin."""
    late: float
    """Seconds it began after that: no connection was free."""
    milliseconds: float
    """From the instant it was due until it was answered, or lost."""
    status: int
    """0 where the connection ended before the answer."""
    listed: bool
    degraded: bool


class OpenLoop:
    """Makes requests over some connections, each as soon as it is due and one of them is free."""

    def __init__(self, connections: Sequence[Connection], deeds: Sequence[Deed]) -> None:
        self._connections = connections
        self._waiting: Iterator[tuple[int, Deed]] = iter(enumerate(deeds))
        self._turn = Lock()
        self._records: list[Record] = []

    def run(self, rate: float) -> list[Record]:
        """Make all requests, so many a second; in the order in which they were due."""
        began = time.perf_counter()
        threads = [
            Thread(target=self._client, args=(each, began, rate), daemon=True)
            for each in self._connections
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        return sorted(self._records, key=lambda each: each.due)

    def _client(self, connection: Connection, began: float, rate: float) -> None:
        with connection:
            while (waiting := self._next()) is not None:
                place, deed = waiting
                due = place / rate
                time.sleep(max(0.0, began + due - time.perf_counter()))
                self._records.append(self._made(connection, deed, began, due))

    def _next(self) -> tuple[int, Deed] | None:
        with self._turn:
            return next(self._waiting, None)

    def _made(self, connection: Connection, deed: Deed, began: float, due: float) -> Record:
        late = time.perf_counter() - began - due
        status, body = 0, b""
        try:
            if deed.document is None:
                answer = connection.get(deed.path)
            else:
                answer = connection.post(deed.path, deed.document)
            status, body = answer.status, answer.body
        except Lost:
            pass
        spent = 1000 * (time.perf_counter() - began - due)
        listed = b'"degraded":' in body
        whole = b'"degraded":[]' in body
        return Record(deed, due, late, spent, status, listed, listed and not whole)
