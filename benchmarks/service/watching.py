"""What is done to a server, and looked at, while it is under load."""

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event, Thread

from family import Memory, learns, lives, memory
from open_loop import Record
from running import PATIENCE, Server

LOOK = 0.05
"""Seconds between two looks whether another worker has come."""

AFTER = 10.0
"""Seconds after a kill in which what clients see is put down to it."""


@dataclass(frozen=True)
class Sample:
    """The memory at an instant."""

    seconds: float
    memory: Memory
    """Of the processes that serve."""
    learning: Memory
    """Of the one that trains beside them."""
    processes: int


class Sampling:
    """Reads the memory of all processes of a server, from now until it is stopped."""

    def __init__(self, server: Server, every: float) -> None:
        self._server = server
        self._every = every
        self._began = time.monotonic()
        self._done = Event()
        self.samples: list[Sample] = [self._sample()]
        self._thread = Thread(target=self._run, name="sampling", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it, with a last look."""
        self._done.set()
        self._thread.join()
        self.samples.append(self._sample())

    def _run(self) -> None:
        while not self._done.wait(self._every):
            self.samples.append(self._sample())

    def _sample(self) -> Sample:
        family = self._server.family()
        learning = [each for each in family if learns(each)]
        serving = [each for each in family if each not in learning]
        seconds = time.monotonic() - self._began
        return Sample(seconds, memory(serving), memory(learning), len(family))


class Killing:
    """Kills one worker after some seconds, and waits until another has taken its place."""

    def __init__(self, server: Server, seconds: float) -> None:
        self._server = server
        self._seconds = seconds
        self._back: float | None = None
        self._thread = Thread(target=self._run, name="killing", daemon=True)
        self._thread.start()

    def join(self) -> None:
        self._thread.join()

    def told(self, records: Sequence[Record]) -> str:
        """What clients saw within ten seconds."""
        near = [each for each in records if self._seconds - 1 <= each.due < self._seconds + AFTER]
        lost = [each for each in near if not each.status]
        failed = [each for each in near if each.status >= 500]
        slowest = max((each.milliseconds for each in near if each.status), default=0.0)
        back = "no other had come" if self._back is None else f"{self._back:.1f} s later"
        return (
            f"One worker was killed after {self._seconds:.0f} s; another was warm {back}. Of "
            f"{len(near):,} requests within {AFTER:g} s {len(lost)} found the connection ended "
            f"that the killed one had held ({_by_sort(lost)}), {len(failed)} were answered with "
            f"500 or above; the slowest answer took {slowest:.0f} ms."
        )

    def _run(self) -> None:
        time.sleep(self._seconds)
        before = self._server.workers()
        os.kill(before[0], signal.SIGKILL)
        killed = time.monotonic()
        while time.monotonic() < killed + PATIENCE:
            if [each for each in self._server.workers() if each not in before and lives(each)]:
                self._back = time.monotonic() - killed
                return
            time.sleep(LOOK)


def _by_sort(records: Sequence[Record]) -> str:
    sorts = sorted({each.deed.sort for each in records})
    counts = (f"{sum(each.deed.sort == sort for each in records)} {sort}" for sort in sorts)
    return ", ".join(counts) or "none"
