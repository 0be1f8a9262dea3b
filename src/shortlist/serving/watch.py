"""Looking again and again, beside the requests."""

from collections.abc import Callable
from threading import Event, Thread

import structlog

LOG = structlog.get_logger("shortlist.watch")


class Watch:
    """Calls something every so many seconds, in a thread of its own, until it is stopped."""

    def __init__(self, name: str, seconds: float, look: Callable[[], object]) -> None:
        self._stopped = Event()
        self._seconds = seconds
        self._look = look
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, after the first pause."""
        if not self._stopped.is_set():
            self._thread.start()

    def stop(self) -> None:
        """Stop; waits a moment for the look that is being taken."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopped.wait(self._seconds):
            try:
                self._look()
            except Exception as error:
                LOG.exception("a look failed", watch=self._thread.name, error=repr(error))
