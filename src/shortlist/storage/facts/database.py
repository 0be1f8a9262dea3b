"""Facts in a relational database: all that SQLite and PostgreSQL have in common."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl
import sqlalchemy as sa

from shortlist.core.errors import StorageFailed
from shortlist.storage.facts.access import Access, Values
from shortlist.storage.facts.documents import item_rows, items_frame, user_rows
from shortlist.storage.facts.frames import ITEMS, LOG, USERS, with_content_ids
from shortlist.storage.facts.migrate import migrate, version
from shortlist.storage.facts.port import Appended, Bulk, Facts, Fate
from shortlist.storage.facts.schema import EVENTS_TABLE, HEAD, ITEMS_TABLE, USERS_TABLE

_E: Final = EVENTS_TABLE.c

SINGLE_STATEMENTS: Final[dict[str, Any]] = {
    "isolation_level": "AUTOCOMMIT",
    "pool_reset_on_return": None,
    "pool_size": 8,
    "max_overflow": 32,
}
"""An engine whose statements are no transactions, and cost one trip to the database each."""


class DatabaseFacts(Facts, Access):
    """Facts behind two SQLAlchemy engines: one for transactions, one for single statements.

    A back end says how it locks and inserts.
    """

    def __init__(self, engine: sa.Engine, reads: sa.Engine) -> None:
        self._engine = engine
        self._reads = reads

    @abstractmethod
    def _writing(self) -> AbstractContextManager[sa.Connection]:
        """A transaction that no other writer shares until it is committed."""

    @abstractmethod
    def insert(self, connection: sa.Connection, events: pl.DataFrame) -> int:
        """Insert events whose ids the log does not hold; how many those were."""

    @abstractmethod
    def sequences(self, connection: sa.Connection, ids: Sequence[str]) -> dict[str, int]:
        """Where in the log the events of these ids stand."""

    def upsert(
        self, connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]
    ) -> None:
        """Write rows by id; what is None in a row keeps what the database holds."""
        write = self.insert_into(table)
        kept = {
            each.name: sa.func.coalesce(write.excluded[each.name], each)
            for each in table.c
            if not each.primary_key
        }
        connection.execute(write.on_conflict_do_update(index_elements=["id"], set_=kept), rows)

    def migrated(self) -> Self:
        """The same facts, their tables made or brought up to date; locked only if need be."""
        with translated():
            with self._engine.connect() as connection:
                current = version(connection) == HEAD
            if not current:
                with self._writing() as connection:
                    migrate(connection)
        return self

    def close(self) -> None:
        self._engine.dispose()
        self._reads.dispose()

    @contextmanager
    def changing(self) -> Iterator[sa.Connection]:
        with translated(), self._writing() as connection:
            yield connection

    def find(self, query: sa.Select[Any], values: Values) -> sa.Row[Any] | None:
        found = self.rows(query, values)
        return found[0] if found else None

    def rows(self, query: sa.Select[Any], values: Values) -> list[sa.Row[Any]]:
        with translated():
            try:
                return self._read(query, values)
            except sa.exc.DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return self._read(query, values)  # the server had hung up; the pool is new now

    def _read(self, query: sa.Select[Any], values: Values) -> list[sa.Row[Any]]:
        with self._reads.connect() as connection:
            return list(connection.execute(query, values))

    @contextmanager
    def bulk(self) -> Iterator[Bulk]:
        with translated(), self._writing() as connection:
            yield DatabaseBulk(self, connection)

    def events(
        self,
        *,
        after: int = 0,
        until: int | None = None,
        user: str | None = None,
        columns: Sequence[str] | None = None,
        batch_rows: int = 200_000,
    ) -> Iterator[pl.DataFrame]:
        schema = _some_of_the_log(columns)
        end = self.last_sequence() if until is None else until
        wanted = sa.select(*(_E[name] for name in schema)).where(_E.sequence <= end)
        if user is not None:
            wanted = wanted.where(_E.user == user)
        while after < end:
            page = wanted.where(_E.sequence > after).order_by(_E.sequence).limit(batch_rows)
            batch = pl.DataFrame(self._tuples(page), schema=schema, orient="row")
            if len(batch):
                yield batch
            if len(batch) < batch_rows:
                return
            after = batch["sequence"][-1]

    def items(self) -> pl.DataFrame:
        kept = _as_text(ITEMS_TABLE, list(ITEMS)).where(ITEMS_TABLE.c.deleted.is_(None))
        return items_frame(self._tuples(kept))

    def users(self) -> pl.DataFrame:
        return pl.DataFrame(
            self._tuples(_as_text(USERS_TABLE, list(USERS))), schema=USERS, orient="row"
        )

    def count_events(self) -> int:
        return self._number(sa.select(sa.func.count()).select_from(EVENTS_TABLE))

    def count_items(self) -> int:
        return self._number(sa.select(sa.func.count()).select_from(ITEMS_TABLE))

    def last_sequence(self) -> int:
        return self._number(_LAST)

    def _number(self, query: sa.Select[Any]) -> int:
        with translated(), self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def _tuples(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """The driver's own tuples: a row object each would double the time of a big read."""
        with translated(), self._engine.connect() as connection:
            cursor = connection.execute(query).cursor
            return [] if cursor is None else list(cursor.fetchall())


