"""What is known of users beside their events."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
import sqlalchemy as sa

from shortlist.storage.facts.documents import user_row, users_frame
from shortlist.storage.facts.frames import USERS
from shortlist.storage.facts.log import EventLog
from shortlist.storage.facts.queries import as_text, holding
from shortlist.storage.facts.rows import UserRow
from shortlist.storage.facts.schema import USERS_TABLE
from shortlist.storage.facts.upserts import put_users

_U: Final = USERS_TABLE.c
_ROW: Final = as_text(USERS_TABLE, UserRow._fields)
_ONE: Final = _ROW.where(_U.id == sa.bindparam("wanted"))


class Users(EventLog):
    """Users are described by attributes. Most are not: they are only in the log."""

    def users(self) -> pl.DataFrame:
        """All users that are described (USERS schema), by id."""
        return users_frame(self.tuples(as_text(USERS_TABLE, list(USERS)).order_by(_U.id)))

    def put_users(self, users: pl.DataFrame) -> int:
        """`Bulk.put_users` in a transaction of its own."""
        with self.bulk() as bulk:
            return bulk.put_users(users)

    def write_user(self, user: str, attributes: Mapping[str, Any]) -> bool:
        """Write a user's attributes whole; whether the user was new here."""
        rows = [{"id": user, "attributes": dict(attributes)}]
        with self.writing() as connection:
            return put_users(self, connection, rows, merge=False) > 0

    def write_users(self, documents: Mapping[str, Mapping[str, Any]]) -> int:
        """Write the attributes of users whole, in one transaction; how many there were."""
        rows = [{"id": user, "attributes": dict(each)} for user, each in documents.items()]
        with self.writing() as connection:
            put_users(self, connection, rows, merge=False)
        return len(rows)

    def get_user(self, user: str) -> UserRow | None:
        """A user; None for one who was never described."""
        found = self.rows(_ONE, wanted=user)
        return user_row(found[0]) if found else None

    def list_users(self, after: str | None, limit: int, search: str | None = None) -> list[UserRow]:
        """Users by id, from behind `after` on.

        With `search` those whose id and attributes hold each of its words, or part of a word,
        whatever the case and the accents.
        """
        listed = _ROW.where(*holding(_U.search, search))
        if after is not None:
            listed = listed.where(_U.id > after)
        return [user_row(row) for row in self.tuples(listed.order_by(_U.id).limit(limit))]
