"""What a feature may look at: the rows, and statistics as they stood at each row's instant.

Everything here is computed once for all features that need it, row by row or event by event
in a fixed order, so that one request and ten million rows give the same bits.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from shortlist.core.times import DAY, HOUR
from shortlist.datasets.catalogue import Catalogue
from shortlist.features.by_category import ByCategory
from shortlist.features.lookup import Lookup
from shortlist.features.rows import Rows
from shortlist.features.stats import COUNTERS, ItemStats

Column = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


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
    def rank(self) -> Places:
        """The place of each query's instant among those of the log."""
        return self.stats.rank(self.rows.time)

    @cached_property
    def row_time(self) -> Places:
        """The instant of each row."""
        return self.rows.time[self.rows.query]

    @cached_property
    def line(self) -> Places:
        """The line of the item's statistics of each row."""
        return self.stats.lines_at(self.rows.item, self.rank[self.rows.query])

    @cached_property
    def _counters(self) -> Numbers:
        """rows x counters."""
        return self.stats.table.take(self.line, axis=0)

    def total(self, name: str) -> Numbers:
        """A running total of the item, before the row's instant."""
        return self._counters[:, COUNTERS.index(name)]

    @cached_property
    def rest(self) -> Places:
        """The time since the item's last event; since ever where it had none."""
        return self.row_time - self.stats.time[self.line]

    @cached_property
    def _faded(self) -> dict[int, Numbers]:
        return {}

    def faded(self, days: int) -> Numbers:
        """Choices of the item, each halved every so many days up to the row's instant."""
        if not self.timed:
            return self.total("choices")
        if days not in self._faded:
            kept = np.exp2(self.rest / (-days * DAY))
            self._faded[days] = self.total(f"choices_{days}d") * kept
        return self._faded[days]

    def usual(self, part: str, whole: str) -> Numbers:
        """The ratio of two totals over all items, before each query's instant."""
        return self.stats.usual_at(part, whole, self.rank)

    def smoothed(self, part: str, whole: str, prior: float) -> Numbers:
        """A ratio of two totals of the item, drawn to that of all items by `prior` of the whole."""
        usual = prior * self.usual(part, whole)
        return (self.total(part) + usual[self.rows.query]) / (self.total(whole) + prior)

    @cached_property
    def item_first(self) -> Places:
        """The instant of the item's first choice; the row's own where there is none before."""
        return np.minimum(self.stats.first[self.rows.item], self.row_time)

    @cached_property
    def item_year(self) -> Numbers:
        """The item's year; NaN where unknown."""
        return self.catalogue.years[self.rows.item].astype(np.float64)

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
        return total.astype(np.float64, copy=False)

    def means(self, per_event: Numbers, counted: Mask, default: Numbers) -> Numbers:
        """The mean over the counted events of each history; the default where there are none."""
        owner, n = self.rows.owner[counted], self.rows.n_queries
        number = np.bincount(owner, minlength=n)
        total = np.bincount(owner, per_event[counted], minlength=n)
        return np.where(number > 0, total / np.maximum(number, 1), default)

    def last(self, per_event: npt.NDArray[Any], otherwise: float, back: int = 0) -> Numbers:
        """What belongs to the event `back` before the last one, for each query."""
        return np.concatenate((per_event, [otherwise]))[self.place_of_last(back)]

    @cached_property
    def _places_of_last(self) -> dict[int, Places]:
        return {}

    def place_of_last(self, back: int = 0) -> Places:
        """The place of the event `back` before the last one, for each query; -1 where none."""
        if back not in self._places_of_last:
            place = self.rows.start[1:] - (1 + back)
            place[place < self.rows.start[:-1]] = -1
            self._places_of_last[back] = place
        return self._places_of_last[back]

    @cached_property
    def history_line(self) -> Places:
        """The line of the item's statistics of each event of the histories, at the query."""
        return self.stats.lines_at(self.rows.history, self.rank[self.rows.owner])

    @cached_property
    def history_popularity(self) -> Numbers:
        """log(1 + choices) of the item of each event, before the query's instant."""
        return np.log1p(self.stats.counters["choices"][self.history_line])

    @cached_property
    def history_year(self) -> Numbers:
        """The year of the item of each event; NaN where unknown."""
        return self.catalogue.years[self.rows.history].astype(np.float64)

    @cached_property
    def dated(self) -> Mask:
        """Which events have an item whose year is known."""
        return ~np.isnan(self.history_year)

    @cached_property
    def years_since_last(self) -> Numbers:
        """Years from the user's last choice to the item; NaN where unknown."""
        return self.item_year - self.last(self.history_year, np.nan)[self.rows.query]

    @cached_property
    def years_since_mean(self) -> Numbers:
        """Years from the mean year of the user's choices to the item; NaN where unknown."""
        return self.item_year - self.mean_year[self.rows.query]

    @cached_property
    def history_rating(self) -> Numbers:
        """The rating or other value each event carries; NaN where none."""
        return self.rows.values.astype(np.float64)

    @cached_property
    def rated(self) -> Mask:
        """Which events carry a rating or another value."""
        return ~np.isnan(self.history_rating)

    @cached_property
    def mean_year(self) -> Numbers:
        """The mean year of what the user chose; NaN where none is known."""
        nothing = np.full(self.rows.n_queries, np.nan)
        return self.means(self.history_year, self.dated, nothing)

    @cached_property
    def year_spread(self) -> Numbers:
        """How far apart the years of the user's choices are (standard deviation)."""
        apart = (self.history_year - self.mean_year[self.rows.owner]) ** 2
        return np.sqrt(self.means(apart, self.dated, np.zeros(self.rows.n_queries)))

    @cached_property
    def user_rating(self) -> Numbers:
        """The user's mean rating; the overall mean while they have rated nothing."""
        usual = self.usual("rating_sum", "ratings")
        return self.means(self.history_rating, self.rated, usual)

    @cached_property
    def mean_popularity(self) -> Numbers:
        """The mean log popularity of what the user chose; zero without a history."""
        return self.sums(self.history_popularity) / self.at_least_one

    @cached_property
    def at_least_one(self) -> Places:
        """The number of events of each history, to divide by."""
        return np.maximum(self.rows.lengths, 1)

    @cached_property
    def session(self) -> Mask:
        """Which events of the histories belong to the last sitting: no gap of over an hour."""
        times, owner = self.rows.times, self.rows.owner
        gap = np.zeros(len(times), bool)
        gap[:-1] = (times[1:] - times[:-1] > HOUR) & (owner[1:] == owner[:-1])
        gaps_after = gap[::-1].cumsum()[::-1]
        after_last = gaps_after[self.rows.start[owner + 1] - 1]
        same: Mask = gaps_after == after_last
        return same

    def hours(self, microseconds: Places | Numbers) -> Numbers:
        """Hours; zero in a log without times."""
        return microseconds / HOUR if self.timed else np.zeros(len(microseconds))

    # --- the item in the history -----------------------------------------------------------

    @cached_property
    def chosen(self) -> Lookup:
        """The items of the histories."""
        return Lookup.of(self.rows.owner, self.rows.history, len(self.catalogue))

    @cached_property
    def own(self) -> tuple[Places, Places]:
        """(begin, end): the user's events with the row's item are `chosen.order[begin:end]`."""
        return self.chosen.spans(self.rows.query, self.rows.item)

    # --- categories ------------------------------------------------------------------------

    @cached_property
    def item_categories(self) -> ByCategory:
        """The rows, by the categories of their items."""
        return self._by_category(self.rows.query, self.rows.item)

    @cached_property
    def history_categories(self) -> ByCategory:
        """The events, by the categories of their items."""
        return self._by_category(self.rows.owner, self.rows.history)

    @cached_property
    def shown_categories(self) -> ByCategory:
        """The items shown, by their categories."""
        return self._by_category(self.rows.shown_owner, self.rows.shown)

    def _by_category(self, queries: Places, items: npt.NDArray[np.int32]) -> ByCategory:
        return ByCategory.of(queries, items, self.catalogue.category_matrix, self.rows.n_queries)

    def profile(self, per_event: npt.NDArray[np.generic]) -> Numbers:
        """queries x categories: the sum of a number of the events over the items' categories."""
        return self.history_categories.profile(per_event)

    def along(self, profile: Numbers) -> Numbers:
        """The mean of a profile over the categories of each row's item; 0 where it has none."""
        return self.item_categories.mean(profile)

    @cached_property
    def taste(self) -> Numbers:
        """queries x categories: how many choices of the history have each category."""
        return self.history_categories.counts

    # --- what was shown ----------------------------------------------------------------------

    @cached_property
    def taken(self) -> Mask:
        """Which of the items shown are in the query's history."""
        return self.chosen.has(self.rows.shown_owner, self.rows.shown)

    @cached_property
    def take_rate(self) -> Numbers:
        """The share of what each query's user was shown that they chose, smoothed."""
        usual = self.usual("clicks", "impressions")
        taken = np.bincount(self.rows.shown_owner, self.taken, minlength=self.rows.n_queries)
        return (taken + 10 * usual) / (self.rows.shown_lengths + 10)

    @cached_property
    def taken_profile(self) -> Numbers:
        """queries x categories: how many of the items shown were chosen."""
        return self.shown_categories.profile(self.taken)

    @cached_property
    def shown_profile(self) -> Numbers:
        """queries x categories: how many items were shown."""
        return self.shown_categories.counts


def known(numbers: Numbers, otherwise: float) -> Numbers:
    """The numbers, and another in place of those that are not known (NaN)."""
    return np.where(np.isnan(numbers), otherwise, numbers)