class DatabaseBulk(Bulk):
    """One open transaction."""

    def __init__(self, facts: DatabaseFacts, connection: sa.Connection) -> None:
        self._facts = facts
        self._connection = connection
        self._before = self._last_sequence()
        self._end = self._before

    def append(self, events: pl.DataFrame) -> Appended:
        if events.is_empty():
            return Appended(np.empty(0, np.int8), self._end)
        with_ids = with_content_ids(events)
        first = with_ids["id"].is_first_distinct()
        distinct = with_ids if first.all() else with_ids.filter(first)
        inserted = self._facts.insert(self._connection, distinct)
        if inserted == len(with_ids):
            fates = np.full(len(with_ids), Fate.ACCEPTED, np.int8)
        else:
            fates = self._fates(with_ids["id"].to_list(), first.to_numpy())
        if inserted:
            self._end = self._last_sequence()
        return Appended(fates, self._end)

    def put_items(self, items: pl.DataFrame) -> int:
        return self._upsert(ITEMS_TABLE, item_rows(items))

    def put_users(self, users: pl.DataFrame) -> int:
        return self._upsert(USERS_TABLE, user_rows(users))

    def item_ids(self) -> pl.Series:
        ids = self._connection.execute(sa.select(ITEMS_TABLE.c.id)).scalars().all()
        return pl.Series("id", list(ids), pl.String)

    def _upsert(self, table: sa.Table, rows: list[dict[str, Any]]) -> int:
        if not rows:
            return 0
        count = sa.select(sa.func.count()).select_from(table)
        before = self._connection.execute(count).scalar_one()
        self._facts.upsert(self._connection, table, rows)
        return int(self._connection.execute(count).scalar_one()) - int(before)

    def _last_sequence(self) -> int:
        return int(self._connection.execute(_LAST).scalar() or 0)

    def _fates(self, ids: list[str], first: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
        found = self._facts.sequences(self._connection, ids)
        at = np.fromiter((found[each] for each in ids), np.int64, len(ids))
        fates = np.full(len(ids), Fate.REPEATED, np.int8)
        fates[(at > self._end) & first] = Fate.ACCEPTED
        fates[at <= self._before] = Fate.KNOWN
        return fates


_LAST: Final = sa.select(sa.func.max(_E.sequence))


def _some_of_the_log(columns: Sequence[str] | None) -> pl.Schema:
    if columns is None:
        return LOG
    others = [name for name in columns if name != "sequence"]
    return pl.Schema({name: LOG[name] for name in ("sequence", *others)})


def _as_text(table: sa.Table, names: Sequence[str]) -> sa.Select[Any]:
    columns = [
        sa.cast(each, sa.Text) if isinstance(each.type, sa.JSON) else each
        for each in (table.c[name] for name in names)
    ]
    return sa.select(*columns).order_by(table.c.id)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a driver raises into StorageFailed, in the driver's words."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise StorageFailed(f"the database refused: {error.orig}".strip()) from error
    except sa.exc.SQLAlchemyError as error:
        raise StorageFailed(f"the database refused: {error}") from error
