"""What each user did, kept in memory and brought up to date at every request.

A request reads the user's own events from the last one known on. That one must come back as the
first: where it does not, the user was erased, and everything known of them is dropped.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from sys import intern
from threading import Lock
from typing import Final

from shortlist.core.errors import StorageFailed
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.history import History, Kinds
from shortlist.storage.facts import EventRow, Facts
from shortlist.storage.facts.revisions import ERASED

NOBODY: Final[tuple[EventRow, ...]] = ()


@dataclass(frozen=True)
class Known:
    """What is known of a user (or a session)."""

    rows: Sequence[EventRow]
    """Their newest events, in the order of arrival."""
    history: History | None = None
    """The same for the catalogue below."""
    catalogue: Catalogue | None = None

    @property
    def sequence(self) -> int:
        """The number of the newest event; 0 where there is none."""
        return self.rows[-1].sequence if self.rows else 0


NOTHING: Final = Known(NOBODY)


class Histories:
    """The last known events of the users who asked last."""

    def __init__(self, facts: Facts, kinds: Kinds, *, remembered: int, kept: int) -> None:
        self._facts = facts
        self._kinds = kinds
        self._remembered = remembered
        self._room = kept
        self._held = 0
        self._lock = Lock()
        self._erasures: int | None = None
        self._known: OrderedDict[tuple[str, str], Known] = OrderedDict()

    def read(self, user: str | None, session: str | None) -> Known:
        """What the user did until now; of a session, where there is no user.

        Raises StorageFailed where the database does not answer.
        """
        key = _key(user, session)
        if key is None:
            return Known(NOBODY)
        before = self._known.get(key)
        if before is None or not before.rows:
            rows = self._recent(*key)
        else:
            rows = self._tail(*key, before)
            if rows is before.rows:
                return before
        found = Known(rows)
        self._keep(key, found)
        return found

    def last_known(self, user: str | None, session: str | None) -> Known:
        """What was known when they asked last, unread."""
        key = _key(user, session)
        return (key and self._known.get(key)) or Known(NOBODY)

    def told(
        self, known: Known, user: str | None, session: str | None, catalogue: Catalogue
    ) -> History:
        """The events as a history on a catalogue; worked out once for each state of a user."""
        if known.history is not None and known.catalogue is catalogue:
            return known.history
        history = history_of(known.rows, catalogue, self._kinds)
        key = _key(user, session)
        if key is not None:
            self._keep(key, Known(known.rows, history, catalogue))
        return history

    def refresh(self) -> bool:
        """Look whether events were erased anywhere; all that is known is then read anew."""
        erasures = self._facts.revision(ERASED)
        with self._lock:
            before, self._erasures = self._erasures, erasures
            if before is None or before == erasures:
                return False
            self._known.clear()
            self._held = 0
            return True

    def forget(self, user: str) -> None:
        """Drop what is known of a user."""
        with self._lock:
            gone = self._known.pop(("user", user), NOTHING)
            self._held -= len(gone.rows)

    def _recent(self, by: str, who: str) -> Sequence[EventRow]:
        recent = self._facts.recent_of if by == "user" else self._facts.recent_of_session
        return _sound(recent(who, self._remembered))

    def _tail(self, by: str, who: str, before: Known) -> Sequence[EventRow]:
        tail = self._facts.tail_of if by == "user" else self._facts.tail_of_session
        rows = _sound(tail(who, before.sequence))
        if not rows or rows[0].sequence != before.sequence:
            return self._recent(by, who)
        if len(rows) == 1:
            return before.rows
        return [*before.rows, *rows[1:]][-self._remembered :]

    def _keep(self, key: tuple[str, str], known: Known) -> None:
        with self._lock:
            self._held += len(known.rows) - len(self._known.get(key, NOTHING).rows)
            self._known[key] = known
            self._known.move_to_end(key)
            while self._held > self._room or len(self._known) > self._room:
                _, gone = self._known.popitem(last=False)
                self._held -= len(gone.rows)


def history_of(rows: Sequence[EventRow], catalogue: Catalogue, kinds: Kinds) -> History:
    """Events in the order of arrival as a history."""
    return History.of(
        catalogue,
        kinds,
        [row.item for row in rows],
        [row.kind for row in rows],
        [row.value for row in rows],
        [row.time for row in rows],
    )


def _key(user: str | None, session: str | None) -> tuple[str, str] | None:
    if user is not None:
        return "user", user
    return None if session is None else ("session", session)


def _sound(rows: list[EventRow]) -> list[EventRow]:
    """The rows, unless they cannot be what was written. Raises StorageFailed.

    The names of items and kinds are shared, of which a database gives another copy with each row.
    """
    found = []
    for row in rows:
        texts = isinstance(row.item, str) and isinstance(row.kind, str)
        numbers = isinstance(row.value, float | int | None) and isinstance(row.time, int | None)
        if not (texts and numbers):
            raise StorageFailed(f"the event {row.sequence} of the log is damaged")
        found.append(row._replace(item=intern(row.item), kind=intern(row.kind)))
    return found
