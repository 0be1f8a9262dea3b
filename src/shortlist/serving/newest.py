"""The newest events of the log, held for the pages that count them."""

from threading import Lock
from typing import Final

import polars as pl

from shortlist.storage.facts import Facts
from shortlist.storage.facts.frames import LOG
from shortlist.storage.facts.revisions import ERASED

NEWEST: Final = 100_000
"""Events that are held: reading more would take longer than a page may."""

COLUMNS: Final = ("user", "item", "kind", "value", "time", "decision")
_EMPTY: Final = pl.DataFrame(schema={name: LOG[name] for name in ("sequence", *COLUMNS)})


class NewestEvents:
    """Reads what has come since it was asked last, and all of it anew where somebody was erased."""

    def __init__(self, facts: Facts, most: int = NEWEST) -> None:
        self._facts = facts
        self._most = most
        self._lock = Lock()
        self._held = _EMPTY
        self._erasures = 0

    def read(self) -> pl.DataFrame:
        """The newest events by their place in the log: `sequence` and COLUMNS."""
        with self._lock:
            erasures = self._facts.revision(ERASED)
            if erasures != self._erasures:
                self._held, self._erasures = _EMPTY, erasures
            end = self._facts.last_sequence()
            held = self._held["sequence"][-1] if len(self._held) else 0
            after = max(held, end - self._most)
            fresh = list(self._facts.events(after=after, until=end, columns=COLUMNS))
            if fresh:
                self._held = pl.concat([self._held, *fresh]).tail(self._most).rechunk()
            return self._held
