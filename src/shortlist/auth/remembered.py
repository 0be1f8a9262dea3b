"""Rows as they were last read, for when the database does not answer in time."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock
from time import monotonic
from typing import Generic, TypeVar

from shortlist.core.errors import Unavailable
from shortlist.core.lanes import Lanes

Row = TypeVar("Row")


@dataclass(frozen=True)
class _Memory(Generic[Row]):
    row: Row | None
    at: float


class Remembered(Generic[Row]):
    """Reads rows by id, and falls back on what it read last.

    A row younger than `fresh` seconds is not read again. An older one is; where that takes longer
    than `patience` seconds, or fails, the row as it was last read counts until it is `kept`
    seconds old. A row that was never read is waited for.
    """

    def __init__(
        self,
        read: Callable[[str], Row | None],
        *,
        fresh: float,
        patience: float,
        kept: float,
        most: int = 10_000,
    ) -> None:
        self._read = read
        self._fresh, self._patience, self._kept, self._most = fresh, patience, kept, most
        self._lanes = Lanes(most=8)
        self._lock = Lock()
        self._memories: OrderedDict[str, _Memory[Row]] = OrderedDict()

    def get(self, key: str) -> Row | None:
        """The row of an id; None where there is none. Raises what reading raises."""
        memory = self._memories.get(key)
        if memory is None or monotonic() - memory.at > self._kept:
            return self._renewed(key)
        if monotonic() - memory.at < self._fresh:
            return memory.row
        done = Event()
        self._lanes.start(lambda: self._renew(key, done))
        done.wait(self._patience)
        return self._memories.get(key, memory).row

    def at_hand(self, key: str) -> bool:
        """Whether `get` would answer now, without reading anything."""
        memory = self._memories.get(key)
        return memory is not None and monotonic() - memory.at < self._fresh

    def forget(self, key: str) -> None:
        """Read the row anew at the next request: it was changed here."""
        with self._lock:
            self._memories.pop(key, None)

    def _renew(self, key: str, done: Event) -> None:
        try:
            self._renewed(key)
        except Unavailable:
            pass
        finally:
            done.set()

    def _renewed(self, key: str) -> Row | None:
        began = monotonic()
        row = self._read(key)
        with self._lock:
            held = self._memories.get(key)
            if held is None or held.at < began:
                self._memories[key] = _Memory(row, began)
                self._memories.move_to_end(key)
            while len(self._memories) > self._most:
                self._memories.popitem(last=False)
        return row
