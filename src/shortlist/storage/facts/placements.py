"""Placements as people changed them by hand: every version, the newest of a name in force."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson
import sqlalchemy as sa

from shortlist.core.errors import ChangedMeanwhile
from shortlist.core.times import Instant
from shortlist.storage.facts.revisions import PLACEMENTS_CHANGED, Revisions
from shortlist.storage.facts.schema import PLACEMENTS_TABLE


class PlacementVersion(NamedTuple):
    """A placement as somebody left it."""

    version: int
    """It grows over all placements, so no number comes twice."""
    time: Instant
    who: str
    """The login of a person, or the id of a key."""
    name: str
    content: Mapping[str, Any] | None
    """The recipe; None where it went back to the settings."""


_ROOM: Final = "placements"
_P: Final = PLACEMENTS_TABLE.c
_ROW: Final = sa.select(*(_P[name] for name in PlacementVersion._fields))
_LAST: Final = sa.select(sa.func.max(_P.version)).group_by(_P.name)
_NEWEST: Final = _ROW.where(_P.version.in_(_LAST)).order_by(_P.name)
_OF_NAME: Final = (
    _ROW.where(_P.name == sa.bindparam("name"))
    .order_by(_P.version.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


class PlacementRows:
    """The versions: append-only, so that any of them can be brought back."""

    def __init__(self, database: Revisions) -> None:
        self._database = database

    def newest(self) -> list[PlacementVersion]:
        """The newest version of each name that was ever changed, by name."""
        return [_read(each) for each in self._database.rows(_NEWEST)]

    def of(self, name: str, limit: int) -> list[PlacementVersion]:
        """The versions of one name, the newest first."""
        return [_read(each) for each in self._database.rows(_OF_NAME, name=name, limit=limit)]

    def add(
        self,
        name: str,
        content: Mapping[str, Any] | None,
        *,
        who: str,
        time: Instant,
        after: int | None = None,
    ) -> PlacementVersion:
        """Put a version in force.

        With `after` (0: none was there) it must follow upon that version. Raises ChangedMeanwhile.
        """
        told = None if content is None else orjson.dumps(content).decode()
        row = {"time": time, "who": who, "name": name, "content": told}
        with self._database.writing(_ROOM) as connection:
            last = connection.scalar(sa.select(sa.func.max(_P.version)).where(_P.name == name))
            if after is not None and after != (last or 0):
                raise ChangedMeanwhile(
                    f"the placement {name} was changed since it was read; read it again"
                )
            insert = sa.insert(PLACEMENTS_TABLE).values(**row)
            found: Any = connection.execute(insert).inserted_primary_key
            self._database.bump(connection, PLACEMENTS_CHANGED)
        return PlacementVersion(int(found[0]), time, who, name, content)


def _read(row: tuple[Any, ...]) -> PlacementVersion:
    *rest, content = row
    return PlacementVersion._make([*rest, None if content is None else orjson.loads(content)])
