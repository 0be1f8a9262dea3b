"""What the time is: asked of a clock, so that an old log can be lived through again."""

import time
from abc import ABC, abstractmethod

from shortlist.core.times import Instant


class Clock(ABC):
    """Says what the time is."""

    @abstractmethod
    def now(self) -> Instant:
        """The present instant."""


class SystemClock(Clock):
    """The time of the machine."""

    def now(self) -> Instant:
        return time.time_ns() // 1000
