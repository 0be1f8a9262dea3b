"""What every back end of the facts promises."""

from functools import cached_property
from types import TracebackType
from typing import Self

import polars as pl
import sqlalchemy as sa

from shortlist.storage.facts.accounts import AccountRows
from shortlist.storage.facts.api_keys import ApiKeyRows
from shortlist.storage.facts.documents import items_frame
from shortlist.storage.facts.frames import ITEMS, USERS
from shortlist.storage.facts.log import EventLog
from shortlist.storage.facts.schema import ITEMS_TABLE, USERS_TABLE
from shortlist.storage.facts.sign_ins import SignInRows
from shortlist.storage.facts.tail import Tail


class Facts(EventLog, Tail):
    """The event log, the items, the users, and what the service keeps beside them.

    Each role is one file. Every method raises StorageFailed where the database refuses.
    """

    @cached_property
    def accounts(self) -> AccountRows:
        """The people who can sign in."""
        return AccountRows(self)

    @cached_property
    def sign_ins(self) -> SignInRows:
        """Who is signed in."""
        return SignInRows(self)

    @cached_property
    def api_keys(self) -> ApiKeyRows:
        """What applications show."""
        return ApiKeyRows(self)

    def put_items(self, items: pl.DataFrame) -> int:
        """`Bulk.put_items` in a transaction of its own."""
        with self.bulk() as bulk:
            return bulk.put_items(items)

    def put_users(self, users: pl.DataFrame) -> int:
        """`Bulk.put_users` in a transaction of its own."""
        with self.bulk() as bulk:
            return bulk.put_users(users)

    def items(self) -> pl.DataFrame:
        """All items (ITEMS schema), by id; those that were deleted are left out."""
        kept = _as_text(ITEMS_TABLE, list(ITEMS)).where(ITEMS_TABLE.c.deleted.is_(None))
        return items_frame(self.tuples(kept))

    def users(self) -> pl.DataFrame:
        """All users (USERS schema), by id."""
        rows = self.tuples(_as_text(USERS_TABLE, list(USERS)))
        return pl.DataFrame(rows, schema=USERS, orient="row")

    def count_items(self) -> int:
        kept = ITEMS_TABLE.c.deleted.is_(None)
        return self.number(sa.select(sa.func.count()).select_from(ITEMS_TABLE).where(kept))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _as_text(table: sa.Table, names: list[str]) -> sa.Select[tuple[object, ...]]:
    columns = [
        sa.cast(each, sa.Text) if isinstance(each.type, sa.JSON) else each
        for each in (table.c[name] for name in names)
    ]
    return sa.select(*columns).order_by(table.c.id)
