"""Answers that were given, as they were given."""

import zlib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import orjson
import sqlalchemy as sa

from shortlist.core.errors import Invalid
from shortlist.core.times import Instant
from shortlist.storage.facts.database import Database
from shortlist.storage.facts.schema import DECISIONS_TABLE


class DecisionRow(NamedTuple):
    """One answer: to whom, by what, and what was in it."""

    id: str
    time: Instant
    user: str | None
    session: str | None
    placement: str
    bundle: str | None
    sequence: int
    """How far into the log the answer looked."""
    asked: dict[str, Any]
    answer: dict[str, Any]
    features: bytes | None
    """What the ranker saw, as whoever made the row packed it; deflated in the table."""


ROOM: Final = "decisions"
"""Writing decisions does not wait for writers of the log where the database can keep them apart."""

_D: Final = DECISIONS_TABLE.c
_ROW: Final = sa.select(*(_D[name] for name in DecisionRow._fields))
_ONE: Final = _ROW.where(_D.id == sa.bindparam("wanted"))
_OF_USER: Final = (
    _ROW.where(_D.user == sa.bindparam("who"), _D.time < sa.bindparam("before"))
    .order_by(_D.time.desc(), _D.id.desc())
    .limit(sa.bindparam("limit"))
)
_ANSWERS: Final = (
    sa.select(_D.answer)
    .where(_D.time >= sa.bindparam("since"), _D.time < sa.bindparam("until"))
    .order_by(_D.time)
    .limit(sa.bindparam("limit"))
)
_NEVER: Final = 2**63 - 1


class Decisions:
    """The table of decisions. `DecisionWriter` fills it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_many(self, rows: Sequence[DecisionRow]) -> None:
        """Write decisions in one transaction; one whose id is known stays as it was.

        Raises Invalid for a row that JSON cannot express.
        """
        written = [_written(each) for each in rows]
        if not written:
            return
        insert = self._database.insert_into(DECISIONS_TABLE).on_conflict_do_nothing()
        with self._database.writing(ROOM) as connection:
            connection.execute(insert, written)

    def get(self, decision: str) -> DecisionRow | None:
        """One decision; None where it is unknown or was pruned."""
        found = self._database.rows(_ONE, wanted=decision)
        return _read(found[0]) if found else None

    def of_user(self, user: str, before_time: Instant | None, limit: int) -> list[DecisionRow]:
        """The newest decisions of a user, newest first; with `before_time` older ones than that."""
        before = _NEVER if before_time is None else before_time
        return [
            _read(each)
            for each in self._database.rows(_OF_USER, who=user, before=before, limit=limit)
        ]

    def count(self, since: Instant, until: Instant) -> int:
        """How many decisions were made from an instant on and before another."""
        return self._database.number(
            sa.select(sa.func.count())
            .select_from(DECISIONS_TABLE)
            .where(_D.time >= since, _D.time < until)
        )

    def counted(self, since: Instant, until: Instant, width: int) -> dict[int, int]:
        """How many decisions were made in each stretch of `width` microseconds, by its number.

        The first begins at `since`; those without decisions are left out.
        """
        stretch = ((_D.time - since) // width).label("stretch")
        counts = (
            sa.select(stretch, sa.func.count())
            .where(_D.time >= since, _D.time < until)
            .group_by(stretch)
        )
        return {int(place): int(number) for place, number in self._database.tuples(counts)}

    def answers(self, since: Instant, until: Instant, limit: int) -> list[dict[str, Any]]:
        """What was answered from an instant on and before another, the first `limit` answers."""
        found = self._database.rows(_ANSWERS, since=since, until=until, limit=limit)
        return [orjson.loads(answer) for (answer,) in found]

    def prune(self, before_time: Instant, limit: int) -> int:
        """Forget the oldest decisions from before an instant, at most so many; how many it were.

        A limit keeps the transaction short: whoever has much to prune calls again.
        """
        old = sa.select(_D.id).where(_D.time < before_time).order_by(_D.time).limit(limit)
        with self._database.writing(ROOM) as connection:
            return connection.execute(sa.delete(DECISIONS_TABLE).where(_D.id.in_(old))).rowcount


def _written(row: DecisionRow) -> dict[str, Any]:
    features = None if row.features is None else zlib.compress(row.features, 1)
    told = {"asked": _json(row.asked), "answer": _json(row.answer)}
    return {**row._asdict(), **told, "features": features}


def _json(document: dict[str, Any]) -> str:
    try:
        return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    except TypeError as error:
        raise Invalid(f"a decision cannot be written as JSON: {error}") from error


def _read(row: tuple[Any, ...]) -> DecisionRow:
    *rest, asked, answer, features = row
    seen = None if features is None else zlib.decompress(features)
    return DecisionRow._make([*rest, orjson.loads(asked), orjson.loads(answer), seen])
