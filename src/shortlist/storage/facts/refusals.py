"""The newest events that were refused over HTTP: why, and where in the request; not what it was."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import sqlalchemy as sa

from shortlist.core.times import Instant
from shortlist.storage.facts.database import Database
from shortlist.storage.facts.schema import REFUSALS_TABLE


class Refusal(NamedTuple):
    """One refusal."""

    time: Instant
    reason: str
    """A stable word: the code of an error, or what a field lacks."""
    place: str
    """The field, such as `events.3.time`; empty where it was none."""


_ROOM: Final = "measures"
_R: Final = REFUSALS_TABLE.c
_NEWEST: Final = (
    sa.select(*(_R[name] for name in Refusal._fields))
    .order_by(_R.sequence.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


class RefusalRows:
    """The table of refusals, which holds the newest alone."""

    def __init__(self, database: Database, most: int = 200) -> None:
        self._database = database
        self._most = most

    def add(self, refusals: Sequence[Refusal]) -> None:
        """Write refusals down, and forget the oldest where there are too many."""
        if not refusals:
            return
        kept = sa.select(_R.sequence).order_by(_R.sequence.desc()).limit(self._most)
        oldest = sa.select(sa.func.min(kept.subquery().c.sequence)).scalar_subquery()
        with self._database.writing(_ROOM) as connection:
            rows = [each._asdict() for each in refusals]
            connection.execute(sa.insert(REFUSALS_TABLE), rows)
            connection.execute(sa.delete(REFUSALS_TABLE).where(_R.sequence < oldest))

    def newest(self, limit: int) -> list[Refusal]:
        """The newest refusals, the newest first."""
        return [Refusal._make(each) for each in self._database.rows(_NEWEST, limit=limit)]
