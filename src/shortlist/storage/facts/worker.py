"""What the worker says of itself, for whoever wants to see it at work."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
import sqlalchemy as sa

from shortlist.core.times import Instant
from shortlist.storage.facts.database import Database
from shortlist.storage.facts.schema import WORKER_TABLE

_ROOM: Final = "models"
_W: Final = WORKER_TABLE.c
_SAID: Final = sa.select(_W.time, _W.content).where(_W.name == sa.bindparam("name"))


class WorkerRows:
    """The newest word under each name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def say(self, name: str, content: Mapping[str, Any], time: Instant) -> None:
        """Replace what was said under a name."""
        row = {"time": time, "content": orjson.dumps(content).decode()}
        insert = self._database.insert_into(WORKER_TABLE).values(name=name, **row)
        replaced = insert.on_conflict_do_update(index_elements=["name"], set_=row)
        with self._database.writing(_ROOM) as connection:
            connection.execute(replaced)

    def said(self, name: str) -> tuple[Instant, Mapping[str, Any]] | None:
        """When something was said under a name last, and what; None where nothing was."""
        found = self._database.rows(_SAID, name=name)
        if not found:
            return None
        ((time, content),) = found
        return int(time), orjson.loads(content)
