"""The clock of a log: now is the time of its newest event."""

from contextlib import suppress
from threading import Lock

from shortlist.core.clock import Clock, SystemClock
from shortlist.core.errors import Unavailable
from shortlist.core.times import Instant
from shortlist.storage.facts import Facts


class LogClock(Clock):
    """Lives through an old log as if it were live: asked, it reads what came since it last was.

    An empty log has the machine's time. Where the database does not answer, time stands still.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._lock = Lock()
        self._newest: Instant | None = None
        self._sequence = 0

    def now(self) -> Instant:
        with self._lock:
            with suppress(Unavailable):
                newest, sequence = self._facts.newest_time(self._sequence)
                self._sequence = max(self._sequence, sequence)
                if newest is not None:
                    self._newest = newest if self._newest is None else max(newest, self._newest)
            return SystemClock().now() if self._newest is None else self._newest
