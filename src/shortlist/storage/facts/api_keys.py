"""API keys at rest: what applications show."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, fields
from typing import Any, Final

import sqlalchemy as sa

from shortlist.core.times import Instant
from shortlist.storage.facts.database import Database
from shortlist.storage.facts.schema import API_KEYS_TABLE

_K: Final = API_KEYS_TABLE.c
_ROOM: Final = "keys"


@dataclass(frozen=True)
class ApiKey:
    """One key without its secret: a hash of that, and for a while of the one before it.

    `scopes` are words with spaces between them.
    """

    id: str
    name: str
    hash: str = field(repr=False)
    scopes: str
    created: Instant
    expires: Instant | None = None
    last_used: Instant | None = None
    revoked: Instant | None = None
    old_hash: str | None = field(default=None, repr=False)
    old_until: Instant | None = None


_COLUMNS: Final = tuple(_K[each.name] for each in fields(ApiKey))
_BY_ID: Final = sa.select(*_COLUMNS).where(_K.id == sa.bindparam("wanted"))
_ALL: Final = sa.select(*_COLUMNS).order_by(_K.created, _K.id)


class ApiKeyRows:
    """The table of API keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: ApiKey) -> None:
        """Keep a new key."""
        row = dict(zip((each.name for each in fields(key)), astuple(key), strict=True))
        with self._database.writing(_ROOM) as connection:
            connection.execute(sa.insert(API_KEYS_TABLE).values(row))

    def by_id(self, key: str) -> ApiKey | None:
        """The key of an id: one indexed read, because every request of an application asks."""
        found = self._database.rows(_BY_ID, wanted=key)
        return ApiKey(*found[0]) if found else None

    def all(self) -> list[ApiKey]:
        """All keys, the oldest first."""
        return [ApiKey(*row) for row in self._database.rows(_ALL)]

    def rotate(self, key: str, new: str, until: Instant) -> bool:
        """Give a key a new hash; the one it had is good until an instant. Whether it could be.

        A key that was revoked cannot. The hash before the one it had ends at once.
        """
        return self._change(key, hash=new, old_hash=_K.hash, old_until=until)

    def revoke(self, key: str, now: Instant) -> bool:
        """End a key; whether it had not been ended before."""
        return self._change(key, revoked=now)

    def used(self, when: Mapping[str, Instant]) -> None:
        """Keep when keys were used last; an instant that is earlier than the one kept is not."""
        row = _K.id == sa.bindparam("key")
        older = sa.or_(_K.last_used.is_(None), _K.last_used < sa.bindparam("at"))
        later = sa.update(API_KEYS_TABLE).where(row, older).values(last_used=sa.bindparam("at"))
        with self._database.writing(_ROOM) as connection:
            connection.execute(later, [{"key": key, "at": at} for key, at in when.items()])

    def _change(self, key: str, **new: Any) -> bool:
        live = sa.update(API_KEYS_TABLE).where(_K.id == key, _K.revoked.is_(None))
        with self._database.writing(_ROOM) as connection:
            return connection.execute(live.values(new)).rowcount == 1
