"""The log and the catalogue as arrays, as they stood at an instant."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.candidates import Query
from shortlist.core.times import EARLIEST
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.undone import Places, undone_by
from shortlist.datasets.vocabulary import Vocabulary

IMPRESSION = "impression"
"""The kind of an event that says an item was shown."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Events:
    """The log as columns, in the order of time (ties in the order of arrival)."""

    user: npt.NDArray[np.int32]
    item: npt.NDArray[np.int32]
    time: npt.NDArray[np.int64]
    """Microseconds since 1970 UTC; `EARLIEST` where nobody recorded it."""
    kind: npt.NDArray[np.int16]
    value: npt.NDArray[np.float32]
    """NaN where the event has none."""
    weight: npt.NDArray[np.float32]
    """What the event says of the user's interest, after its kind's setting."""
    chosen: npt.NDArray[np.bool_]
    """Whether the user now has the item."""
    liked: npt.NDArray[np.bool_]
    """Whether the user was content with it."""
    phrase: npt.NDArray[np.int32]
    """What was typed (a tag), as an index into the dataset's phrases; -1 for nothing."""

    def __len__(self) -> int:
        return len(self.user)

    def take(self, which: Mask | npt.NDArray[np.intp]) -> "Events":
        """Some of the events."""
        return Events(**{each.name: getattr(self, each.name)[which] for each in fields(self)})


