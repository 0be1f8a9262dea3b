"""A relational database: what a back end provides, and what every role of the facts builds on."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final, NamedTuple, Protocol, Self

import polars as pl
import sqlalchemy as sa

from shortlist.core.errors import Invalid, StorageFailed
from shortlist.storage.facts.migrate import migrate, version
from shortlist.storage.facts.schema import EVENTS_TABLE, HEAD

SILENT: Final[dict[str, Any]] = {"hide_parameters": True}
"""An engine whose errors quote no values: hashes of passwords and keys are among them."""

SINGLE_STATEMENTS: Final[dict[str, Any]] = {
    "isolation_level": "AUTOCOMMIT",
    "pool_reset_on_return": None,
    "pool_size": 8,
    "max_overflow": 32,
    "pool_use_lifo": True,
}
"""An engine whose statements are no transactions, and cost one trip to the database each.

The connection that was used last is used next: what it has cached is the newest.
"""


_Values = Mapping[str, Any]


class Database(ABC):
    """Tables behind two SQLAlchemy engines: one for transactions, one for single statements.

    A back end says how it locks and inserts.
    """

    def __init__(self, engine: sa.Engine, reads: sa.Engine) -> None:
        self._engine = engine
        self._reads = reads
        self._driver: Any = reads.dialect.loaded_dbapi
        self._written: dict[sa.SelectBase, _Written] = {}

    @classmethod
    @abstractmethod
    def open(cls, url: str) -> Self:
        """Open, creating or migrating the tables first."""

    @abstractmethod
    def _transaction(self, room: str) -> AbstractContextManager[sa.Connection]:
        """A transaction that no other writer of the same room shares until it is committed."""

    @abstractmethod
    def insert_frame(self, connection: sa.Connection, events: pl.DataFrame) -> int:
        """Insert events whose ids the log does not hold; how many those were."""

    @abstractmethod
    def insert_rows(
        self, connection: sa.Connection, events: list[tuple[Any, ...]]
    ) -> dict[str, int]:
        """The same for tuples with the columns of EVENTS: quicker for a few thousand or less.

        The sequence number of each that was inserted, by its id.
        """

    @abstractmethod
    def insert_into(self, table: sa.Table) -> Any:
        """The dialect's own INSERT, which knows ON CONFLICT."""

    @abstractmethod
    def among(self, column: sa.Column[Any], ids: Sequence[str]) -> sa.ColumnElement[bool]:
        """The condition that a column is one of any number of ids."""

    @abstractmethod
    def alone(self, name: str) -> AbstractContextManager["Alone | None"]:
        """Be the only one of a name among all processes that use the database.

        Gives None, at once, where another is. It ends with the process, however that ends.
        """

    def overwriting(self, connection: sa.Connection) -> AbstractContextManager[object]:  # noqa: ARG002
        """While this lasts, what is deleted over the connection is overwritten where it stood.

        A back end that cannot do that leaves it to the database's own housekeeping.
        """
        return nullcontext()

    def spacious(self, connection: sa.Connection) -> AbstractContextManager[object]:  # noqa: ARG002
        """While this lasts, the connection may keep many pages of the file in memory.

        A large transaction comes back to those of the indexes again and again. A back end whose
        memory is the database's own has no use for it.
        """
        return nullcontext()

    def migrated(self) -> Self:
        """The same facts, their tables made or brought up to date; locked only if need be."""
        with self.reading() as connection:
            current = version(connection) == HEAD
        if not current:
            with self.writing() as connection:
                migrate(connection)
        return self

    def close(self) -> None:
        """Let go of the database. Closing twice is harmless."""
        self._engine.dispose()
        self._reads.dispose()

    @contextmanager
    def writing(self, room: str = "log") -> Iterator[sa.Connection]:
        """A transaction: kept when the block ends, undone when it raises.

        No other writer of the same room shares it. In SQLite all rooms are one; in PostgreSQL a
        long import (`log`) does not hold up those who sign in (`accounts`).
        """
        with translated(), self._transaction(room) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read with."""
        with translated(), self._engine.connect() as connection:
            yield connection

    def rows(self, query: sa.SelectBase, **values: Any) -> list[tuple[Any, ...]]:
        """What a query finds, as the driver's own tuples: for the small reads of a request.

        One statement outside of any transaction, 11 us on SQLite. The query is a constant that
        takes its values as bound parameters: it is written once.
        """
        written = self._written.get(query) or self._write(query)
        with translated():
            return self._ask(written.text, {**written.constants, **values})

    def sequences(self, connection: sa.Connection, ids: Sequence[str]) -> dict[str, int]:
        """Where in the log the events of these ids stand."""
        own = self.among(EVENTS_TABLE.c.id, ids)
        found = sa.select(EVENTS_TABLE.c.id, EVENTS_TABLE.c.sequence).where(own)
        return dict(fetched(connection.execute(found)))

    def tuples(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """The driver's own tuples: a row object each would double the time of a big read."""
        with self.reading() as connection:
            return fetched(connection.execute(query))

    def number(self, query: sa.Select[Any]) -> int:
        """The one number a query finds; 0 for none."""
        with self.reading() as connection:
            return int(connection.execute(query).scalar() or 0)

    def _ask(self, written: str, values: _Values, *, again: bool = True) -> list[tuple[Any, ...]]:
        pooled = self._reads.raw_connection()
        driver: Any = pooled.dbapi_connection
        try:
            found: list[tuple[Any, ...]] = driver.execute(written, values).fetchall()
        except self._driver.DataError as error:
            raise Invalid(f"this cannot be kept or looked for: {_first_line(error)}") from error
        except self._driver.Error as error:
            gone = self._reads.dialect.is_disconnect(error, driver, None)
            pooled.invalidate(error)
            if not (gone and again):
                raise StorageFailed(f"the database refused: {_first_line(error)}") from error
        else:
            return found
        finally:
            pooled.close()
        self._reads.dispose()
        return self._ask(written, values, again=False)

    def _write(self, query: sa.SelectBase) -> "_Written":
        made = query.compile(dialect=self._reads.dialect)
        constants = {name: each.value for name, each in made.binds.items() if not each.required}
        self._written[query] = _Written(str(made), constants)
        return self._written[query]


class Alone(Protocol):
    """Says whether one still is the only one: a connection that broke off may have ended it."""

    def __call__(self) -> bool: ...


class _Written(NamedTuple):
    """A query in the database's own words, and the constants in it."""

    text: str
    constants: _Values


def fetched(found: sa.CursorResult[Any]) -> list[tuple[Any, ...]]:
    """What a statement gave, as the driver's own tuples."""
    return [] if found.cursor is None else list(found.cursor.fetchall())


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a driver raises into our errors, in the first line of the driver's words.

    The lines below it may quote a row, and rows hold hashes of passwords and keys. Invalid where a
    value is the reason (half a character, a zero byte, a number too large), and StorageFailed for
    everything else.
    """
    try:
        yield
    except (UnicodeError, OverflowError) as error:
        raise Invalid(f"this cannot be kept or looked for: {error}") from error
    except sa.exc.DataError as error:
        raise Invalid(f"this cannot be kept or looked for: {_first_line(error.orig)}") from error
    except sa.exc.DBAPIError as error:
        raise StorageFailed(f"the database refused: {_first_line(error.orig)}") from error
    except sa.exc.SQLAlchemyError as error:
        raise StorageFailed(f"the database refused: {error}") from error


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]
