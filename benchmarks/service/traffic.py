"""What clients of the mixed load ask for: everybody alike, items as often as the log has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import numpy as np
from homes import Trained
from open_loop import Deed
from running import Server
from wire import Connection

SHARES: Final = {"list": 0.60, "event": 0.20, "item": 0.12, "similar items": 0.05, "sign-in": 0.03}
"""What part of all requests each sort is."""

STILL: Final = {**SHARES, "list": SHARES["list"] + SHARES["event"], "event": 0.0}
"""The same where nothing happens that would have to be remembered: lists instead of events."""

Person = dict[str, Any]


def accounts(server: Server, number: int) -> list[Person]:
    """People who registered, with what they sign in with."""
    with Connection(server.port) as asking:
        people = [
            {"login": f"person-{each}@example.org", "password": "correct horse battery"}
            for each in range(number)
        ]
        for each in people:
            answer = asking.post("/v1/accounts", each)
            assert answer.status == 201, answer.body
    return people


@dataclass(frozen=True)
class Traffic:
    """Draws requests at random."""

    home: Trained
    people: Sequence[Person]
    rng: np.random.Generator
    shares: Mapping[str, float]
    """SHARES, or STILL."""

    def deeds(self, number: int) -> list[Deed]:
        """So many requests, sorts mixed by their shares."""
        sorts = self.rng.choice(list(self.shares), number, p=list(self.shares.values()))
        return [self._deed(sort) for sort in sorts.tolist()]

    def _deed(self, sort: str) -> Deed:
        user, item = self._one_of(self.home.users), self._one_of(self.home.chosen)
        if sort == "list":
            return Deed(sort, f"/v1/users/{quote(user)}/recommendations?limit=10")
        if sort == "event":
            event = {"user": user, "item": item, "kind": "rating", "value": 4.0}
            return Deed(sort, "/v1/events", {"events": [event]})
        if sort == "sign-in":
            return Deed(sort, "/v1/sign-in", self._one_of(self.people))
        similar = "/similar" if sort == "similar items" else ""
        return Deed(sort, f"/v1/items/{quote(item)}{similar}")

    def _one_of(self, some: Sequence[Any]) -> Any:
        return some[int(self.rng.integers(0, len(some)))]
