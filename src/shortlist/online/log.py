"""The log in parts that everybody cuts at the same places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from shortlist.datasets.kinds import KindSettings
from shortlist.datasets.pasts import LogRow, PastRow
from shortlist.online.fold import Fold
from shortlist.pipeline.model import Retrieval
from shortlist.storage.facts import Facts
from shortlist.storage.facts.revisions import ITEMS_CHANGED

PART: Final = 50
"""Sequence numbers of a part. What is asked within a part is asked of sources that know the log up
to its beginning, so that whoever reads it again, cut short by whatever, asks the same."""

COLUMNS: Final = ("user", "item", "kind", "value", "time")


def end_of_part(sequence: int) -> int:
    """The last number of the part in which the number after this one lies.

    >>> [end_of_part(each) for each in (0, 49, 50, 51)]
    [50, 50, 100, 100]
    """
    return (sequence // PART + 1) * PART


def rows_between(facts: Facts, after: int, until: int) -> list[LogRow]:
    """The log after a sequence number, and until one."""
    parts = facts.events(after=after, until=until, columns=COLUMNS)
    return [LogRow._make(row) for part in parts for row in part.iter_rows()]


@dataclass(frozen=True)
class PastOfLog:
    """What users did before, from the log."""

    facts: Facts

    def until(self, users: Sequence[str], sequence: int) -> Mapping[str, Sequence[PastRow]]:
        return {
            user: [
                LogRow._make(row)
                for part in self.facts.events(user=user, until=sequence, columns=COLUMNS)
                for row in part.iter_rows()
            ]
            for user in users
        }


class Track:
    """The sources of one bundle on their way along the log."""

    def __init__(
        self, facts: Facts, kinds: Mapping[str, KindSettings], trained: Retrieval, sequence: int
    ) -> None:
        self._facts = facts
        self._trained = trained
        self._fold = Fold(trained, kinds, PastOfLog(facts), sequence)
        self._items = -1

    @property
    def sequence(self) -> int:
        """The number of the newest event that was learned."""
        return self._fold.sequence

    def add(self, rows: Sequence[LogRow]) -> None:
        """Learn the next rows of the log; those that were learned before are left out."""
        self._look_at_items()
        self._fold.add(rows)

    def retrieval(self) -> Retrieval:
        """The sources as of the last row."""
        return self._fold.retrieval()

    def _look_at_items(self) -> None:
        """Take up the descriptions of items that the training did not know."""
        revision = self._facts.revision(ITEMS_CHANGED)
        if revision != self._items:
            items = self._facts.items()
            known = pl.Series(list(self._trained.catalogue.ids), dtype=pl.String)
            self._fold.extend(items.filter(~pl.col("id").is_in(known.implode())))
            self._items = revision
