"""What a feature may look at: the rows, and statistics as they stood at each row's instant.

Everything here is computed once for all features that need it, row by row or event by event
in a fixed order, so that one request and ten million rows give the same bits.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items
from shortlist.core.times import DAY, HOUR
from shortlist.datasets.catalogue import Catalogue
from shortlist.features.rows import Rows
from shortlist.features.stats import ItemStats

Column = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class View:
    """Rows, the catalogue and the item statistics, with what features share."""

    rows: Rows
    catalogue: Catalogue
    stats: ItemStats
    timed: bool = True
    """Whether the log says when things happened; without, every duration is zero."""

    # --- the item, as of the row's instant -------------------------------------------------

    @cached_property
    def row_time(self) -> Places:
        """The instant of each row."""
        return self.rows.time[self.rows.query]

    @cached_property
    def line(self) -> Places:
        """The line of the item's statistics of each row."""
        if len(self.rows.time) == 1:
            return self.stats.lines(self.rows.item, self.rows.time[[0]])
        return self.stats.lines(self.rows.item, self.row_time)

    def total(self, name: str) -> Numbers:
        """A running total of the item, before the row's instant."""
        return self.stats.counters[name][self.line]

    def faded(self, days: int) -> Numbers:
        """Choices of the item, each halved every so many days up to the row's instant."""
        if not self.timed:
            return self.total("choices")
        since = self.row_time - self.stats.time[self.line]
        return self.total(f"choices_{days}d") * np.exp2(-since / (days * DAY))

    def smoothed(self, part: str, whole: str, prior: float) -> Numbers:
        """A ratio of two totals of the item, drawn to that of all items by `prior` of the whole."""
        usual = self.stats.usual(part, whole, self.rows.time)[self.rows.query]
        return (self.total(part) + prior * usual) / (self.total(whole) + prior)

    @cached_property
    def item_first(self) -> Places:
        """The instant of the item's first choice; the row's own where there is none before."""
        return np.minimum(self.stats.first[self.line], self.row_time)

    @cached_property
    def item_year(self) -> Column:
        """The item's year; NaN where unknown."""
        return self.catalogue.years[self.rows.item]

    @cached_property
    def item_rating(self) -> Numbers:
        """The mean rating before the instant, drawn to the overall mean by five ratings."""
        return self.smoothed("rating_sum", "ratings", prior=5)

    @cached_property
    def item_popularity(self) -> Numbers:
        """log(1 + choices) before the instant."""
        return np.log1p(self.total("choices"))

    # --- the history, one entry an event or a query ----------------------------------------

    def spread(self, per_query: Numbers) -> Column:
        """A number of the query, on each of its rows."""
        return per_query.astype(np.float32)[self.rows.query]

    def sums(self, per_event: npt.NDArray[np.generic]) -> Numbers:
        """The sum over each query's history, in its order."""
        total = np.bincount(self.rows.owner, per_event, minlength=self.rows.n_queries)
        return total.astype(np.float64)

    def means(
        self, per_event: Numbers, counted: npt.NDArray[np.bool_], default: Numbers
    ) -> Numbers:
        """The mean over the counted events of each history; the default where there are none."""
        number = self.sums(counted)
        total = self.sums(np.where(counted, per_event, 0))
        return np.where(number > 0, total / np.maximum(number, 1), default)

    @cached_property
    def history_line(self) -> Places:
        """The line of the item's statistics of each event of the histories, at the query."""
        times = self.rows.time[self.rows.owner]
        return self.stats.lines(self.rows.history, times)

    @cached_property
    def history_popularity(self) -> Numbers:
        """log(1 + choices) of the item of each event, before the query's instant."""
        return np.log1p(self.stats.counters["choices"][self.history_line])

    @cached_property
    def history_year(self) -> Numbers:
        """The year of the item of each event; NaN where unknown."""
        return self.catalogue.years[self.rows.history].astype(np.float64)

    @cached_property
    def mean_year(self) -> Numbers:
        """The mean year of what the user chose; NaN where none is known."""
        nothing = np.full(self.rows.n_queries, np.nan)
        return self.means(self.history_year, ~np.isnan(self.history_year), nothing)

    @cached_property
    def year_spread(self) -> Numbers:
        """How far apart the years of the user's choices are (standard deviation)."""
        known = ~np.isnan(self.history_year)
        apart = (self.history_year - self.mean_year[self.rows.owner]) ** 2
        return np.sqrt(self.means(apart, known, np.zeros(self.rows.n_queries)))

    @cached_property
    def user_rating(self) -> Numbers:
        """The user's mean rating; the overall mean while they have rated nothing."""
        rated = ~np.isnan(self.rows.values)
        usual = self.stats.usual("rating_sum", "ratings", self.rows.time)
        return self.means(self.rows.values.astype(np.float64), rated, usual)

    @cached_property
    def mean_popularity(self) -> Numbers:
        """The mean log popularity of what the user chose; zero without a history."""
        every = np.ones(len(self.rows.history), bool)
        return self.means(self.history_popularity, every, np.zeros(self.rows.n_queries))

    @cached_property
    def session(self) -> npt.NDArray[np.bool_]:
        """Which events of the histories belong to the last sitting: no gap of over an hour."""
        times, owner = self.rows.times, self.rows.owner
        gap = np.zeros(len(times), bool)
        gap[:-1] = (np.diff(times) > HOUR) & (owner[1:] == owner[:-1])
        gaps_after = np.cumsum(gap[::-1])[::-1]
        after_last = gaps_after[self.rows.start[self.rows.owner + 1] - 1] if len(times) else gap
        same: npt.NDArray[np.bool_] = gaps_after == after_last
        return same

    def hours(self, microseconds: Places) -> Numbers:
        """Hours; zero in a log without times."""
        return microseconds / HOUR if self.timed else np.zeros(len(microseconds))

    # --- the last events -------------------------------------------------------------------

    def recent(self, back: int) -> Items:
        """The item chosen `back` events before the last one, for each query; -1 where none."""
        place = self.rows.start[1:] - 1 - back
        found = np.full(self.rows.n_queries, -1, np.int32)
        there = place >= self.rows.start[:-1]
        found[there] = self.rows.history[place[there]]
        return found

    @cached_property
    def last_line(self) -> Places:
        """The line of the last chosen item, for each query; -1 where there is none."""
        found = np.full(self.rows.n_queries, -1, np.int64)
        there = self.rows.lengths > 0
        found[there] = self.history_line[self.rows.start[1:][there] - 1]
        return found

    # --- categories ------------------------------------------------------------------------

    @cached_property
    def item_categories(self) -> tuple[Places, Places, Numbers]:
        """The categories of each row's item: (row, category) pairs, and how many a row has."""
        return self._categories(self.rows.item)

    @cached_property
    def history_categories(self) -> tuple[Places, Places, Numbers]:
        """The categories of each event's item: (event, category) pairs, and how many it has."""
        return self._categories(self.rows.history)

    def _categories(self, items: Items) -> tuple[Places, Places, Numbers]:
        table = self.catalogue.category_matrix
        begin = table.indptr[items]
        count = table.indptr[items + 1] - begin
        entry = np.repeat(np.arange(len(items)), count)
        offset = np.arange(len(entry)) - np.repeat(np.cumsum(count) - count, count)
        return entry, table.indices[begin[entry] + offset].astype(np.int64), count.astype(float)

    def profile(self, per_event: npt.NDArray[np.generic]) -> Numbers:
        """queries x categories: the sum of a number of the events over the items' categories."""
        event, category, _ = self.history_categories
        width = self.catalogue.category_matrix.shape[1]
        cell = self.rows.owner[event] * width + category
        flat = np.bincount(cell, per_event[event], minlength=self.rows.n_queries * width)
        return flat.reshape(self.rows.n_queries, width).astype(np.float64)

    @cached_property
    def taste(self) -> Numbers:
        """queries x categories: how many choices of the history have each category."""
        return self.profile(np.ones(len(self.rows.history)))

    # --- what was shown ----------------------------------------------------------------------

    @cached_property
    def taken(self) -> npt.NDArray[np.bool_]:
        """Which of the items shown are in the query's history."""
        width = np.int64(len(self.catalogue))
        chosen = np.sort(self.rows.owner * width + self.rows.history)
        wanted = self.rows.shown_owner * width + self.rows.shown
        found = np.searchsorted(chosen, wanted, side="right")
        return found > np.searchsorted(chosen, wanted, side="left")

    @cached_property
    def take_rate(self) -> Numbers:
        """The share of what each query's user was shown that they chose, smoothed."""
        usual = self.stats.usual("clicks", "impressions", self.rows.time)
        n = self.rows.n_queries
        taken = np.bincount(self.rows.shown_owner, self.taken, minlength=n)
        return np.asarray((taken + 10 * usual) / (np.diff(self.rows.shown_start) + 10), np.float64)

    def shown_profile(self, per_item: npt.NDArray[np.generic]) -> Numbers:
        """queries x categories: the sum of a number over the items shown, by their categories."""
        entry, category, _ = self._categories(self.rows.shown)
        width = self.catalogue.category_matrix.shape[1]
        cell = self.rows.shown_owner[entry] * width + category
        flat = np.bincount(cell, per_item[entry], minlength=self.rows.n_queries * width)
        return flat.reshape(self.rows.n_queries, width).astype(np.float64)

    def along(self, profile: Numbers) -> Numbers:
        """The mean of a profile over the categories of each row's item; 0 where it has none."""
        row, category, count = self.item_categories
        found = profile[self.rows.query[row], category]
        total = np.bincount(row, found, minlength=len(self.rows))
        return total / np.maximum(count, 1)
