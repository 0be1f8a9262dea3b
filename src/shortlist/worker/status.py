"""What the worker is doing, for whoever looks: a row in the database."""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any, Final

import structlog

from shortlist.core.clock import Clock
from shortlist.core.errors import StorageFailed
from shortlist.online.models import STATUS
from shortlist.storage.facts import Facts

LOG = structlog.get_logger("shortlist.worker")

EVERY: Final = 1.0
"""Seconds between two words about one phase."""


class Stopped(Exception):  # noqa: N818  no fault: somebody said so
    """The worker was told to stop, in the middle of something that can be done again."""


class Status:
    """Writes down phase and progress, now and then; and lets long work be stopped."""

    def __init__(self, facts: Facts, clock: Clock, stopping: Callable[[], bool]) -> None:
        self._facts = facts
        self._clock = clock
        self._stopping = stopping
        self._phase = ""
        self._when = 0.0
        self._comparisons: Sequence[Mapping[str, Any]] = ()

    def say(self, phase: str, done: int, of: int) -> None:
        """The phase, how far it is, and how far it goes. Raises Stopped where that was asked."""
        now = monotonic()
        if phase != self._phase or now - self._when >= EVERY:
            self._phase, self._when = phase, now
            self._write({"phase": phase, "done": done, "of": of})
        if self._stopping():
            raise Stopped

    def compared(self, comparisons: Sequence[Mapping[str, Any]]) -> None:
        """The comparisons and their figures; they are told with the next word."""
        self._comparisons = comparisons

    def end(self) -> None:
        """The last word."""
        self._comparisons = ()
        self._write({"phase": "stopped", "done": 0, "of": 0})

    def _write(self, said: Mapping[str, Any]) -> None:
        try:
            told = {**said, "comparisons": [*self._comparisons]}
            self._facts.worker.say(STATUS, told, self._clock.now())
        except StorageFailed as error:
            LOG.warning("the status is not written", problem=str(error))
