"""What a feature may look at: the rows, and statistics as they stood at each row's instant.

Everything here is computed once for all features that need it, row by row or event by event
in a fixed order, so that one request and ten million rows give the same bits.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.lazy import lazy
from shortlist.core.times import DAY, HOUR
from shortlist.datasets.catalogue import Catalogue
from shortlist.features.by_category import ByCategory
from shortlist.features.history import LIKINGS, History
from shortlist.features.lookup import Lookup
from shortlist.features.rows import Rows
from shortlist.features.stats import COUNTERS, HALF_LIVES_DAYS, ItemStats

Column = npt.NDArray[np.generic]
"""One number a row; of a query's features one a query."""
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FADING = slice(COUNTERS.index(f"choices_{HALF_LIVES_DAYS[0]}d"), len(COUNTERS))
"""The counters that fade."""

SHOWN = ("take rate", "lift")
"""What is known of what was shown by category: smoothed, and beyond what is usual."""


@dataclass(frozen=True)
class View:
    """Rows, the catalogue and the item statistics, with what features share."""

    rows: Rows
    catalogue: Catalogue
    stats: ItemStats
    timed: bool = True
    """Whether the log says when things happened; without, every duration is zero."""

    # --- the item, as of the row's instant -------------------------------------------------

    @lazy
    def rank(self) -> Places:
        """The place of each query's instant among those of the log."""
        return self.stats.rank(self.rows.time)

    @lazy
    def row_time(self) -> Places:
        """The instant of each row."""
        return self.rows.time[self.rows.query]

    @lazy
    def line(self) -> Places:
        """The line of the item's statistics of each row."""
        return self.stats.lines_at(self.rows.item, self.rank[self.rows.query])

    @lazy
    def _counters(self) -> Numbers:
        """rows x counters."""
        return self.stats.table.take(self.line, axis=0)

    @lazy
    def totals(self) -> Mapping[str, Numbers]:
        """The running totals of the item by name, before the row's instant."""
        return dict(zip(COUNTERS, self._counters.T, strict=True))

    @lazy
    def rest(self) -> Places:
        """The time since the item's last event; since ever where it had none.

        None has passed where the clock of whoever told it is ahead of ours.
        """
        since: Places = np.maximum(self.row_time - self.stats.time[self.line], 0)
        return since

    @lazy
    def _faded(self) -> Numbers:
        """half-lives x rows: choices, each halved in so many days."""
        if not self.timed:
            return np.tile(self.totals["choices"], (len(HALF_LIVES_DAYS), 1))
        half_lives = np.array(HALF_LIVES_DAYS)[:, None] * -DAY
        faded: Numbers = self._counters[:, FADING].T * np.exp2(self.rest / half_lives)
        return faded

    def faded(self, days: int) -> Numbers:
        """Choices of the item, each halved every so many days up to the row's instant."""
        faded: Numbers = self._faded[HALF_LIVES_DAYS.index(days)]
        return faded

    @lazy
    def _faded_logs(self) -> Numbers:
        return np.log1p(self._faded)

    def faded_log(self, days: int) -> Numbers:
        """log(1 + choices), each choice halved every so many days."""
        logs: Numbers = self._faded_logs[HALF_LIVES_DAYS.index(days)]
        return logs

    @lazy
    def usual_take(self) -> Numbers:
        """How often what is shown is clicked, over all items before each query's instant."""
        return self.stats.usual_at("clicks", "impressions", self.rank)

    def smoothed(self, part: str, whole: str, usual: Numbers, prior: float) -> Numbers:
        """A ratio of two totals of the item, drawn to a usual one by `prior` of the whole."""
        drawn = (prior * usual)[self.rows.query]
        return (self.totals[part] + drawn) / (self.totals[whole] + prior)

    @lazy
    def item_first(self) -> Places:
        """The instant of the item's first choice; the row's own where there is none before."""
        return np.minimum(self.stats.first[self.rows.item], self.row_time)

    @lazy
    def item_year(self) -> Numbers:
        """The item's year; NaN where unknown."""
        return self.catalogue.years[self.rows.item].astype(np.float64)

    @lazy
    def item_rating(self) -> Numbers:
        """The mean rating before the instant, drawn to the overall mean by five ratings."""
        return self.smoothed("rating_sum", "ratings", self.history.usual_rating, prior=5)

    @lazy
    def item_popularity(self) -> Numbers:
        """log(1 + choices) before the instant."""
        return np.log1p(self.totals["choices"])

    def hours(self, microseconds: Places | Numbers) -> Numbers:
        """Hours; zero in a log without times."""
        return microseconds / HOUR if self.timed else np.zeros(len(microseconds))

    # --- the item and the history ------------------------------------------------------------

    @lazy
    def history(self) -> History:
        """The histories of the queries."""
        _, events, _ = self._by_category
        return History(self.rows, self.catalogue, self.stats, self.rank, events)

    @lazy
    def years_since_last(self) -> Numbers:
        """Years from the user's last choice to the item; NaN where unknown."""
        last = self.history.last(self.history.year, np.nan)
        return self.item_year - last[self.rows.query]

    @lazy
    def years_since_mean(self) -> Numbers:
        """Years from the mean year of the user's choices to the item; NaN where unknown."""
        return self.item_year - self.history.mean_year[self.rows.query]

    @lazy
    def chosen(self) -> Lookup:
        """The items of the histories."""
        return Lookup.of(self.rows.owner, self.rows.history, len(self.catalogue))

    @lazy
    def own(self) -> tuple[Places, Places]:
        """(begin, end): the user's events with the row's item are `chosen.order[begin:end]`."""
        return self.chosen.spans(self.rows.query, self.rows.item)

    # --- categories --------------------------------------------------------------------------

    @lazy
    def _by_category(self) -> list[ByCategory]:
        """The rows, the events of the histories and the items shown, by their categories."""
        rows = self.rows
        things = [
            (rows.query, rows.item),
            (rows.owner, rows.history),
            (rows.shown_owner, rows.shown),
        ]
        return ByCategory.of(things, self.catalogue.category_matrix, rows.n_queries)

    @lazy
    def item_categories(self) -> ByCategory:
        """The rows, by the categories of their items."""
        return self._by_category[0]

    @lazy
    def sums(self) -> Mapping[str, Numbers]:
        """What is known of the query by category, over the categories of the row's item."""
        profiles = np.concatenate((self.history.likings, self._shown_profiles), axis=2)
        totals = self.item_categories.totals(profiles)
        return dict(zip((*LIKINGS, *SHOWN), totals.T, strict=True))

    def mean(self, name: str) -> Numbers:
        """The mean over the categories of each row's item; 0 where it has none."""
        return self.sums[name] / self._at_least_one

    @lazy
    def _at_least_one(self) -> Places:
        return np.maximum(self.item_categories.number, 1)

    # --- what was shown ----------------------------------------------------------------------

    @lazy
    def taken(self) -> Mask:
        """Which of the items shown are in the query's history."""
        return self.chosen.has(self.rows.shown_owner, self.rows.shown)

    @lazy
    def take_rate(self) -> Numbers:
        """The share of what each query's user was shown that they chose, smoothed."""
        taken = np.bincount(self.rows.shown_owner, self.taken, minlength=self.rows.n_queries)
        return (taken + 10 * self.usual_take) / (self.rows.shown_lengths + 10)

    @lazy
    def _shown_profiles(self) -> Numbers:
        """queries x categories x SHOWN: how the user takes what they are shown."""
        rate = self.take_rate[:, None, None]
        if not len(self.rows.shown):  # as where impressions are not reported
            nothing = np.zeros((*self._by_category[2].shape, 2))
            nothing[..., :1] = 5 * rate / 5
            return nothing
        amounts = np.ones((len(self.rows.shown), 2))
        amounts[:, 1] = self.taken
        found = self._by_category[2].profiles(amounts)
        shown, taken = found[..., :1], found[..., 1:]
        usual = shown * rate
        smoothed, lift = (taken + 5 * rate) / (shown + 5), (taken - usual) / np.sqrt(usual + 1)
        return np.concatenate((smoothed, lift), axis=2)


def known(numbers: Numbers, otherwise: float) -> Numbers:
    """The numbers, and another in place of those that are not known (NaN)."""
    return np.where(np.isnan(numbers), otherwise, numbers)
