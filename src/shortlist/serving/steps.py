"""Work in steps, each with a deadline: what fails or is late is left out and named.

One helping thread does the steps in order while the caller waits. When a step overruns, the
caller gives the thread up and has another go on with the next step: a request that meets no
trouble pays for one hand-over, whatever the number of its steps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Condition
from time import perf_counter
from typing import Any, NamedTuple

from shortlist.core.errors import Invalid
from shortlist.core.lanes import Lanes

Results = Mapping[str, Any]
"""What the steps before gave, by name; a step that was left out has no entry."""


class Step(NamedTuple):
    """One stage of an answer."""

    name: str
    work: Callable[[Results], Any]
    most: float
    """Seconds it may take."""
    by: float
    """Seconds from the start of all by which it must be done."""


@dataclass
class Outcome:
    """What became of the steps."""

    results: dict[str, Any] = field(default_factory=dict)
    failed: dict[str, BaseException] = field(default_factory=dict)
    """Those that raised."""
    late: list[str] = field(default_factory=list)
    """Those that were not done in time, or not begun because the time was over."""
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each that was done took."""


def run(steps: Sequence[Step], lanes: Lanes) -> Outcome:
    """Do the steps, in order.

    A step that raises Invalid ends the run: it is the caller's mistake and is raised again.
    """
    turn = _Turn(steps)
    lanes.start(lambda: turn.work(0))
    while (lost := turn.wait()) is not None:
        lanes.start(lambda shift=lost: turn.work(shift))  # type: ignore[misc]
    for error in turn.outcome.failed.values():
        if isinstance(error, Invalid):
            raise error
    return turn.outcome


class _Turn:
    """The progress of one run, shared by its caller and the thread that works for it."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.outcome = Outcome()
        self._steps = steps
        self._at = 0
        self._shift = 0
        """Which of the threads is at work; what an earlier one still brings is dropped."""
        self._began = self._since = perf_counter()
        self._changed = Condition()

    def work(self, shift: int) -> None:
        """Do what is left, until all is done or another thread has taken over."""
        step = self._first(shift)
        while step is not None:
            value, error = None, None
            try:
                value = step.work(self.outcome.results)
            except BaseException as raised:  # noqa: BLE001  named in the answer, and logged there
                error = raised.with_traceback(None)  # which would hold on to all results
            step = self._next(shift, step, value, error)

    def wait(self) -> int | None:
        """Wait until all is done (None), or a step is late (the shift that must take over)."""
        with self._changed:
            while self._at < len(self._steps):
                step = self._steps[self._at]
                left = self._limit(step) - perf_counter()
                if left > 0:
                    self._changed.wait(left)
                    continue
                self.outcome.late.append(step.name)
                self._advance(perf_counter())
                self._shift += 1
                return self._shift
        return None

    def _first(self, shift: int) -> Step | None:
        """What a thread begins with."""
        with self._changed:
            return self._due(perf_counter()) if shift == self._shift else None

    def _next(self, shift: int, step: Step, value: Any, error: BaseException | None) -> Step | None:
        """Take what a step gave, and say what comes next; nothing for a thread that was given up.

        Both at once: a list has sixteen steps, and begins and ends them in under 0.1 ms.
        """
        with self._changed:
            if shift != self._shift:
                return None
            now = perf_counter()
            if error is None:
                self.outcome.results[step.name] = value
                self.outcome.seconds[step.name] = now - self._since
            else:
                self.outcome.failed[step.name] = error
                if isinstance(error, Invalid):
                    self._at = len(self._steps) - 1
            self._advance(now)
            return self._due(now)

    def _due(self, now: float) -> Step | None:
        """The next step whose time is not over."""
        while self._at < len(self._steps):
            step = self._steps[self._at]
            if now < self._began + step.by:
                return step
            self.outcome.late.append(step.name)
            self._advance(now)
        return None

    def _advance(self, now: float) -> None:
        self._at += 1
        self._since = now
        if self._at >= len(self._steps):
            self._changed.notify()

    def _limit(self, step: Step) -> float:
        return min(self._since + step.most, self._began + step.by)
