"""Decisions on their way to the table, off the path of the requests that made them."""

from collections.abc import Sequence
from threading import Condition, Thread
from time import monotonic, sleep
from typing import Final

import structlog

from shortlist.core.errors import StorageFailed
from shortlist.storage.facts.decisions import DecisionRow, Decisions
from shortlist.storage.facts.port import Facts

LOG = structlog.get_logger("shortlist.decisions")

GROUP: Final = 1_000
"""Decisions that one transaction takes."""

PAUSE: Final = 0.2
"""Seconds that decisions gather before they are written: each commit costs, and readers what they
have cached."""

LONGEST_PAUSE: Final = 5.0
"""Seconds between attempts while the database refuses."""


class DecisionWriter:
    """Takes decisions without waiting and writes them from a thread of its own.

    What it holds is bounded: a decision too many is dropped, and counted. Where the database
    refuses, what is held waits for it.
    """

    def __init__(self, facts: Facts, capacity: int = 10_000, patience: float = 10.0) -> None:
        """With `patience`: seconds that `close` goes on trying where the database refuses."""
        self._decisions: Decisions = facts.decisions
        self._capacity = capacity
        self._patience = patience
        self._held: dict[str, DecisionRow] = {}
        self._writing = False
        self._dropped = 0
        self._closing = False
        self._changed = Condition()
        self._thread = Thread(target=self._run, name="decision-writer", daemon=True)
        self._thread.start()

    @property
    def depth(self) -> int:
        """Decisions that are not written yet."""
        return len(self._held)

    @property
    def dropped(self) -> int:
        """Decisions that were lost: too many waited, or they could not be written at all."""
        return self._dropped

    def offer(self, row: DecisionRow) -> bool:
        """Take a decision; False where too many wait, or after closing. Never waits."""
        with self._changed:
            if self._closing or len(self._held) >= self._capacity:
                self._dropped += 1
                return False
            self._held[row.id] = row
            if len(self._held) == 1:
                self._changed.notify_all()
            return True

    def pending(self, decision: str) -> DecisionRow | None:
        """A decision that was taken and is not written yet."""
        return self._held.get(decision)

    def forget(self, user: str) -> int:
        """Drop what waits of a user, and let what is being written be written; how many it were.

        Before `Facts.erase_user`, which removes what was written.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._writing, LONGEST_PAUSE)
            own = [each.id for each in self._held.values() if each.user == user]
            for each in own:
                del self._held[each]
        return len(own)

    def close(self) -> None:
        """Take no more; return when everything that was taken is written."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        refused: float | None = None
        pause = PAUSE
        while group := self._gather(pause):
            try:
                self._write(group)
                refused, pause = None, PAUSE
            except StorageFailed as error:
                refused = refused or monotonic()
                pause = min(2 * pause, LONGEST_PAUSE)
                LOG.warning("decisions wait", held=self.depth, error=str(error))
                if self._closing and monotonic() - refused > self._patience:
                    break
                sleep(PAUSE)
        self._let_go(list(self._held.values()), lost=self.depth)

    def _gather(self, pause: float) -> list[DecisionRow]:
        """What waits, after a pause in which more may come; nothing when it is time to stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._held or self._closing)
            self._changed.wait_for(lambda: self._closing, pause)
            group = list(self._held.values())[:GROUP]
            self._writing = bool(group)
        return group

    def _write(self, group: Sequence[DecisionRow]) -> None:
        """Write a group; each by itself where one of it cannot be written. Raises StorageFailed."""
        try:
            self._let_go(group, lost=self._unwritable(group))
        finally:
            with self._changed:
                self._writing = False
                self._changed.notify_all()

    def _unwritable(self, group: Sequence[DecisionRow]) -> int:
        """Write what can be written, and count the rest."""
        try:
            self._decisions.put_many(group)
        except StorageFailed:
            raise
        except Exception as error:  # noqa: BLE001  the thread must outlive what it is given
            if len(group) > 1:
                return sum(self._unwritable([each]) for each in group)
            LOG.warning("decision cannot be written", decision=group[0].id, error=repr(error))
            return 1
        return 0

    def _let_go(self, group: Sequence[DecisionRow], *, lost: int) -> None:
        with self._changed:
            for each in group:
                self._held.pop(each.id, None)
            self._dropped += lost
