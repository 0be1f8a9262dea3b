"""Facts in one SQLite file."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from shortlist.core.errors import BadSettings
from shortlist.storage.facts.database import SINGLE_STATEMENTS, DatabaseFacts
from shortlist.storage.facts.frames import EVENTS
from shortlist.storage.facts.sqlite_packing import pack

_PRAGMAS: Final = (
    "busy_timeout = 30000",
    "page_size = 8192",  # takes effect on a new file only; a fifth faster to fill than 4096
    "journal_mode = WAL",
    "synchronous = FULL",  # an acknowledged event survives a power cut
    "foreign_keys = ON",
    "cache_size = -65536",
)
_INSERT: Final = (
    f"INSERT INTO events ({', '.join(EVENTS)}) "  # noqa: S608  our own names
    f"VALUES ({', '.join('?' * len(EVENTS))}) ON CONFLICT (id) DO NOTHING"
)
_FIND: Final = "SELECT id, sequence FROM events WHERE id IN (SELECT value FROM json_each(?))"


class SqliteFacts(DatabaseFacts):
    """One file; one writer at a time, who waits at most 30 seconds; readers never wait."""

    @classmethod
    def open(cls, url: str) -> Self:
        path = sa.make_url(url).database
        if not path or path == ":memory:":
            raise BadSettings("facts in SQLite need a file: sqlite:///folder/facts.db")
        if not Path(path).parent.is_dir():
            raise BadSettings(f"the folder of the database {path} does not exist")
        engine = sa.create_engine(url)
        sa.event.listen(engine, "connect", _configure)
        sa.event.listen(engine, "begin", _begin)
        reads = sa.create_engine(url, **SINGLE_STATEMENTS)
        sa.event.listen(reads, "connect", _configure)
        return cls(engine, reads).migrated()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._engine.execution_options(begin="IMMEDIATE").begin() as connection:
            yield connection

    def insert(self, connection: sa.Connection, events: pl.DataFrame) -> int:
        packed = pack(events)
        if packed is None:
            return connection.exec_driver_sql(_INSERT, events.rows()).rowcount
        return connection.exec_driver_sql(packed.statement, packed.parameters).rowcount

    def insert_into(self, table: sa.Table) -> Any:
        return insert(table)

    def sequences(self, connection: sa.Connection, ids: Sequence[str]) -> dict[str, int]:
        found = connection.exec_driver_sql(_FIND, (json.dumps(ids),))
        return {str(each): int(sequence) for each, sequence in found}


def _configure(connection: Any, _: object) -> None:
    connection.isolation_level = None
    for each in _PRAGMAS:
        connection.execute(f"PRAGMA {each}")


def _begin(connection: sa.Connection) -> None:
    """Writers take the lock when they begin: one that reads first could not upgrade later."""
    how = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {how}")
