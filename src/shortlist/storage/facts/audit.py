"""What people changed by hand: who, what, about what, when."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson
import sqlalchemy as sa

from shortlist.core.times import Instant
from shortlist.storage.facts.database import Database
from shortlist.storage.facts.schema import AUDIT_TABLE

ABOUT_USERS: Final = "user."
"""How the words for changes of users begin: their lines go when the user is erased."""


class Change(NamedTuple):
    """One change."""

    sequence: int
    time: Instant
    who: str
    """The login of the person."""
    what: str
    """A word such as `model.promote`."""
    about: str
    """The id of what was changed; empty where it must not be kept."""
    detail: Mapping[str, Any]


_A: Final = AUDIT_TABLE.c
_NEWEST: Final = (
    sa.select(*(_A[name] for name in Change._fields))
    .where(_A.sequence < sa.bindparam("before"))
    .order_by(_A.sequence.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
_END: Final = 2**63 - 1
_ROOM: Final = "audit"


class AuditRows:
    """The log of changes: nothing in it is changed, and what names an erased user is removed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, who: str, what: str, about: str, *, time: Instant, detail: Mapping[str, Any]
    ) -> None:
        """Write a change down."""
        told = orjson.dumps(detail).decode()
        row = {"time": time, "who": who, "what": what, "about": about, "detail": told}
        with self._database.writing(_ROOM) as connection:
            connection.execute(sa.insert(AUDIT_TABLE).values(**row))

    def newest(self, limit: int, before: int | None = None) -> list[Change]:
        """The newest changes, newest first; with `before` those of smaller sequence numbers."""
        end = _END if before is None else before
        found = self._database.rows(_NEWEST, before=end, limit=limit)
        return [Change._make([*rest, orjson.loads(detail)]) for *rest, detail in found]


def about_user(user: str) -> sa.ColumnElement[bool]:
    """The lines that name a user."""
    return sa.and_(_A.about == user, _A.what.startswith(ABOUT_USERS))
