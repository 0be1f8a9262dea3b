"""Facts in one SQLite file."""

import errno
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final, Self

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from shortlist.core.errors import BadSettings, StorageFailed
from shortlist.storage.facts.database import SILENT, SINGLE_STATEMENTS, Alone, fetched
from shortlist.storage.facts.frames import EVENTS
from shortlist.storage.facts.port import Facts
from shortlist.storage.facts.sqlite_packing import pack

_PATIENCE: Final = 30
"""Seconds a writer waits for the one before it."""

_LOOK: Final = 0.001
"""Seconds between two looks whether a writer of another process has finished."""

_TAKEN: Final = f"another writer held the database for {_PATIENCE} seconds"
_BUSY: Final = f"busy_timeout = {_PATIENCE}000"
_USUAL: Final = "cache_size = -8192"
"""Kibibytes of pages that each connection keeps in memory; a server has some ten of them."""

_SPACIOUS: Final = "cache_size = -65536"
_PRAGMAS: Final = (
    _BUSY,
    "page_size = 8192",  # takes effect on a new file only; a fifth faster to fill than 4096
    "journal_mode = WAL",
    "synchronous = FULL",  # an acknowledged event survives a power cut
    "foreign_keys = ON",
    _USUAL,
)
_READING: Final = ("query_only = ON",)
"""On top for the connections of single reads, of which there may be one a thread."""

_INSERT: Final = (
    f"INSERT INTO events ({', '.join(EVENTS)}) "  # noqa: S608  our own names
    f"VALUES ({', '.join('?' * len(EVENTS))}) ON CONFLICT (id) DO NOTHING"
)
_END: Final = "SELECT coalesce(max(sequence), 0) FROM events"
_SINCE: Final = "SELECT id, sequence FROM events WHERE sequence > ?"


class SqliteFacts(Facts):
    """One file; one writer at a time, who waits at most 30 seconds; readers never wait."""

    def __init__(self, engine: sa.Engine, reads: sa.Engine) -> None:
        super().__init__(engine, reads)
        self._turn = Lock()

    @classmethod
    def open(cls, url: str) -> Self:
        path = sa.make_url(url).database
        if not path or path == ":memory:":
            raise BadSettings("facts in SQLite need a file: sqlite:///folder/facts.db")
        if not Path(path).parent.is_dir():
            raise BadSettings(f"the folder of the database {path} does not exist")
        engine = sa.create_engine(url, pool_use_lifo=True, **SILENT)
        sa.event.listen(engine, "connect", _configure)
        sa.event.listen(engine, "begin", _begin)
        reads = sa.create_engine(url, paramstyle="named", **SILENT, **SINGLE_STATEMENTS)
        sa.event.listen(reads, "connect", _configure_to_read)
        return cls(engine, reads).migrated()

    @contextmanager
    def _transaction(self, room: str) -> Iterator[sa.Connection]:  # noqa: ARG002  one file, one room
        """Writers of this process queue; only the first of them waits for other processes."""
        if not self._turn.acquire(timeout=_PATIENCE):
            raise StorageFailed(_TAKEN)
        try:
            with self._engine.execution_options(begin="IMMEDIATE").begin() as connection:
                yield connection
        finally:
            self._turn.release()

    @contextmanager
    def alone(self, name: str) -> Iterator[Alone | None]:
        """By a lock on a file beside the database, where the system has such locks."""
        path = Path(f"{self._engine.url.database}.{name}.lock")
        try:
            file = path.open("ab")
        except OSError as error:
            raise StorageFailed(f"{path} cannot be written: {error.strerror}.") from None
        with file:
            yield (lambda: True) if _locked(file.fileno()) else None

    def insert_frame(self, connection: sa.Connection, events: pl.DataFrame) -> int:
        packed = pack(events)
        if packed is None:
            return connection.exec_driver_sql(_INSERT, events.rows()).rowcount
        return connection.exec_driver_sql(packed.statement, packed.parameters).rowcount

    def insert_rows(
        self, connection: sa.Connection, events: list[tuple[Any, ...]]
    ) -> dict[str, int]:
        if not events:
            return {}
        (end,) = connection.exec_driver_sql(_END).one()
        connection.exec_driver_sql(_INSERT, events)
        return dict(fetched(connection.exec_driver_sql(_SINCE, (end,))))

    def insert_into(self, table: sa.Table) -> Any:
        return insert(table)

    @contextmanager
    def overwriting(self, connection: sa.Connection) -> Iterator[None]:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        try:
            yield
        finally:
            connection.exec_driver_sql("PRAGMA secure_delete = OFF")

    @contextmanager
    def spacious(self, connection: sa.Connection) -> Iterator[None]:
        connection.exec_driver_sql(f"PRAGMA {_SPACIOUS}")
        try:
            yield
        finally:
            connection.exec_driver_sql(f"PRAGMA {_USUAL}")

    def among(self, column: sa.Column[Any], ids: Sequence[str]) -> sa.ColumnElement[bool]:
        listed = sa.func.json_each(json.dumps(list(ids))).table_valued("value")
        return column.in_(sa.select(listed.c.value))


def _locked(handle: int) -> bool:
    """Whether the lock of a file is ours now; the kernel takes it back when the process ends."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in (errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK):
            raise
    return True


def _configure(connection: Any, _: object) -> None:
    connection.isolation_level = None
    for each in _PRAGMAS:
        connection.execute(f"PRAGMA {each}")


def _configure_to_read(connection: Any, _: object) -> None:
    _configure(connection, _)
    for each in _READING:
        connection.execute(f"PRAGMA {each}")


def _begin(connection: sa.Connection) -> None:
    """Writers take the lock when they begin: one that reads first could not upgrade later."""
    if connection.get_execution_options().get("begin") != "IMMEDIATE":
        connection.exec_driver_sql("BEGIN DEFERRED")
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        _begin_to_write(driver)
    finally:
        driver.execute(f"PRAGMA {_BUSY}")


def _begin_to_write(driver: sqlite3.Connection) -> None:
    """Wait for writers of other processes, looking often: SQLite sleeps for up to 100 ms."""
    end = monotonic() + _PATIENCE
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise StorageFailed(f"the database refused: {error}") from error
            if monotonic() > end:
                raise StorageFailed(_TAKEN) from error
        else:
            return
        sleep(_LOOK)
