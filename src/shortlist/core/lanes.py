"""Threads that work for requests, and whose stalling never holds a request or the exit."""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

Job = Callable[[], None]


class Lanes:
    """A pool of daemon threads, made as they are needed and kept.

    A job that never ends costs its thread. Over `most` threads, jobs wait for one to come free,
    which callers notice by their own deadlines.
    """

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._lock = Lock()
        self._free = 0
        self._made = 0

    @property
    def busy(self) -> int:
        """Threads that are at work, or stuck."""
        return self._made - self._free

    def start(self, job: Job) -> None:
        """Have a job done by a free thread; it must not raise."""
        with self._lock:
            make = self._free <= 0 and self._made < self._most
            self._made += make
            self._free -= not make
        self._jobs.put(job)
        if make:
            Thread(target=self._work, name="lane", daemon=True).start()

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job()
            finally:
                with self._lock:
                    self._free += 1
