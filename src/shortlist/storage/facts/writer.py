"""Many callers, one commit: events that wait together are written together."""

from collections import deque
from collections.abc import Sequence
from threading import Condition, Thread
from threading import Event as Signal
from time import perf_counter
from typing import Final

import numpy as np

from shortlist.core.errors import (
    Overloaded,
    ShortlistError,
    StorageFailed,
    Unavailable,
    Unconfirmed,
)
from shortlist.core.events import Event
from shortlist.storage.facts.appended import Appended
from shortlist.storage.facts.log import EventLog

GROUP: Final = 10_000
"""Events at which a transaction takes no more: what comes behind it waits for a commit only."""

PATIENCE: Final = 0.25
"""The share of the last commit's time for which those it answered are waited for to come again."""

LONGEST_WAIT: Final = 0.005
"""Seconds that are waited at most."""


class EventWriter:
    """Writes the events of many threads from one thread of its own, and answers after the commit.

    While one group is being committed the next one gathers: the more is waiting, the more shares
    a commit. Callers who are answered together come again one by one; so a group waits a moment
    for as many as came last time, else a first one would have a commit to itself every time.
    """

    def __init__(self, facts: EventLog, capacity: int = 100_000) -> None:
        self._facts = facts
        self._capacity = capacity
        self._queue: deque[_Ticket] = deque()
        self._waiting = 0
        self._company = 1
        self._seconds = 0.0
        self._closing = False
        self._death: BaseException | None = None
        self._changed = Condition()
        self._thread = Thread(target=self._run, name="event-writer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Events that were handed in and are not committed yet."""
        return self._waiting

    def append(self, events: Sequence[Event], timeout: float) -> Appended:
        """Keep events; they are on disk when this returns.

        Raises Overloaded at once where too many wait; Unconfirmed where the commit takes longer
        than `timeout` seconds; StorageFailed where the database refuses; Invalid where these
        events are the reason. After an error the same events may be sent again.
        """
        if not events:
            return Appended(np.empty(0, np.int8), self._facts.last_sequence())
        ticket = _Ticket(events)
        self._enter(ticket)
        if not ticket.answered.wait(timeout):
            raise Unconfirmed(
                f"the commit takes longer than {timeout:g} seconds; the events may still be kept. "
                "Send them again with the same ids: none is kept twice"
            )
        return ticket.answer()

    def close(self) -> None:
        """Take no more; return when everything that was taken is committed."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _enter(self, ticket: "_Ticket") -> None:
        count = len(ticket.events)
        with self._changed:
            if self._death is not None:
                raise StorageFailed(f"the writer of events has died: {self._death!r}")
            if self._closing:
                raise Unavailable("no more events are taken: the server is stopping")
            if self._waiting and self._waiting + count > self._capacity:
                raise Overloaded(f"{self._waiting:,} events wait to be written; try again soon")
            self._waiting += count
            self._queue.append(ticket)
            self._changed.notify()

    def _run(self) -> None:
        group: list[_Ticket] = []
        try:
            while group := self._gather():
                started = perf_counter()
                self._commit(group)
                self._company, self._seconds = len(group), perf_counter() - started
                with self._changed:
                    self._waiting -= sum(len(each.events) for each in group)
        except BaseException as death:
            self._die(death, group)
            raise

    def _gather(self) -> "list[_Ticket]":
        """What waits, in the order it came; nothing when it is time to stop."""
        group: list[_Ticket] = []
        count = 0
        with self._changed:
            while not self._queue and not self._closing:
                self._changed.wait()
            pause = min(PATIENCE * self._seconds, LONGEST_WAIT)
            self._changed.wait_for(self._has_company, pause)
            while self._queue and count < GROUP:
                group.append(self._queue.popleft())
                count += len(group[-1].events)
        return group

    def _has_company(self) -> bool:
        return self._closing or len(self._queue) >= self._company

    def _commit(self, group: "list[_Ticket]") -> None:
        """Write a group; each by itself where the fault may be one's own and not the database's."""
        try:
            answers = self._facts.append_each([each.events for each in group])
        except Exception as error:  # noqa: BLE001  whoever waits must be told
            if len(group) > 1 and not isinstance(error, StorageFailed):
                for each in group:
                    self._commit([each])
            else:
                for each in group:
                    each.fail(error)
        else:
            for each, appended in zip(group, answers, strict=True):
                each.succeed(appended)

    def _die(self, death: BaseException, group: "list[_Ticket]") -> None:
        with self._changed:
            self._death = death
            left = [*group, *self._queue]
            self._queue.clear()
        for each in left:
            each.fail(death)


class _Ticket:
    """Events that wait, and what became of them."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self.answered = Signal()
        self._appended: Appended | None = None
        self._error: ShortlistError | None = None

    def succeed(self, appended: Appended) -> None:
        self._appended = appended
        self.answered.set()

    def fail(self, error: BaseException) -> None:
        self._error = _foreseen(error)
        self.answered.set()

    def answer(self) -> Appended:
        if self._appended is None:
            raise self._error or StorageFailed()
        return self._appended


def _foreseen(error: BaseException) -> ShortlistError:
    """The error as its caller meets it, an object for each: several threads raise it."""
    if isinstance(error, ShortlistError):
        known = type(error)(str(error))
    else:
        known = StorageFailed(f"the events were not kept: {error!r}")
    known.__cause__ = error
    return known
