"""When keys were used last: collected while requests are answered, written once a minute."""

from collections.abc import Callable, Mapping
from threading import Event, Lock, Thread
from typing import Final

import structlog

from shortlist.core.errors import ShortlistError
from shortlist.core.times import Instant

LOG: Final = structlog.get_logger("shortlist.auth")

Write = Callable[[Mapping[str, Instant]], None]


class Uses:
    """Remembers the newest use of each key, and hands them all on at intervals."""

    def __init__(self, write: Write, *, every_seconds: float = 60.0) -> None:
        self._write = write
        self._every = every_seconds
        self._waiting: dict[str, Instant] = {}
        self._lock = Lock()
        self._closed = Event()
        self._thread: Thread | None = None

    def note(self, key: str, at: Instant) -> None:
        """Remember a use; costs a lock and no more."""
        with self._lock:
            self._waiting[key] = at
            if self._thread is None and not self._closed.is_set():
                self._thread = Thread(target=self._run, name="key-uses", daemon=True)
                self._thread.start()

    def flush(self) -> None:
        """Hand on what was remembered; what cannot be written waits for the next time."""
        with self._lock:
            handed, self._waiting = self._waiting, {}
        if not handed:
            return
        try:
            self._write(handed)
        except ShortlistError as error:
            LOG.warning("uses of keys not written", reason=str(error))
            with self._lock:
                self._waiting = {**handed, **self._waiting}

    def close(self) -> None:
        """Hand on what is left, and stop."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()
        self.flush()

    def _run(self) -> None:
        while not self._closed.wait(self._every):
            self.flush()
