"""Facts in a PostgreSQL database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Final, Self

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from shortlist.core.errors import StorageFailed
from shortlist.storage.facts.database import SILENT, SINGLE_STATEMENTS, Alone, fetched
from shortlist.storage.facts.frames import EVENTS
from shortlist.storage.facts.port import Facts

_PATIENCE: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""After how many seconds (the last: milliseconds) a server that is silent counts as gone.

A URL may say otherwise: ?connect_timeout=30
"""

_LOCK: Final = (
    "SELECT set_config('lock_timeout', '30s', true), "
    "pg_advisory_xact_lock(hashtext(%s), hashtext(current_schema()))"
)
"""A writer waits for the one before it as long as in SQLite."""

_TRY: Final = "SELECT pg_try_advisory_lock(hashtext(%s), hashtext(current_schema()))"
_LET_GO: Final = "SELECT pg_advisory_unlock(hashtext(%s), hashtext(current_schema()))"

_COLUMNS: Final = ", ".join(f'"{name}"' for name in EVENTS)
_STAGE: Final = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS incoming ON COMMIT DROP AS "  # noqa: S608  our own names
    f"SELECT 0 AS n, {_COLUMNS} FROM events WITH NO DATA"
)
_COPY: Final = f"COPY incoming (n, {_COLUMNS}) FROM STDIN (FORMAT csv)"
_MOVE: Final = (
    f"INSERT INTO events ({_COLUMNS}) SELECT {_COLUMNS} FROM incoming ORDER BY n "  # noqa: S608
    "ON CONFLICT (id) DO NOTHING"
)
_TYPES: Final = {pl.String(): "text", pl.Float64(): "double precision", pl.Int64(): "bigint"}
_ARRAYS: Final = ", ".join(f"%s::{_TYPES[each]}[]" for each in EVENTS.values())
_INSERT: Final = (
    f"INSERT INTO events ({_COLUMNS}) "  # noqa: S608
    f"SELECT {_COLUMNS} FROM unnest({_ARRAYS}) WITH ORDINALITY AS row({_COLUMNS}, n) ORDER BY n "
    "ON CONFLICT (id) DO NOTHING RETURNING id, sequence"
)


class PostgresqlFacts(Facts):
    """The tables in the first schema of the connection's search path.

    Writers hold an advisory lock until they have committed: without it a transaction that took
    its sequence numbers first could commit last, and readers of the tail would have gone past it.
    """

    @classmethod
    def open(cls, url: str) -> Self:
        if find_spec("psycopg") is None:
            raise StorageFailed(
                "PostgreSQL needs psycopg, which is not installed: "
                "pip install 'shortlist[postgres]'"
            )
        place = sa.make_url(url).set(drivername="postgresql+psycopg")
        wanted = {name: each for name, each in _PATIENCE.items() if name not in place.query}
        engine = sa.create_engine(place, connect_args=wanted, pool_pre_ping=True, **SILENT)
        reads = sa.create_engine(place, connect_args=wanted, **SILENT, **SINGLE_STATEMENTS)
        return cls(engine, reads).migrated()

    @contextmanager
    def _transaction(self, room: str) -> Iterator[sa.Connection]:
        with self._engine.begin() as connection:
            connection.exec_driver_sql(_LOCK, (f"shortlist {room}",))
            yield connection

    @contextmanager
    def alone(self, name: str) -> Iterator[Alone | None]:
        with self.reading() as connection:
            told = connection.execution_options(isolation_level="AUTOCOMMIT")
            mine = bool(told.exec_driver_sql(_TRY, (f"shortlist {name}",)).scalar())
            yield (lambda: _answers(told)) if mine else None
            if mine and not told.invalidated:
                told.exec_driver_sql(_LET_GO, (f"shortlist {name}",))

    def insert_frame(self, connection: sa.Connection, events: pl.DataFrame) -> int:
        connection.exec_driver_sql(_STAGE)
        connection.exec_driver_sql("TRUNCATE incoming")
        driver: Any = connection.connection.dbapi_connection
        with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.write(_as_csv(events))
        return connection.exec_driver_sql(_MOVE).rowcount

    def insert_rows(
        self, connection: sa.Connection, events: list[tuple[Any, ...]]
    ) -> dict[str, int]:
        if not events:
            return {}
        columns = tuple(list(each) for each in zip(*events, strict=True))
        return dict(fetched(connection.exec_driver_sql(_INSERT, columns)))

    def insert_into(self, table: sa.Table) -> Any:
        return insert(table)

    def among(self, column: sa.Column[Any], ids: Sequence[str]) -> sa.ColumnElement[bool]:
        return column == sa.any_(sa.literal(list(ids), ARRAY(sa.Text)))


def _answers(connection: sa.Connection) -> bool:
    """Whether the connection that holds a lock is still there."""
    try:
        connection.exec_driver_sql("SELECT 1")
    except sa.exc.SQLAlchemyError:
        return False
    return True


def _as_csv(events: pl.DataFrame) -> bytes:
    """Numbered lines in which '' is an empty text and nothing at all is null."""
    numbered = events.with_row_index("n")
    return numbered.write_csv(include_header=False, quote_style="non_numeric").encode()
