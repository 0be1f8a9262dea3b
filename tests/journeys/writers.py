"""Those who send events to a server that is killed again and again."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

ITEMS = 24
USERS = 2_000
PAUSE = 0.05
"""Seconds that a writer waits at most before it sends again."""

PATIENCE = 60.0


class Refused(AssertionError):  # noqa: N818
    """The server gave an answer that it must not give."""


@dataclass
class Caller:
    """One connection that is opened again when it was lost."""

    port: int
    key: str
    connection: HTTPConnection | None = None

    def ask(self, method: str, path: str, document: Any = None) -> tuple[int, Any]:
        """Status and document. Raises OSError or HTTPException where no answer came."""
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        body = None if document is None else json.dumps(document)
        try:
            head = {"X-API-Key": self.key, "Content-Type": "application/json"}
            self.connection.request(method, path, body, head)
            answer = self.connection.getresponse()
            said = answer.read()
        except (OSError, HTTPException):
            self.close()
            raise
        return answer.status, json.loads(said) if said else None

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@dataclass
class Writer:
    """Sends batch after batch, each until it is acknowledged, and remembers what it was told."""

    name: str
    caller: Caller
    rng: random.Random
    acknowledged: set[str] = field(default_factory=set)
    fresh: int = 0
    """Events that the server said were new, over all acknowledgements."""
    sent: int = 0
    again: int = 0
    """Batches that had to be sent more than once."""
    refused: Counter[str] = field(default_factory=Counter)
    """Answers that were no acknowledgement, by their code."""

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.send(self.batch(), stop)
            time.sleep(self.rng.uniform(0, PAUSE))

    def batch(self) -> list[dict[str, Any]]:
        """Some events of somebody, with ids of our own."""
        made = []
        for _ in range(self.rng.randint(1, 5)):
            self.sent += 1
            made.append(
                {
                    "id": f"{self.name}-{self.sent}",
                    "user": f"user-{self.rng.randrange(USERS)}",
                    "item": str(self.rng.randrange(ITEMS)),
                    "kind": self.rng.choice(("view", "click", "rating")),
                    "value": 4.0,
                }
            )
        return made

    def send(self, events: Sequence[dict[str, Any]], stop: threading.Event) -> None:
        tries = 0
        while not stop.is_set():
            tries += 1
            try:
                status, said = self.caller.ask("POST", "/v1/events", {"events": events})
            except (OSError, HTTPException):
                time.sleep(0.005)
                continue
            if status == 200:
                self.acknowledged |= {each["id"] for each in events}
                self.fresh += said["accepted"]
                self.again += tries > 1
                return
            if status != 503:
                raise Refused(f"{status} {said}")
            self.refused[said["code"]] += 1
            time.sleep(0.01)
