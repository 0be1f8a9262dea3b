"""So many at once; some wait for a while; more are turned away."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from shortlist.core.errors import Overloaded


class Slots:
    """Places for costly work. Who waits holds a thread, so there is a bound on waiting too."""

    def __init__(self, at_once: int, *, waiting: int, patience: float) -> None:
        self._free = BoundedSemaphore(at_once)
        self._inside = BoundedSemaphore(at_once + waiting)
        self._patience = patience

    @contextmanager
    def one(self) -> Iterator[None]:
        """A place, as long as the block lasts. Raises Overloaded."""
        if not self._inside.acquire(blocking=False):
            raise Overloaded("Too many sign-ins are waiting; try again in a moment.")
        try:
            if not self._free.acquire(timeout=self._patience):
                raise Overloaded("The sign-ins before this one took too long; try again.")
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._inside.release()
