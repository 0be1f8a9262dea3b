"""Rows of the log, one after another -> arrivals, each with what its user had chosen before."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, NamedTuple, Protocol

import numpy as np

from shortlist.core.candidates import Items
from shortlist.core.times import EARLIEST
from shortlist.datasets.arrivals import Arrivals
from shortlist.datasets.kinds import DEFAULT_KIND, KindSettings

LONGEST: Final = 2_000
"""Choices before an event (and behind it) that arrivals tell of at most: the nearest."""

REMEMBERED: Final = 50_000
"""Users whose choices are kept at hand; those of others are read again when they come back."""

WEIGHED: Final = 20_000
"""Values whose weight is kept at hand."""


class PastRow(Protocol):
    """One event of a user, as it was told before."""

    @property
    def item(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def time(self) -> int | None: ...


class LogRow(NamedTuple):
    """One line of the log, as far as anything is learned from it."""

    sequence: int
    user: str
    item: str
    kind: str
    value: float | None
    """None where the event has none."""
    time: int | None
    """Microseconds since 1970 UTC; None where nobody recorded it."""


class Past(Protocol):
    """What users did before."""

    def until(self, users: Sequence[str], sequence: int) -> Mapping[str, Sequence[PastRow]]:
        """The events of some users up to a sequence number, and with it.

        Each user's stand in the order of arrival; users without any may be left out.
        """


@dataclass
class _Choices:
    """What one user chose, oldest first, ties in the order of arrival."""

    items: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def add(self, item: int, time: int) -> None:
        place = bisect_right(self.times, time)
        self.items.insert(place, item)
        self.times.insert(place, time)


class Pasts:
    """The choices of the users who acted last, up to a place in the log.

    It gives the same arrivals however the rows are cut: what it forgets it reads again.
    """

    def __init__(self, kinds: Mapping[str, KindSettings], past: Past) -> None:
        self._settings = kinds
        self._past = past
        self._known: OrderedDict[str, _Choices] = OrderedDict()
        self._weighed: dict[tuple[str, float | None], tuple[float, bool]] = {}
        self._code: dict[str, int] = {}

    def forget(self) -> None:
        """Read all choices again: items that are known now were not when they were read."""
        self._known.clear()

    def arrivals(
        self, rows: Sequence[LogRow], places: Mapping[str, int], sequence: int
    ) -> Arrivals:
        """The rows as arrivals; every item has a place. `sequence`: what came before the first."""
        self._read({row.user for row in rows}, places, sequence)
        number: dict[str, int] = {}
        times, weighed = [], []
        past, later = _Parts(), _Parts()
        for row in rows:
            item, time = places[row.item], EARLIEST if row.time is None else row.time
            said = self._weigh(row.kind, row.value)
            number.setdefault(row.user, len(number))
            choices = self._known[row.user]
            place = bisect_right(choices.times, time)
            past.add(choices.items[max(0, place - LONGEST) : place])
            later.add(choices.items[place : place + LONGEST])
            times.append(time)
            weighed.append(said)
            if said[0] > 0:
                choices.items.insert(place, item)
                choices.times.insert(place, time)
        self._shrink()
        code = self._code
        return Arrivals(
            user=np.array([number[row.user] for row in rows], np.int32),
            item=np.array([places[row.item] for row in rows], np.int32),
            time=np.array(times, np.int64),
            kind=np.array([code[row.kind] for row in rows], np.int16),
            value=np.array([row.value for row in rows], np.float32),
            weight=np.array([weight for weight, _ in weighed], np.float32),
            liked=np.array([liked for _, liked in weighed], bool),
            sign=np.ones(len(rows), np.int8),
            kinds=tuple(code),
            past=past.items,
            bounds=past.bounds,
            later=later.items,
            later_bounds=later.bounds,
        )

    def _read(self, users: set[str], places: Mapping[str, int], sequence: int) -> None:
        """Know the choices of some users, as they were after a sequence number."""
        strangers = sorted(user for user in users if user not in self._known)
        if strangers:
            told = self._past.until(strangers, sequence)
            for user in strangers:
                self._known[user] = self._chosen(told.get(user, ()), places)
        for user in users:
            self._known.move_to_end(user)

    def _chosen(self, rows: Sequence[PastRow], places: Mapping[str, int]) -> _Choices:
        choices = _Choices()
        for row in rows:
            item = places.get(row.item, -1)
            if item >= 0 and self._weigh(row.kind, row.value)[0] > 0:
                choices.add(item, EARLIEST if row.time is None else row.time)
        return choices

    def _weigh(self, kind: str, value: float | None) -> tuple[float, bool]:
        """The weight of an event, and whether it is a like."""
        found = self._weighed.get((kind, value))
        if found is None:
            if len(self._weighed) > WEIGHED:
                self._weighed.clear()
            self._code.setdefault(kind, len(self._code))
            settings = self._settings.get(kind, DEFAULT_KIND)
            one = np.array([value], np.float32)
            found = float(settings.weigh(one)[0]), bool(settings.likes(one)[0])
            self._weighed[kind, value] = found
        return found

    def _shrink(self) -> None:
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


class _Parts:
    """Lists that stand one after another."""

    def __init__(self) -> None:
        self._flat: list[int] = []
        self._lengths: list[int] = []

    def add(self, part: list[int]) -> None:
        self._flat += part
        self._lengths.append(len(part))

    @property
    def items(self) -> Items:
        return np.array(self._flat, np.int32)

    @property
    def bounds(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([0, *accumulate(self._lengths)], np.int64)
