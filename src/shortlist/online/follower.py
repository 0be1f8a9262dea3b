"""The log, from a bundle's training on, read in its order and learned from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

import polars as pl

from shortlist.datasets.kinds import KindSettings
from shortlist.datasets.load import catalogue_of
from shortlist.datasets.pasts import LogRow, PastRow
from shortlist.online.fold import Arrays, Fold
from shortlist.pipeline.model import Retrieval
from shortlist.storage.facts import Facts
from shortlist.storage.facts.revisions import ERASED, ITEMS_CHANGED

BATCH: Final = 2_000
"""Events that are read and learned at a time."""

CHEAP: Final = 0.05
"""Seconds that a look at all the items may take and be taken again at once."""

REST: Final = 5.0
"""How many times as long as a look took another one is not taken: items may change without end."""


class SomebodyErased(Exception):  # noqa: N818  no fault: a reason to begin anew
    """A user was erased since the follower began, who may be among those it learned of."""


@dataclass(frozen=True)
class PastOfFacts:
    """What users did before, from the log."""

    facts: Facts

    def until(self, users: Sequence[str], sequence: int) -> Mapping[str, Sequence[PastRow]]:
        return self.facts.events_until(users, sequence)


class Follower:
    """Follows the log from where a bundle was trained. Private to one thread at a time.

    What it comes to depends on the log and the items alone, so that every process that follows,
    and one that begins again, comes to the same.
    """

    def __init__(
        self,
        facts: Facts,
        kinds: Mapping[str, KindSettings],
        trained: Retrieval,
        sequence: int,
    ) -> None:
        self.erasures = facts.revision(ERASED)
        """How often users had been erased before the first event was read: where it has grown,
        somebody may have been learned of who is to be forgotten."""
        self._facts = facts
        self._trained = trained
        self._fold = Fold(trained, kinds, PastOfFacts(facts), sequence)
        self._items = -1
        self._look_again = 0.0
        self._told: set[str] = set()
        """The ids of items whose documents were taken up as they are described now."""
        self._documents: dict[str, int] = {}
        """A checksum of each item's document, as it was seen last."""

    @property
    def sequence(self) -> int:
        """The number of the newest event that was learned."""
        return self._fold.sequence

    def outdated(self) -> bool:
        """Whether somebody was erased since, who may be among those it learned of."""
        return self._facts.revision(ERASED) != self.erasures

    def step(self, until: int | None = None) -> int:
        """Learn the next events, `until` a number at most; how many there were.

        The items are looked at after the events were read: one that was described before an event
        on it is known when the event is learned.

        Raises StorageFailed where the database does not answer: what was learned stays. Raises
        SomebodyErased where it must not stay.
        """
        read = self._facts.log_after(self.sequence, BATCH)
        rows = [LogRow._make(each) for each in read if until is None or each[0] <= until]
        revisions = self._facts.revisions()
        if revisions.get(ERASED, 0) != self.erasures:
            raise SomebodyErased
        self._look_at_items(revisions.get(ITEMS_CHANGED, 0))
        self._fold.add(rows)
        return len(rows)

    def retrieval(self) -> Retrieval:
        """What the bundle's retrieval has become; the same object while nothing happens."""
        return self._fold.retrieval()

    def arrays(self) -> Arrays:
        """All that was learned, for a checkpoint."""
        return self._fold.arrays()

    def restore(self, arrays: Arrays) -> None:
        """Take up what `arrays` gave, learned while as many users had been erased."""
        self._fold.restore(arrays)

    def _look_at_items(self, revision: int) -> None:
        """Take up the items that came since the training, and those that are described anew."""
        began = monotonic()
        if revision == self._items or began < self._look_again:
            return
        items = self._facts.items()
        marks = dict(zip(items["id"].to_list(), items.hash_rows().to_list(), strict=True))
        changed = [each for each, mark in marks.items() if self._documents.get(each) != mark]
        self._documents = marks
        fresh = [each for each in changed if each not in self._trained.catalogue.ids]
        ordered = [*self._described_anew(items, changed), *self._facts.in_order_added(fresh)]
        self._fold.extend(_in_order(items, ordered))
        self._items = revision
        took = monotonic() - began
        self._look_again = began + REST * took if took > CHEAP else 0.0

    def _described_anew(self, items: pl.DataFrame, changed: Sequence[str]) -> list[str]:
        """Items of the bundle whose title, categories or year are not what it knows."""
        known = self._trained.catalogue
        ours = [each for each in changed if each in known.ids]
        now = catalogue_of(_in_order(items, ours))
        places = known.ids.indices_of(ours).tolist()
        found = [
            name
            for at, (name, place) in enumerate(zip(ours, places, strict=True))
            if name in self._told
            or now.titles[at] != known.titles[place]
            or now.categories[at] != known.categories[place]
            or not _same(now.years[at], known.years[place])
        ]
        self._told |= {*found}
        return found


def _same(one: float, other: float) -> bool:
    """Whether two years are the same; unknown ones are."""
    return one == other or (one != one and other != other)  # noqa: PLR0124  NaN


def _in_order(items: pl.DataFrame, ids: Sequence[str]) -> pl.DataFrame:
    """The documents of some items, in this order."""
    wanted = pl.DataFrame({"id": pl.Series(ids, dtype=pl.String)})
    return wanted.join(items, on="id", how="inner", maintain_order="left")
