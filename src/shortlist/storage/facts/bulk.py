"""One open transaction that takes facts as columns: how an import writes."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import sqlalchemy as sa

from shortlist.core.clock import SystemClock
from shortlist.storage.facts.appended import Appended, Fate
from shortlist.storage.facts.documents import item_rows, user_rows
from shortlist.storage.facts.frames import with_content_ids
from shortlist.storage.facts.revisions import Revisions
from shortlist.storage.facts.schema import EVENTS_TABLE, ITEMS_TABLE
from shortlist.storage.facts.upserts import put_items, put_users

LAST: Final = sa.select(sa.func.max(EVENTS_TABLE.c.sequence))
"""Where the log ends."""


class Bulk:
    """A transaction: all of it is kept when the `with` block ends, none of it when it raises."""

    def __init__(self, database: Revisions, connection: sa.Connection) -> None:
        self._database = database
        self._connection = connection
        self._before = self._last_sequence()
        self._end = self._before

    def append(self, events: pl.DataFrame) -> Appended:
        """Add events (EVENTS schema) to the log, each id once, in the order given."""
        if events.is_empty():
            return Appended(np.empty(0, np.int8), self._end)
        with_ids = with_content_ids(events)
        first = with_ids["id"].is_first_distinct()
        distinct = with_ids if first.all() else with_ids.filter(first)
        inserted = self._database.insert_frame(self._connection, distinct)
        if inserted == len(with_ids):
            fates = np.full(len(with_ids), Fate.ACCEPTED, np.int8)
        else:
            fates = self._fates(with_ids["id"].to_list(), first.to_numpy())
        if inserted:
            self._end = self._last_sequence()
        return Appended(fates, self._end)

    def put_items(self, items: pl.DataFrame) -> int:
        """Write items (ITEMS schema); how many were new.

        Of an item that is there already, null columns stay as they were; one that was deleted is
        there again, as new. Of two rows with one id the later is kept.
        """
        now = SystemClock().now()
        return put_items(self._database, self._connection, item_rows(items), at=now, merge=True)

    def put_users(self, users: pl.DataFrame) -> int:
        """Write users (USERS schema); how many were new. Otherwise like `put_items`."""
        return put_users(self._database, self._connection, user_rows(users), merge=True)

    def item_ids(self) -> pl.Series:
        """The ids of all items, those written in this transaction and those deleted among them."""
        ids = self._connection.execute(sa.select(ITEMS_TABLE.c.id)).scalars().all()
        return pl.Series("id", list(ids), pl.String)

    def _last_sequence(self) -> int:
        return int(self._connection.execute(LAST).scalar() or 0)

    def _fates(self, ids: list[str], first: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
        found = self._database.sequences(self._connection, ids)
        at = np.fromiter((found[each] for each in ids), np.int64, len(ids))
        fates = np.full(len(ids), Fate.REPEATED, np.int8)
        fates[(at > self._end) & first] = Fate.ACCEPTED
        fates[at <= self._before] = Fate.KNOWN
        return fates
