"""Rows of the log, one after another -> arrivals, each with what its user had chosen before."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items
from shortlist.core.times import EARLIEST, Instant
from shortlist.datasets.arrivals import Arrivals
from shortlist.datasets.kinds import KindSettings
from shortlist.datasets.standing import Manners, Standing, Told

HELD: Final = 300_000
"""Choices that are kept at hand; those of the users who acted longest ago are read again when
they come back."""


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


class Pasts:
    """What the users said who acted last, up to a place in the log.

    It gives the same arrivals however the rows are cut: what it forgets it reads again.
    """

    def __init__(self, kinds: Mapping[str, KindSettings], past: Past, *, held: int = HELD) -> None:
        self._manners = Manners(kinds)
        self._past = past
        self._room = held
        self._held = 0
        self._known: OrderedDict[str, Standing] = OrderedDict()
        self._unheard: dict[str, set[str]] = {}
        """Who acted on items that were not known when that was read."""

    def join(self, items: Iterable[str]) -> None:
        """Items are known now; those who acted on them before are read again."""
        for item in items:
            for user in self._unheard.pop(item, ()):
                self._held -= len(self._known.pop(user, ()))

    def arrivals(
        self, rows: Sequence[LogRow], places: Mapping[str, int], sequence: int
    ) -> Arrivals:
        """The rows as arrivals; every item has a place. `sequence`: what came before the first."""
        self._read({row.user for row in rows}, places, sequence)
        number: dict[str, int] = {}
        users: list[int] = []
        told: list[Told] = []
        for row in rows:
            user, known = number.setdefault(row.user, len(number)), self._known[row.user]
            self._held -= len(known)
            manner = self._manners.of(row.kind, row.value)
            found = known.add(places[row.item], _instant(row), row.value, manner)
            self._held += len(known)
            told += found
            users += [user] * len(found)
        self._shrink()
        return _arrivals(users, told, self._manners.kinds)

    def _read(self, users: set[str], places: Mapping[str, int], sequence: int) -> None:
        """Know what some users said, as it was after a sequence number."""
        strangers = sorted(user for user in users if user not in self._known)
        if strangers:
            said = self._past.until(strangers, sequence)
            for user in strangers:
                known = self._known[user] = Standing()
                for row in said.get(user, ()):
                    if row.item not in places:
                        self._unheard.setdefault(row.item, set()).add(user)
                    else:
                        manner = self._manners.of(row.kind, row.value)
                        known.note(places[row.item], _instant(row), row.value, manner)
                self._held += len(known)
        for user in sorted(users):
            self._known.move_to_end(user)

    def _shrink(self) -> None:
        while self._held > self._room:
            _, gone = self._known.popitem(last=False)
            self._held -= len(gone)


def _instant(row: PastRow) -> Instant:
    return EARLIEST if row.time is None else row.time


def _arrivals(users: list[int], told: list[Told], kinds: tuple[str, ...]) -> Arrivals:
    past, bounds = _joined([each.past for each in told])
    later, later_bounds = _joined([each.later for each in told])
    return Arrivals(
        user=np.array(users, np.int32),
        item=np.array([each.item for each in told], np.int32),
        time=np.array([each.time for each in told], np.int64),
        kind=np.array([each.manner.kind for each in told], np.int16),
        value=np.array([each.value for each in told], np.float32),
        weight=np.array([each.manner.weight for each in told], np.float32),
        liked=np.array([each.manner.liked for each in told], bool),
        sign=np.array([each.sign for each in told], np.int8),
        told=np.array([each.told for each in told], np.int64),
        kinds=kinds,
        past=past,
        bounds=bounds,
        later=later,
        later_bounds=later_bounds,
    )


def _joined(parts: list[list[int]]) -> tuple[Items, npt.NDArray[np.int64]]:
    """Lists one after another, and where each begins and ends."""
    items = np.fromiter(chain.from_iterable(parts), np.int32)
    return items, np.array([0, *accumulate(map(len, parts))], np.int64)
