"""How the service goes over time: what each process counted, stretch by stretch."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson
import sqlalchemy as sa

from shortlist.core.times import Instant
from shortlist.storage.facts.database import Database
from shortlist.storage.facts.schema import MEASURES_TABLE


class Measure(NamedTuple):
    """What one process counted in one stretch of time."""

    seconds: int
    """How long the stretch is."""
    start: Instant
    process: str
    """Who counted: another word for each process and each of its lives."""
    content: Mapping[str, Any]


_ROOM: Final = "measures"
_M: Final = MEASURES_TABLE.c
_SINCE: Final = (
    sa.select(*(_M[name] for name in Measure._fields))
    .where(_M.seconds == sa.bindparam("length"), _M.start >= sa.bindparam("since"))
    .order_by(_M.start)
)


class MeasureRows:
    """The table of measures. A process writes rows of its own and nobody else's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, measures: Sequence[Measure]) -> None:
        """Write measures; what a process said of a stretch before is replaced."""
        if not measures:
            return
        rows = [
            {**each._asdict(), "content": orjson.dumps(each.content).decode()} for each in measures
        ]
        insert = self._database.insert_into(MEASURES_TABLE)
        replaced = insert.on_conflict_do_update(
            index_elements=["seconds", "start", "process"],
            set_={"content": insert.excluded.content},
        )
        with self._database.writing(_ROOM) as connection:
            connection.execute(replaced, rows)

    def since(self, seconds: int, start: Instant) -> list[Measure]:
        """Measures of stretches of a length from an instant on, the oldest first."""
        found = self._database.rows(_SINCE, length=seconds, since=start)
        return [Measure._make([*rest, orjson.loads(content)]) for *rest, content in found]

    def prune(self, before: Mapping[int, Instant]) -> int:
        """Forget stretches of a length that begin before an instant; how many rows it were."""
        total = 0
        with self._database.writing(_ROOM) as connection:
            for seconds, start in before.items():
                old = sa.and_(_M.seconds == seconds, _M.start < start)
                total += connection.execute(sa.delete(MEASURES_TABLE).where(old)).rowcount
        return total
