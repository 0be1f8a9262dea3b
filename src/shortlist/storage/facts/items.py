"""The catalogue as it stands: items by id, by their words, by age."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl
import sqlalchemy as sa

from shortlist.core.clock import SystemClock
from shortlist.core.times import Instant
from shortlist.storage.facts.documents import described, item_row, items_frame
from shortlist.storage.facts.frames import ITEMS
from shortlist.storage.facts.log import EventLog
from shortlist.storage.facts.queries import as_text, holding
from shortlist.storage.facts.revisions import ITEMS_CHANGED
from shortlist.storage.facts.rows import ItemRow
from shortlist.storage.facts.schema import ITEMS_TABLE
from shortlist.storage.facts.upserts import put_items

_I: Final = ITEMS_TABLE.c
_HERE: Final = _I.deleted.is_(None)
_ROW: Final = as_text(ITEMS_TABLE, ItemRow._fields)
_ONE: Final = _ROW.where(_I.id == sa.bindparam("wanted"), _HERE)
_NEWEST: Final = (
    _ROW.where(_HERE, _I.added.is_not(None))
    .order_by(_I.added.desc(), _I.id.desc())
    .limit(sa.bindparam("limit"))
)
_DELETED: Final = sa.select(_I.id).where(_I.deleted.is_not(None)).order_by(_I.id)
_WIPED: Final = {"title": None, "categories": None, "text": None, "attributes": None, "search": ""}


class Items(EventLog):
    """Items are described, described anew, and deleted.

    Of a deleted item only the id stays, as a mark: the log may know it, and it must not come back
    from there.
    """

    def items(self) -> pl.DataFrame:
        """All items (ITEMS schema), by id; those that were deleted are left out."""
        return items_frame(
            self.tuples(as_text(ITEMS_TABLE, list(ITEMS)).where(_HERE).order_by(_I.id))
        )

    def count_items(self) -> int:
        return self.number(sa.select(sa.func.count()).select_from(ITEMS_TABLE).where(_HERE))

    def put_items(self, items: pl.DataFrame) -> int:
        """`Bulk.put_items` in a transaction of its own."""
        with self.bulk() as bulk:
            return bulk.put_items(items)

    def write_items(
        self, documents: Sequence[Mapping[str, Any]], *, at: Instant | None = None
    ) -> int:
        """Write items whole, in one transaction; how many were new.

        A document has an `id`, and may have `title`, `categories`, `text` and `attributes`: what it
        does not have is unknown afterwards. New ones are added `at` an instant, else now.
        """
        rows = described(documents, ITEMS.names())
        with self.writing() as connection:
            return put_items(self, connection, rows, at=_instant(at), merge=False)

    def delete_items(self, ids: Sequence[str], *, at: Instant | None = None) -> int:
        """Take items out of the catalogue; how many were in it. Nothing but their ids is kept.

        One that nobody described, but that the log may know, is marked as well.
        """
        moment = _instant(at)
        asked = list(dict.fromkeys(ids))
        with self.writing() as connection:
            own = self.among(_I.id, asked)
            gone = sa.update(ITEMS_TABLE).where(own, _HERE).values(deleted=moment, **_WIPED)
            count = connection.execute(gone).rowcount
            if asked:
                mark = self.insert_into(ITEMS_TABLE).on_conflict_do_nothing()
                connection.execute(mark, [{"id": each, "deleted": moment} for each in asked])
            self.bump(connection, ITEMS_CHANGED)
        return count

    def deleted_items(self) -> list[str]:
        """The ids of all items that were deleted."""
        return [each for (each,) in self.rows(_DELETED)]

    def get_item(self, item: str) -> ItemRow | None:
        """An item; None where it is unknown or deleted."""
        found = self.rows(_ONE, wanted=item)
        return item_row(found[0]) if found else None

    def get_items(self, ids: Sequence[str]) -> dict[str, ItemRow]:
        """Items by id, those that are there."""
        found = self.tuples(_ROW.where(self.among(_I.id, ids), _HERE))
        return {row[0]: item_row(row) for row in found}

    def in_order_added(self, ids: Sequence[str]) -> list[str]:
        """Those of some items that are there, the one that was added first before the others."""
        own = sa.select(_I.id).where(self.among(_I.id, ids), _HERE)
        return [each for (each,) in self.tuples(own.order_by(_I.added, _I.id))]

    def list_items(
        self, after: str | None, limit: int, search: str | None = None, *, deleted: bool = False
    ) -> list[ItemRow]:
        """Items by id, from behind `after` on; or those that were deleted.

        With `search` those whose id, title or text hold each of its words, or part of a word,
        whatever the case and the accents.
        """
        listed = _ROW.where(~_HERE if deleted else _HERE, *holding(_I.search, search))
        if after is not None:
            listed = listed.where(_I.id > after)
        return [item_row(row) for row in self.tuples(listed.order_by(_I.id).limit(limit))]

    def newest_items(self, limit: int) -> list[ItemRow]:
        """The items that were added last, the newest first."""
        return [item_row(row) for row in self.rows(_NEWEST, limit=limit)]


def _instant(at: Instant | None) -> Instant:
    return SystemClock().now() if at is None else at
