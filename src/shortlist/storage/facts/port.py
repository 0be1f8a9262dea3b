"""What every back end of the facts promises."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import IntEnum
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from shortlist.core.events import Event
from shortlist.storage.facts.frames import events_frame


class Fate(IntEnum):
    """What became of an event that was handed in."""

    ACCEPTED = 0
    REPEATED = 1
    """The same transaction brought its id before."""
    KNOWN = 2
    """Its id was in the log before the transaction began."""


@dataclass(frozen=True)
class Appended:
    """What became of some events, one fate each, and where the log ends now."""

    fates: npt.NDArray[np.int8]
    sequence: int

    @property
    def accepted(self) -> int:
        return int((self.fates == Fate.ACCEPTED).sum())

    @property
    def duplicates(self) -> int:
        return len(self.fates) - self.accepted


class Bulk(ABC):
    """A transaction: all of it is kept when the `with` block ends, none of it when it raises."""

    @abstractmethod
    def append(self, events: pl.DataFrame) -> Appended:
        """Add events (EVENTS schema) to the log, each id once, in the order given."""

    @abstractmethod
    def put_items(self, items: pl.DataFrame) -> int:
        """Write items (ITEMS schema); how many were new.

        Of an item that is there already, null columns stay as they were. Of two rows with one id
        the later is kept.
        """

    @abstractmethod
    def put_users(self, users: pl.DataFrame) -> int:
        """Write users (USERS schema); how many were new. Otherwise like `put_items`."""

    @abstractmethod
    def item_ids(self) -> pl.Series:
        """The ids of all items, those written in this transaction among them."""


class Facts(ABC):
    """The event log, the items and the users.

    The log is append-only and ordered by a sequence number that grows from one event to the next
    (with gaps). Whoever has read up to a number misses nothing by going on from it: no event
    ever becomes visible behind one that was visible before.

    Every method raises StorageFailed where the database refuses.
    """

    @classmethod
    @abstractmethod
    def open(cls, url: str) -> Self:
        """Open, creating or migrating the tables first."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the database. Closing twice is harmless."""

    @abstractmethod
    def bulk(self) -> AbstractContextManager[Bulk]:
        """Begin a transaction. Other writers wait until it ends; readers do not."""

    def append(self, events: Sequence[Event]) -> Appended:
        """Add events to the log, each id once; they are on disk when this returns."""
        with self.bulk() as bulk:
            return bulk.append(events_frame(events))

    def put_items(self, items: pl.DataFrame) -> int:
        """`Bulk.put_items` in a transaction of its own."""
        with self.bulk() as bulk:
            return bulk.put_items(items)

    def put_users(self, users: pl.DataFrame) -> int:
        """`Bulk.put_users` in a transaction of its own."""
        with self.bulk() as bulk:
            return bulk.put_users(users)

    @abstractmethod
    def events(
        self,
        *,
        after: int = 0,
        until: int | None = None,
        user: str | None = None,
        columns: Sequence[str] | None = None,
        batch_rows: int = 200_000,
    ) -> Iterator[pl.DataFrame]:
        """The log (LOG schema) in batches, by sequence number: `after` < sequence <= `until`.

        Without `until` it ends with what is there when the reading begins. Where not all
        `columns` are needed, naming some saves time; `sequence` is always the first of them.
        """

    @abstractmethod
    def items(self) -> pl.DataFrame:
        """All items (ITEMS schema), by id."""

    @abstractmethod
    def users(self) -> pl.DataFrame:
        """All users (USERS schema), by id."""

    @abstractmethod
    def count_events(self) -> int: ...

    @abstractmethod
    def count_items(self) -> int: ...

    @abstractmethod
    def last_sequence(self) -> int:
        """The number of the newest event; 0 for an empty log."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
