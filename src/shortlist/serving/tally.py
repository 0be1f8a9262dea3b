"""What happens is counted minute by minute in memory, until somebody writes it down."""

from collections import Counter, deque
from threading import Lock
from typing import Final

from shortlist.core.clock import Clock, SystemClock
from shortlist.core.times import MINUTE, Instant
from shortlist.storage.facts.refusals import Refusal

MOST_MINUTES: Final = 180
"""Minutes that are held where nobody takes them: the oldest go first."""

MOST_REFUSALS: Final = 20
"""Refused events that are held as examples: the newest."""


class Tally:
    """Counts by name. Threads may count at once; it costs a microsecond or two."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._lock = Lock()
        self._minutes: dict[Instant, Counter[str]] = {}
        self._refusals: deque[Refusal] = deque(maxlen=MOST_REFUSALS)

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

    def refuse(self, reason: str, place: str) -> None:
        """Count a refused event, and hold it as an example."""
        self.count(f"refused_events/{reason}")
        self._refusals.append(Refusal(self._clock.now(), reason, place))

    def refusals(self) -> list[Refusal]:
        """The newest of those refused since the last time."""
        with self._lock:
            taken = list(self._refusals)
            self._refusals.clear()
        return taken

    def taken(self) -> dict[Instant, Counter[str]]:
        """What was counted since the last time, by the minute it was counted in."""
        with self._lock:
            taken, self._minutes = self._minutes, {}
        return taken
