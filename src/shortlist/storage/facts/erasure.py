"""Forgetting a person, or what they said: the one place where the log loses something."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from shortlist.storage.facts.audit import about_user
from shortlist.storage.facts.revisions import ERASED, USERS_CHANGED, Revisions
from shortlist.storage.facts.schema import (
    ACCOUNTS_TABLE,
    AUDIT_TABLE,
    DECISIONS_TABLE,
    EVENTS_TABLE,
    SIGN_INS_TABLE,
    USERS_TABLE,
)


class Erasure(NamedTuple):
    """What was removed of a user."""

    events: int
    decisions: int
    sign_ins: int
    account: bool
    profile: bool
    """Whether they were described by attributes."""
    sequence_of_newest: int
    """The number their newest event had; 0 for none. It is not given to another."""


class Erasing(Revisions):
    """Removes a user from every table, or some of their events from the log."""

    def erase_user(self, user: str) -> Erasure:
        """Remove all that is known of a user, in one transaction, and say what it was.

        Erasing again removes nothing more. What was trained before still knows the user's events,
        and a decision that waits in a `DecisionWriter` is not in the table yet: see its `forget`.
        """
        own = EVENTS_TABLE.c.user == user
        account = sa.select(ACCOUNTS_TABLE.c.id).where(ACCOUNTS_TABLE.c.user == user)
        with self.writing() as connection, self.overwriting(connection):
            newest = connection.execute(sa.select(sa.func.max(EVENTS_TABLE.c.sequence)).where(own))
            erasure = Erasure(
                sequence_of_newest=newest.scalar() or 0,
                events=_delete(connection, EVENTS_TABLE, own),
                decisions=_delete(connection, DECISIONS_TABLE, DECISIONS_TABLE.c.user == user),
                sign_ins=_delete(connection, SIGN_INS_TABLE, SIGN_INS_TABLE.c.account.in_(account)),
                account=_delete(connection, ACCOUNTS_TABLE, ACCOUNTS_TABLE.c.user == user) > 0,
                profile=_delete(connection, USERS_TABLE, USERS_TABLE.c.id == user) > 0,
            )
            _delete(connection, AUDIT_TABLE, about_user(user))
            self.bump(connection, ERASED)
            if erasure.profile:
                self.bump(connection, USERS_CHANGED)
        return erasure

    def erase_events(
        self, user: str, item: str, *, kinds: Sequence[str] | None = None, keep: str = ""
    ) -> int:
        """Remove a user's events with an item; of some kinds, where they are named; how many.

        An event of the id `keep` stays. The revision `erasures` tells other processes to read anew.
        """
        own = sa.and_(EVENTS_TABLE.c.user == user, EVENTS_TABLE.c.item == item)
        which = sa.and_(own, EVENTS_TABLE.c.id != keep)
        if kinds is not None:
            which = sa.and_(which, EVENTS_TABLE.c.kind.in_(kinds))
        with self.writing() as connection, self.overwriting(connection):
            gone = _delete(connection, EVENTS_TABLE, which)
            if gone:
                self.bump(connection, ERASED)
        return gone


def _delete(connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool]) -> int:
    result: Any = connection.execute(sa.delete(table).where(which))
    return int(result.rowcount)
