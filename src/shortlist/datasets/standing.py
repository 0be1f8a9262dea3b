"""What one user says, event after event: what stands, and what is taken back."""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from shortlist.core.times import Instant
from shortlist.datasets.kinds import DEFAULT_KIND, KindSettings

LONGEST: Final = 2_000
"""Choices before an event (and behind it) that are told with it at most: the nearest."""

WEIGHED: Final = 20_000
"""Values whose weight is kept at hand."""


NONE: Final[list[int]] = []


class Manner(NamedTuple):
    """What an event of a kind and a value says."""

    kind: int
    weight: float
    liked: bool
    takes_back: frozenset[int]
    """The kinds it takes back."""
    concerned: bool
    """Whether anything may take it back, or it anything else."""


class Manners:
    """Kinds and values, as the settings read them."""

    def __init__(self, kinds: Mapping[str, KindSettings]) -> None:
        self._settings = kinds
        self._code: dict[str, int] = {}
        undone = {name for name, each in kinds.items() if each.replaces}
        undone.update(name for each in kinds.values() for name in each.undoes)
        self._undone = undone
        self._known: dict[tuple[str, float | None], Manner] = {}

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that were met, each in the place of its number."""
        return tuple(self._code)

    def of(self, kind: str, value: float | None) -> Manner:
        """What an event says."""
        found = self._known.get((kind, value))
        if found is None:
            if len(self._known) > WEIGHED:
                self._known.clear()
            found = self._known[kind, value] = self._read(kind, value)
        return found

    def _read(self, kind: str, value: float | None) -> Manner:
        settings = self._settings.get(kind, DEFAULT_KIND)
        one = np.array([value], np.float32)
        names = {*settings.undoes, *([kind] if settings.replaces else [])}
        return Manner(
            kind=self._number(kind),
            weight=float(settings.weigh(one)[0]),
            liked=bool(settings.likes(one)[0]),
            takes_back=frozenset(self._number(name) for name in names),
            concerned=bool(names) or kind in self._undone,
        )

    def _number(self, kind: str) -> int:
        return self._code.setdefault(kind, len(self._code))


class Told(NamedTuple):
    """An event as it is counted: once, and once more where it is taken back."""

    item: int
    time: Instant
    value: float | None
    manner: Manner
    sign: int
    told: Instant
    """When it was told: its own instant, or that of what takes it back."""
    past: list[int]
    """What the user had chosen before it, oldest first."""
    later: list[int]
    """What they have chosen behind it, though it is told now."""


class _Said(NamedTuple):
    """An event that something may take back, or that may itself."""

    time: Instant
    value: float | None
    manner: Manner
    stands: bool


class Standing:
    """What stands of what one user said, oldest first, ties in the order of arrival."""

    def __init__(self) -> None:
        self._items: list[int] = []
        self._times: list[Instant] = []
        """The choices that stand."""
        self._said: dict[int, list[_Said]] = {}

    def __len__(self) -> int:
        return len(self._items)

    def note(self, item: int, time: Instant, value: float | None, manner: Manner) -> None:
        """`add`, where nobody asks what comes of it."""
        if manner.concerned:
            self.add(item, time, value, manner)
        elif manner.weight > 0:
            self._insert(item, time)

    def _insert(self, item: int, time: Instant) -> None:
        place = bisect_right(self._times, time)
        self._items.insert(place, item)
        self._times.insert(place, time)

    def add(self, item: int, time: Instant, value: float | None, manner: Manner) -> list[Told]:
        """An event that arrives, and before it what it takes back.

        An event that comes so late that another has taken it back already is told, and taken back.
        """
        if not manner.concerned:
            return [self._choose(item, time, value, manner)]
        said = self._said.setdefault(item, [])
        place = bisect_right(said, time, key=_time)
        found = [
            self._undo(item, said, at, time)
            for at in range(place)
            if said[at].stands and said[at].manner.kind in manner.takes_back
        ]
        found.append(self._choose(item, time, value, manner))
        said.insert(place, _Said(time, value, manner, stands=True))
        for by in said[place + 1 :]:
            if manner.kind in by.manner.takes_back:
                found.append(self._undo(item, said, place, by.time))
                break
        return found

    def _choose(self, item: int, time: Instant, value: float | None, manner: Manner) -> Told:
        if manner.weight <= 0:
            return Told(item, time, value, manner, 1, time, NONE, NONE)
        place = bisect_right(self._times, time)
        past = self._items[max(0, place - LONGEST) : place]
        later = self._items[place : place + LONGEST]
        self._items.insert(place, item)
        self._times.insert(place, time)
        return Told(item, time, value, manner, 1, time, past, later)

    def _undo(self, item: int, said: list[_Said], at: int, told: Instant) -> Told:
        one = said[at]
        said[at] = one._replace(stands=False)
        if one.manner.weight <= 0:
            return Told(item, one.time, one.value, one.manner, -1, told, NONE, NONE)
        place = bisect_right(self._times, one.time) - 1
        while self._items[place] != item:
            place -= 1
        del self._items[place], self._times[place]
        past = self._items[max(0, place - LONGEST) : place]
        later = self._items[place : place + LONGEST]
        return Told(item, one.time, one.value, one.manner, -1, told, past, later)


def _time(said: _Said) -> Instant:
    return said.time
