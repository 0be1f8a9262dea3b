"""What just happened: the newest events of somebody, read at every request."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from shortlist.core.times import Instant
from shortlist.storage.facts.database import Database
from shortlist.storage.facts.rows import EventRow
from shortlist.storage.facts.schema import EVENTS_TABLE

_E: Final = EVENTS_TABLE.c
_ROW: Final = sa.select(*(_E[name] for name in EventRow._fields))


def _tail(who: sa.Column[Any]) -> sa.Select[Any]:
    own = _ROW.where(who == sa.bindparam("who"), _E.sequence >= sa.bindparam("since"))
    return own.order_by(_E.sequence)


def _newest(who: sa.Column[Any]) -> sa.Select[Any]:
    own = _ROW.where(who == sa.bindparam("who"), _E.sequence < sa.bindparam("before"))
    return own.order_by(_E.sequence.desc()).limit(sa.bindparam("limit", type_=sa.Integer))


_USER_TAIL: Final = _tail(_E.user)
_USER_NEWEST: Final = _newest(_E.user)
_SESSION_TAIL: Final = _tail(_E.session)
_SESSION_NEWEST: Final = _newest(_E.session)
_PAGE: Final = 10_000
_NEXT: Final = (
    sa.select(_E.time, _E.sequence)
    .where(_E.sequence > sa.bindparam("after"))
    .order_by(_E.sequence)
    .limit(_PAGE)
    .subquery()
)
_CLOCK: Final = sa.select(
    sa.func.max(_NEXT.c.time), sa.func.max(_NEXT.c.sequence), sa.func.count()
).select_from(_NEXT)
"""In pages: without a limit PostgreSQL reads the whole log to look at its end."""
_END: Final = 2**63 - 1
_FOLDED: Final = (_E.sequence, _E.user, _E.item, _E.kind, _E.value, _E.time)
_AFTER: Final = (
    sa.select(*_FOLDED)
    .where(_E.sequence > sa.bindparam("after"))
    .order_by(_E.sequence)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


class Tail(Database):
    """Reads of a few events by who they are of."""

    def tail_of(self, user: str, since: int) -> list[EventRow]:
        """A user's events from a sequence number on, in the order of arrival.

        The event of that number is among them: one who knew it sees by its absence that the user
        was erased.
        """
        return self._events(_USER_TAIL, who=user, since=since)

    def tail_of_session(self, session: str, since: int) -> list[EventRow]:
        """`tail_of` for a session."""
        return self._events(_SESSION_TAIL, who=session, since=since)

    def recent_of(self, user: str, limit: int) -> list[EventRow]:
        """A user's newest events, in the order of arrival."""
        return self._events(_USER_NEWEST, who=user, before=_END, limit=limit)[::-1]

    def recent_of_session(self, session: str, limit: int) -> list[EventRow]:
        """`recent_of` for a session."""
        return self._events(_SESSION_NEWEST, who=session, before=_END, limit=limit)[::-1]

    def events_of(self, user: str, before: int | None, limit: int) -> list[EventRow]:
        """A user's events, the newest first; with `before` those of smaller sequence numbers."""
        end = _END if before is None else before
        return self._events(_USER_NEWEST, who=user, before=end, limit=limit)

    def log_after(self, sequence: int, limit: int) -> list[tuple[Any, ...]]:
        """The next events behind a sequence number, by number, for those who follow the log.

        Of each its number, user, item, kind, value and instant.
        """
        return self.rows(_AFTER, after=sequence, limit=limit)

    def events_until(self, users: Sequence[str], sequence: int) -> dict[str, list[EventRow]]:
        """The events of some users up to a sequence number, each user's in the order of arrival."""
        own = sa.select(_E.user, *(_E[name] for name in EventRow._fields))
        own = own.where(self.among(_E.user, users), _E.sequence <= sequence)
        found: dict[str, list[EventRow]] = {}
        for user, *event in self.tuples(own.order_by(_E.sequence)):
            found.setdefault(user, []).append(EventRow._make(event))
        return found

    def newest_time(self, after_sequence: int = 0) -> tuple[Instant | None, int]:
        """The latest instant among the events after a sequence number, and where the log ends.

        None where there are none, or none with an instant; the number is then the given one.
        """
        latest: Instant | None = None
        while True:
            ((time, sequence, count),) = self.rows(_CLOCK, after=after_sequence)
            if time is not None:
                latest = time if latest is None else max(latest, time)
            after_sequence = sequence or after_sequence
            if count < _PAGE:
                return latest, after_sequence

    def _events(self, query: sa.Select[Any], **values: Any) -> list[EventRow]:
        return [EventRow._make(each) for each in self.rows(query, **values)]
