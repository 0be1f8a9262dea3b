"""What happens is counted minute by minute in memory, until somebody writes it down."""

from collections import Counter
from threading import Lock
from typing import Final

from shortlist.core.clock import Clock, SystemClock
from shortlist.core.times import MINUTE, Instant

MOST_MINUTES: Final = 180
"""Minutes that are held where nobody takes them: the oldest go first."""


class Tally:
    """Counts by name. Threads may count at once; it costs a microsecond or two."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._lock = Lock()
        self._minutes: dict[Instant, Counter[str]] = {}

    def count(self, *names: str, number: int = 1) -> None:
        """Count something under each of some names."""
        minute = self._clock.now() // MINUTE * MINUTE
        with self._lock:
            counts = self._minutes.get(minute)
            if counts is None:
                counts = self._minutes[minute] = Counter()
                while len(self._minutes) > MOST_MINUTES:
                    del self._minutes[min(self._minutes)]
            for each in names:
                counts[each] += number

    def taken(self) -> dict[Instant, Counter[str]]:
        """What was counted since the last time, by the minute it was counted in."""
        with self._lock:
            taken, self._minutes = self._minutes, {}
        return taken
