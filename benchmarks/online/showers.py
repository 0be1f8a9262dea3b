"""Those who answer the people of a simulated world with lists."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from living import Events, Floats, List, Mask
from parts import Answer, Connection, Lost

from shortlist.core.times import SECOND, iso, parse_instant
from shortlist.simulation import State

PATIENCE: Final = 1200.0
"""Seconds within which the worker must come to rest after a day."""

TRIES: Final = 5
"""Times that a request is sent whose connection is lost: asking twice changes nothing."""


class Popular:
    """Answers with what was clicked most at the cut."""

    name = "popularity"

    def __init__(self, clicks: Floats, had: Mask) -> None:
        self._had = [set(np.flatnonzero(each).tolist()) for each in had]
        order = np.argsort(-clicks, kind="stable")
        self._best = order[clicks[order] >= 0].tolist()

    def morning(self, state: State) -> None:
        pass

    def show(self, user: int, chosen: Sequence[int], seen: Sequence[int]) -> List:
        without = {*chosen, *seen, *self._had[user]}
        return List(None, [each for each in self._best if each not in without][:10])

    def told(self, events: Events) -> None:
        pass


class Knowing:
    """Answers with what was truly the best at the cut: all it does not know is what came later."""

    name = "the truth at the cut"

    def __init__(self, begun: State, had: Mask) -> None:
        world, items = begun.world, begun.items
        tastes = begun.people.tastes(np.arange(len(begun.people)))
        loud = np.repeat(
            [world.genre_taste, world.latent_taste],
            [world.categories, len(tastes.T) - world.categories],
        )
        liking = (tastes * loud) @ np.hstack(
            [items.genres, items.latent]
        ).T + world.quality * items.quality
        liking[:, ~begun.available()] = -np.inf
        liking[had] = -np.inf
        self._order = np.argsort(-liking, axis=1, kind="stable")
        self._known = np.isfinite(liking).sum(axis=1)

    def morning(self, state: State) -> None:
        pass

    def show(self, user: int, chosen: Sequence[int], seen: Sequence[int]) -> List:
        without = {*chosen, *seen}
        best = self._order[user, : self._known[user]].tolist()
        return List(None, [each for each in best if each not in without][:10])

    def told(self, events: Events) -> None:
        pass


class Served:
    """Answers with what a server answers, and tells it what came of it if it is to learn."""

    def __init__(self, name: str, asking: Connection, state: State, *, learns: bool) -> None:
        self.name = name
        self._asking = asking
        self._learns = learns
        self._people, self._items = state.people.ids, state.items.ids
        self._place = {name: place for place, name in enumerate(self._items)}
        self._released = state.items.released
        self._until = state.morning
        self._told = 0

    def morning(self, state: State) -> None:
        """The night is over: the worker is done with what it knew. New items are put."""
        if not self._learns:
            return
        self._rested()
        new = np.flatnonzero((self._released > self._until) & (self._released <= state.morning))
        self._until = state.morning
        for item in new.tolist():
            document = {
                "title": state.items.titles[item],
                "categories": [*state.items.categories[item]],
                "text": state.items.texts[item],
                "attributes": {
                    "year": state.items.years[item],
                    "released": iso(int(self._released[item])),
                },
            }
            path = f"/v1/items/{self._items[item]}"
            self._sent(lambda path=path, document=document: self._asking.put(path, document))

    def show(self, user: int, chosen: Sequence[int], seen: Sequence[int]) -> List:
        without = [self._items[each] for each in {*chosen, *seen}]
        asked = {"users": [self._people[user]], "limit": 10, "exclude": without}
        answer = self._sent(lambda: self._asking.post("/v1/recommendations", asked))
        found = answer.json()["lists"][0]
        return List(found["decision"], [self._place[each["item"]] for each in found["items"]])

    def told(self, events: Events) -> None:
        if self._learns and events:
            named = [{"id": f"live-{self._told + n}", **each} for n, each in enumerate(events)]
            self._told += len(named)
            self._sent(lambda: self._asking.post("/v1/events", {"events": named}))

    def steps(self) -> Counter[str]:
        """How often the worker took each step."""
        answer = self._sent(lambda: self._asking.get("/v1/admin/models/steps?limit=1000"))
        return Counter(each["step"] for each in answer.json()["steps"])

    def _rested(self) -> None:
        """Wait until the worker rests, having seen all there is: its night is long enough."""
        begun = time.time_ns() // 1000 + 3 * SECOND
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            said: dict[str, Any] = (
                self._sent(lambda: self._asking.get("/v1/admin/models")).json()["worker"] or {}
            )
            if said.get("phase") == "resting" and parse_instant(said["time"]) > begun:
                return
            time.sleep(0.2)
        raise TimeoutError("the worker does not come to rest")

    def _sent(self, ask: Callable[[], Answer]) -> Answer:
        """What is answered; asked again where the connection was lost."""
        for turn in range(TRIES):
            try:
                answer = ask()
            except Lost:
                if turn + 1 == TRIES:
                    raise
                continue
            assert answer.status in (200, 201), answer.body
            return answer
        raise AssertionError