@dataclass(frozen=True)
class Dataset:
    """Everything a source or the ranker may learn from."""

    events: Events
    users: Vocabulary
    catalogue: Catalogue
    kinds: tuple[str, ...] = ("event",)
    phrases: tuple[str, ...] = ()
    sequence: int = 0
    """The sequence number of the newest event it was read up to."""
    take_backs: tuple[tuple[int, int], ...] = ()
    """Pairs of kinds, the first of which takes back the second; see `kinds.take_backs`."""

    @staticmethod
    def of(*histories: Sequence[int], items: int, times: bool = True) -> "Dataset":
        """A dataset written out by hand: each user's items, oldest first, a minute apart.

        The n-th event of every user falls into the n-th minute of 1970.
        """
        user = np.repeat(np.arange(len(histories)), [len(each) for each in histories])
        item = np.array([each for history in histories for each in history], np.int32)
        minute = np.array([m for history in histories for m in range(len(history))], np.int64)
        order = np.lexsort((user, minute)) if times else np.arange(len(item))
        n = len(item)
        events = Events(
            user=user[order].astype(np.int32),
            item=item[order],
            time=minute[order] * 60_000_000 if times else np.full(n, EARLIEST, np.int64),
            kind=np.zeros(n, np.int16),
            value=np.full(n, np.nan, np.float32),
            weight=np.ones(n, np.float32),
            chosen=np.ones(n, bool),
            liked=np.ones(n, bool),
            phrase=np.full(n, -1, np.int32),
        )
        users = Vocabulary([f"u{each}" for each in range(len(histories))])
        catalogue = Catalogue.of(Vocabulary([f"i{each}" for each in range(items)]))
        return Dataset(events=events, users=users, catalogue=catalogue, sequence=n)

    def prepare(self) -> None:
        """Make what nearly everybody asks for, before several threads do at once."""
        for name in ("interactions", "by_user"):
            getattr(self, name)

    @property
    def n_users(self) -> int:
        return len(self.users)

    @property
    def n_items(self) -> int:
        return len(self.catalogue)

    @cached_property
    def timed(self) -> bool:
        """Whether the log says when things happened."""
        return bool((self.events.time > EARLIEST).any())

    @cached_property
    def last_time(self) -> int:
        """The instant of the newest event; 0 for a log without times."""
        return int(self.events.time[-1]) if self.timed else 0

    def where(self, which: Mask) -> "Dataset":
        """The dataset with some of the events only; users and items keep their indices."""
        return replace(self, events=self.events.take(which))

    def before(self, time: int) -> "Dataset":
        """The dataset as it stood at an instant: without what happened at it or later."""
        return self.where(self.events.time < time)

    @cached_property
    def undone_by(self) -> Places:
        """The position of the event that took each event back; `len(events)` where none did."""
        pair = self.events.user.astype(np.int64) * max(1, self.n_items) + self.events.item
        return undone_by(pair, self.events.kind, self.take_backs)

    @cached_property
    def standing(self) -> Mask:
        """Which events were not taken back until the end of this dataset."""
        standing: Mask = self.undone_by == len(self.events)
        return standing

    @cached_property
    def all_stands(self) -> bool:
        """Whether nothing was taken back."""
        return bool(self.standing.all())

    @cached_property
    def positive(self) -> Mask:
        """Which events speak for their item, and were not taken back."""
        positive: Mask = (self.events.weight > 0) & self.standing
        return positive

    @cached_property
    def interactions(self) -> csr_array:
        """users x items: 1 where the user chose the item (float32)."""
        return self._table(self._cells(self.positive))

    @cached_property
    def ignored(self) -> csr_array:
        """users x items: 1 where the item was shown to the user, who never chose it (float32)."""
        if IMPRESSION not in self.kinds:
            return self._table(np.zeros(0, np.int64))
        shown = self.events.kind == self.kinds.index(IMPRESSION)
        shown_cells, chosen = self._cells(shown), self._cells(self.positive)
        return self._table(np.setdiff1d(shown_cells, chosen, assume_unique=True))

    def _cells(self, which: Mask) -> npt.NDArray[np.int64]:
        """The distinct pairs of user and item of some events, as user * items + item."""
        user, item = self.events.user[which], self.events.item[which]
        cells: npt.NDArray[np.int64] = user.astype(np.int64) * self.n_items + item
        # NumPy's `unique` looks each number up in a table: a hundred times as long for millions.
        cells.sort()
        new: Mask = np.concatenate([[True], cells[1:] != cells[:-1]])[: len(cells)]
        return cells[new]

    def _table(self, cells: npt.NDArray[np.int64]) -> csr_array:
        rows, columns = np.divmod(cells, max(1, self.n_items))
        indptr = np.searchsorted(rows, np.arange(self.n_users + 1)).astype(np.int32)
        data = np.ones(len(cells), np.float32)
        shape = (self.n_users, self.n_items)
        return csr_array((data, columns.astype(np.int32), indptr), shape=shape)

    @cached_property
    def by_user(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """(order, start): the events of user u are `order[start[u]:start[u + 1]]`, oldest first."""
        order = np.argsort(self.events.user, kind="stable")
        start = np.searchsorted(self.events.user[order], np.arange(self.n_users + 1))
        return order, start

    def positions_of(self, user: int) -> npt.NDArray[np.intp]:
        """Positions of a user's events, oldest first; none for a user nobody knows."""
        if not 0 <= user < self.n_users:
            return np.empty(0, np.intp)
        order, start = self.by_user
        return order[start[user] : start[user + 1]]

    def query(self, user: int, *, time: int | None = None, limit: int = 500) -> Query:
        """What is asked for a user at an instant (now: just after the newest event).

        Everything chosen before is excluded; the newest `limit` events that say something
        about the user's interest are the history.
        """
        instant = self.last_time + 1 if time is None else time
        events = self.events.take(self.positions_of(user))
        if time is not None and self.timed:
            events = events.take(events.time < time)
        if not self.all_stands:
            of_one = undone_by(events.item, events.kind, self.take_backs)
            events = events.take(of_one == len(events))
        telling = events.take(np.flatnonzero(events.weight != 0)[-limit:])
        return Query(
            history=telling.item,
            weights=telling.weight,
            values=telling.value,
            times=telling.time,
            time=instant,
            user=user,
            excluded=np.unique(events.item[events.chosen]).astype(np.int32),
            shown=self.shown_among(events)[-limit:],
        )

    def shown_among(self, events: Events) -> npt.NDArray[np.int32]:
        """The items of the impressions among some events."""
        if IMPRESSION not in self.kinds:
            return np.empty(0, np.int32)
        return np.asarray(events.item[events.kind == self.kinds.index(IMPRESSION)], np.int32)
