"""How the service goes over time: requests, durations, failures, events, the age of the model.

Each process counts for itself and writes a row for every minute and every hour it lives in, again
and again while that lasts: totals of its own, so that no two processes ever change one row, and one
that dies loses the seconds since its last word. Whoever looks adds the rows of all processes up.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import structlog

from shortlist.core.clock import Clock
from shortlist.core.durations import quantile_of
from shortlist.core.errors import StorageFailed
from shortlist.core.times import DAY, HOUR, MINUTE, SECOND, Instant
from shortlist.serving.tally import Tally
from shortlist.storage.facts.measures import Measure, MeasureRows
from shortlist.storage.facts.refusals import Refusal, RefusalRows

LOG = structlog.get_logger("shortlist.course")

LENGTHS: Final = (MINUTE, HOUR)
"""How long the stretches are that are written down."""

KEPT: Final[Mapping[int, int]] = {MINUTE: 6 * HOUR, HOUR: 90 * DAY}
"""How long stretches of each length are kept."""

WAITING: Final = 500
"""Stretches that wait at most where the database refuses: some hours."""


class Range(NamedTuple):
    """How far back something is drawn, and in which steps."""

    stored: int
    """The length of the stretches it is put together from."""
    step: int
    steps: int


RANGES: Final[Mapping[str, Range]] = {
    "hour": Range(MINUTE, MINUTE, 60),
    "day": Range(HOUR, HOUR, 24),
    "month": Range(HOUR, DAY, 30),
}


@dataclass(frozen=True)
class Moment:
    """What all processes together counted in one step of a range."""

    start: Instant
    counts: Counter[str] = field(default_factory=Counter)
    gauges: dict[str, float] = field(default_factory=dict)
    """The largest that any process told; nothing where none did."""

    def number(self, name: str) -> int:
        """How often something was counted."""
        return self.counts[name]

    def under(self, beginning: str) -> dict[str, int]:
        """What was counted under names that begin like this, by the rest of the name."""
        return {
            name.removeprefix(beginning): number
            for name, number in self.counts.items()
            if name.startswith(beginning)
        }

    def quantile(self, beginning: str, share: float) -> float:
        """A quantile of durations that were counted by their buckets; NaN where there are none."""
        found = self.under(beginning)
        return quantile_of({int(bucket): number for bucket, number in found.items()}, share)


Key = tuple[int, Instant]


class Course:
    """Writes down what one process counts, and reads what all of them did."""

    def __init__(
        self, measures: MeasureRows, refusals: RefusalRows, tally: Tally, clock: Clock
    ) -> None:
        self._measures = measures
        self._refusals = refusals
        self._tally = tally
        self._clock = clock
        self._process = secrets.token_hex(8)
        self._sums: dict[Key, Counter[str]] = defaultdict(Counter)
        self._gauges: dict[Key, Mapping[str, float]] = {}
        self._waiting: set[Key] = set()
        self._told: Key | None = None
        self._pruned = -HOUR

    def look(self, gauges: Mapping[str, float]) -> None:
        """Write down what was counted since the last look, and the gauges once a minute."""
        now = self._clock.now()
        for minute, counts in self._tally.taken().items():
            for length in LENGTHS:
                key = (length, minute // length * length)
                self._sums[key] += counts
                self._waiting.add(key)
        current = [(length, now // length * length) for length in LENGTHS]
        if self._waiting or self._told != current[0]:
            self._gauges |= dict.fromkeys(current, gauges)
            self._waiting.update(current)
        if self._waiting and self._written():
            self._told = current[0]
        self._write_refusals()
        self._forget(current)
        self._prune(now)

    def refused(self, limit: int) -> list[Refusal]:
        """The newest events that were refused over HTTP, by any process."""
        return self._refusals.newest(limit)

    def over(self, name: str) -> list[Moment]:
        """The steps of a range up to now, the oldest first, with and without counts."""
        stored, step, steps = RANGES[name]
        newest = self._clock.now() // step * step
        first = newest - (steps - 1) * step
        moments = [Moment(first + nth * step) for nth in range(steps)]
        for each in self._measures.since(stored // SECOND, first):
            place = (each.start - first) // step
            if place < steps:
                moments[place].counts.update(each.content["counts"])
                _raise(moments[place].gauges, each.content["gauges"])
        return moments

    def _written(self) -> bool:
        rows = [self._measure(each) for each in sorted(self._waiting)]
        try:
            self._measures.put(rows)
        except StorageFailed as error:
            LOG.warning("measures wait", stretches=len(rows), problem=str(error))
            return False
        self._waiting.clear()
        return True

    def _write_refusals(self) -> None:
        """They are examples: those that the database refuses are lost."""
        try:
            self._refusals.add(self._tally.refusals())
        except StorageFailed as error:
            LOG.warning("refusals are not written", problem=str(error))

    def _measure(self, key: Key) -> Measure:
        length, start = key
        content = {"counts": dict(self._sums[key]), "gauges": dict(self._gauges.get(key, {}))}
        return Measure(length // SECOND, start, self._process, content)

    def _forget(self, current: Sequence[Key]) -> None:
        """Drop stretches that are over and written, and the oldest where too many wait."""
        for each in sorted(self._waiting, key=lambda key: key[1])[:-WAITING]:
            self._waiting.discard(each)
        for held in (self._sums, self._gauges):
            for key in [each for each in held if each not in self._waiting]:
                # What was counted a moment before the turn of a minute may come after it.
                if key[1] < dict(current)[key[0]] - key[0]:
                    del held[key]

    def _prune(self, now: Instant) -> None:
        if now - self._pruned < HOUR:
            return
        self._pruned = now
        try:
            self._measures.prune({length // SECOND: now - kept for length, kept in KEPT.items()})
        except StorageFailed as error:
            LOG.warning("old measures stay", problem=str(error))


def _raise(gauges: dict[str, float], told: Mapping[str, Any]) -> None:
    for name, value in told.items():
        gauges[name] = max(value, gauges.get(name, value))
