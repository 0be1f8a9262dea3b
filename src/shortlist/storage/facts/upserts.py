"""Items and users into their tables: beside what is known of them, or in its place."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from shortlist.core.times import Instant
from shortlist.storage.facts.documents import Row, folded
from shortlist.storage.facts.revisions import ITEMS_CHANGED, USERS_CHANGED, Revisions
from shortlist.storage.facts.schema import ITEMS_TABLE, USERS_TABLE

_PART: Final = 10_000
"""Rows that are looked up at a time."""


def put_items(
    database: Revisions, connection: sa.Connection, rows: list[Row], *, at: Instant, merge: bool
) -> int:
    """Write items; how many were new. With `merge`, None keeps what is known.

    What was deleted is there again, as new.
    """
    known = _known(database, connection, ITEMS_TABLE, rows)
    here = {name: row for name, row in known.items() if row["deleted"] is None}
    written = []
    for row in rows:
        before = here.get(row["id"])
        whole = _merged(row, before) if merge else row
        written.append(
            {
                **whole,
                "added": before["added"] if before else at,
                "deleted": None,
                "search": folded(whole["id"], whole["title"], whole["text"]),
            }
        )
    _write(database, connection, ITEMS_TABLE, written)
    database.bump(connection, ITEMS_CHANGED)
    return len(rows) - len(here)


def put_users(
    database: Revisions, connection: sa.Connection, rows: list[Row], *, merge: bool
) -> int:
    """Write users; how many were new. With `merge`, None keeps what is known."""
    known = _known(database, connection, USERS_TABLE, rows)
    written = []
    for row in rows:
        whole = _merged(row, known.get(row["id"])) if merge else row
        words = [each for each in (whole["attributes"] or {}).values() if isinstance(each, str)]
        written.append({**whole, "search": folded(whole["id"], *words)})
    _write(database, connection, USERS_TABLE, written)
    database.bump(connection, USERS_CHANGED)
    return len(rows) - len(known)


def _known(
    database: Revisions, connection: sa.Connection, table: sa.Table, rows: list[Row]
) -> dict[str, Row]:
    """What the table has of these rows, by id."""
    found: dict[str, Row] = {}
    for start in range(0, len(rows), _PART):
        ids = [each["id"] for each in rows[start : start + _PART]]
        wanted = sa.select(table).where(database.among(table.c.id, ids))
        found |= {row["id"]: dict(row) for row in connection.execute(wanted).mappings()}
    return found


def _merged(row: Row, before: Row | None) -> Row:
    if before is None:
        return row
    return {name: before[name] if value is None else value for name, value in row.items()}


def _write(
    database: Revisions, connection: sa.Connection, table: sa.Table, rows: Sequence[Row]
) -> None:
    if not rows:
        return
    write: Any = database.insert_into(table)
    whole = {name: write.excluded[name] for name in rows[0] if name != "id"}
    connection.execute(write.on_conflict_do_update(index_elements=["id"], set_=whole), rows)
