"""Rest for what stalls: it is not asked again at once, and then by one request alone."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Final

FIRST: Final = 1.0
"""Seconds of the first rest; each further one is twice as long."""

LONGEST: Final = 30.0

TROUBLES: Final = 3
"""Troubles in a row after which a part rests: one late answer on a busy machine is none yet."""


@dataclass
class _Record:
    troubles: int = 0
    until: float = 0.0


class Breaker:
    """Remembers which parts are resting (Nygard 2007, "Circuit Breaker")."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._records: dict[str, _Record] = {}

    def may(self, part: str) -> bool:
        """Whether a part may be asked. After a rest one asker may try, the others wait on."""
        record = self._records.get(part)
        if record is None or record.troubles < TROUBLES:
            return True
        with self._lock:
            if record.until > self._now():
                return False
            record.until = self._now() + self._rest(record)
            return True

    def went_well(self, part: str) -> None:
        """The part answered in time."""
        if part in self._records:
            with self._lock:
                self._records.pop(part, None)

    def went_wrong(self, part: str) -> None:
        """The part failed or was late."""
        with self._lock:
            record = self._records.setdefault(part, _Record())
            record.troubles += 1
            record.until = self._now() + self._rest(record)

    @staticmethod
    def _rest(record: _Record) -> float:
        return min(LONGEST, FIRST * float(2 ** max(0, min(10, record.troubles - TROUBLES))))
