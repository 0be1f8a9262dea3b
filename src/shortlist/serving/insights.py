"""What the lists do to the catalogue over time: how few items get how much, and what is tried.

A recommender that learns from what it showed shows more of what was chosen from it. Whether that
loop narrows can be seen: concentration rises, coverage falls (Chaney, Stewart and Engelhardt 2018,
"How algorithmic confounding in recommendation systems increases homogeneity and decreases utility",
RecSys). Everything is counted from what is kept anyway: decisions, and impressions in the log.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np

from shortlist.core.clock import Clock
from shortlist.core.errors import Invalid
from shortlist.core.inequality import gini, share_of_top
from shortlist.core.times import DAY, MINUTE, Instant
from shortlist.datasets.snapshot import IMPRESSION
from shortlist.storage.facts import Facts

TOP: Final = 0.01
"""The share of the catalogue whose part in all that is shown is told."""

SLICES: Final = 24
LISTS_A_SLICE: Final = 200
"""Lists that are looked at of each part of a period: the first ones. What is counted depends on how
many are, and so it is about as many in every busy period."""

UNLIKELY: Final = 0.5
"""An item that is shown with a smaller propensity was tried: something else was likelier there."""

LONGEST: Final = 366
"""Periods at most."""

LATE: Final = 5 * MINUTE
"""How long after its end what belongs to a period may still be written."""

KEPT: Final = 200
"""Periods that are kept."""


@dataclass(frozen=True)
class Spread:
    """How what was shown is spread over the catalogue. NaN where nothing was."""

    shown: int
    """Places in lists, or impressions."""
    items: int
    """Different items among them."""
    coverage: float
    """Those as a share of the catalogue."""
    gini: float
    """0 where all items are shown equally often, near 1 where it is always the same few."""
    top_share: float
    """What the most shown hundredth of the catalogue has of all that was shown."""

    @classmethod
    def of(cls, counts: Mapping[str, int], catalogue: int) -> "Spread":
        """From how often each item was shown."""
        size = max(catalogue, len(counts))
        amounts = np.zeros(size, np.int64)
        amounts[: len(counts)] = list(counts.values())
        return cls(
            shown=int(amounts.sum()),
            items=len(counts),
            coverage=len(counts) / size if size else float("nan"),
            gini=gini(amounts),
            top_share=share_of_top(amounts, TOP),
        )


@dataclass(frozen=True)
class Period:
    """What was shown in one stretch of time."""

    start: Instant
    lists: int
    """Lists answered, to anybody and in any place."""
    looked_at: int
    """How many of them the next two are counted from."""
    answered: Spread
    """The items of those lists."""
    explored: float
    """The share of those items that were tried: their propensity was below one half."""
    impressions: Spread
    """The items that the application says were shown."""


@dataclass(frozen=True)
class Insights:
    """Reads what was kept."""

    facts: Facts
    clock: Clock
    done: dict[tuple[Instant, Instant], Period] = field(default_factory=dict)
    """Periods that are over, as they were counted."""

    def by_days(self, periods: int = 30, days: int = 1) -> list[Period]:
        """The same by whole days in UTC; the last ends with today.

        What is over is looked at once a process: a page would take longer than it may.
        """
        return self._over(periods, days, (self.clock.now() // DAY + 1) * DAY)

    def over(self, periods: int = 30, days: int = 1) -> list[Period]:
        """The last so many periods of so many days each, the oldest first; the last ends now.

        Raises Invalid for numbers out of range.
        """
        return self._over(periods, days, self.clock.now() + 1)

    def _over(self, periods: int, days: int, end: Instant) -> list[Period]:
        if not (1 <= periods <= LONGEST and 1 <= days <= LONGEST):
            raise Invalid(f"there may be 1 to {LONGEST} periods, of 1 to {LONGEST} days each")
        width = days * DAY
        start = end - periods * width
        catalogue = self.facts.count_items()
        shown: list[dict[str, int]] = [{} for _ in range(periods)]
        for place, item, number in self.facts.counted_between(IMPRESSION, start, end, width):
            shown[place][item] = number
        edges = [start + nth * width for nth in range(periods + 1)]
        return [
            self._kept(begin, until, shown[nth], catalogue)
            for nth, (begin, until) in enumerate(pairwise(edges))
        ]

    def _kept(
        self, start: Instant, end: Instant, shown: Mapping[str, int], catalogue: int
    ) -> Period:
        """A period; kept where it is over, for those who ask for the same one again."""
        found = self.done.get((start, end))
        if found is None:
            found = self._period(start, end, shown, catalogue)
            if end % DAY == 0 and end + LATE < self.clock.now():
                while len(self.done) >= KEPT:
                    self.done.pop(next(iter(self.done)), None)
                self.done[start, end] = found
        return found

    def _period(
        self, start: Instant, end: Instant, shown: Mapping[str, int], catalogue: int
    ) -> Period:
        counts: Counter[str] = Counter()
        lists = tried = 0
        for items in self._lists(start, end):
            lists += 1
            counts.update(item for item, _ in items)
            tried += sum(propensity < UNLIKELY for _, propensity in items)
        answered = Spread.of(counts, catalogue)
        return Period(
            start=start,
            lists=self.facts.decisions.count(start, end),
            looked_at=lists,
            answered=answered,
            explored=tried / answered.shown if answered.shown else float("nan"),
            impressions=Spread.of(shown, catalogue),
        )

    def _lists(self, start: Instant, end: Instant) -> Iterator[list[tuple[str, float]]]:
        """Items and propensities of lists from all parts of a period."""
        edges = np.linspace(start, end, SLICES + 1).astype(np.int64).tolist()
        for begin, until in pairwise(edges):
            for answer in self.facts.decisions.answers(begin, until, LISTS_A_SLICE):
                yield [(each["item"], each["propensity"]) for each in answer["items"]]
