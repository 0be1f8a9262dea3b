"""What the history of each query adds up to.

All sums over events are columns of one table, added up together: once by query, once by query
and category. A request asks for some thirty sums over a hundred events, and would spend its
time in beginning them one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from shortlist.core.lazy import lazy
from shortlist.core.sparse import SparseRows
from shortlist.core.times import DAY, HOUR
from shortlist.datasets.catalogue import Catalogue
from shortlist.features.by_category import ByCategory
from shortlist.features.rows import Rows
from shortlist.features.stats import ItemStats

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

WEIGHED = ("all", "recent", "fading", "session", "disliked")
"""Ways of weighing a history, of which the share of each category is asked."""

LASTS = ("last", "second", "third")
"""The last events, each alone."""

LIKINGS = (*WEIGHED, *LASTS, "rating")
"""What is known of a query by category."""

AMOUNTS = (
    *(*WEIGHED, *LASTS, "rated"),
    *("rating", "dated", "year", "dated lately", "year lately"),
    *("popularity", "popularity recently", "month", "repeats"),
)
"""What is added up over the events of a query; the first of them by category as well."""

BY_CATEGORY = AMOUNTS.index("rated") + 1


@dataclass(frozen=True)
class History:
    """The events of the queries one by one, and their sums."""

    rows: Rows
    catalogue: Catalogue
    stats: ItemStats
    rank: Places
    """The place of each query's instant among those of the log."""
    categories: ByCategory
    """The events, by the categories of their items."""

    # --- event by event ----------------------------------------------------------------------

    @lazy
    def popularity(self) -> Numbers:
        """log(1 + choices) of the item of each event, before the query's instant."""
        line = self.stats.lines_at(self.rows.history, self.rank[self.rows.owner])
        return np.log1p(self.stats.counters["choices"][line])

    @lazy
    def year(self) -> Numbers:
        """The year of the item of each event; NaN where unknown."""
        return self.catalogue.years[self.rows.history].astype(np.float64)

    @lazy
    def rating(self) -> Numbers:
        """The rating or other value each event carries; NaN where none."""
        return self.rows.values.astype(np.float64)

    @lazy
    def session(self) -> Mask:
        """Which events belong to the last sitting: no gap of over an hour."""
        times, owner = self.rows.times, self.rows.owner
        gap = np.zeros(len(times), bool)
        gap[:-1] = (times[1:] - times[:-1] > HOUR) & (owner[1:] == owner[:-1])
        gaps_after = gap[::-1].cumsum()[::-1]
        after_last = gaps_after[self.rows.start[owner + 1] - 1]
        same: Mask = gaps_after == after_last
        return same

    @lazy
    def rated(self) -> Mask:
        """Which events carry a rating or another value."""
        return ~np.isnan(self.rating)

    @lazy
    def dated(self) -> Mask:
        """Which events have an item whose year is known."""
        return ~np.isnan(self.year)

    @lazy
    def _amounts(self) -> Numbers:
        """AMOUNTS x events: what each event adds to each sum."""
        rows, age = self.rows, self.rows.age
        recent, dated_lately = age < 10, self.dated & (age < 5)
        amounts = (
            *(1, recent, np.exp2(-age / 5), self.session, rows.weights < 0),
            *(age == 0, age == 1, age == 2, self.rated),
            *(np.where(self.rated, self.rating, 0), self.dated, np.where(self.dated, self.year, 0)),
            *(dated_lately, np.where(dated_lately, self.year, 0)),
            *(self.popularity, self.popularity * recent),
            rows.time[rows.owner] - rows.times < 30 * DAY,
            rows.history == self.last(rows.history, -1)[rows.owner],
        )
        table = np.empty((len(AMOUNTS), len(age)))
        for row, amount in zip(table, amounts, strict=True):
            row[:] = amount
        return table

    @lazy
    def _apart(self) -> Numbers:
        """How far each rating lies from the user's mean; 0 where there is none."""
        apart = self.rating - self.mean_rating[self.rows.owner]
        return np.where(self.rated, apart, 0)

    # --- query by query ----------------------------------------------------------------------

    @lazy
    def _sums(self) -> Numbers:
        """AMOUNTS x queries."""
        return self._added(self._amounts)

    @lazy
    def sums(self) -> Mapping[str, Numbers]:
        """AMOUNTS, added up by query."""
        return dict(zip(AMOUNTS, self._sums, strict=True))

    @lazy
    def _squares(self) -> Numbers:
        """Squares of what lies apart from the means, added up by query: ratings, then years."""
        years = self.year - self.mean_year[self.rows.owner]
        apart = np.concatenate((self._apart, np.where(self.dated, years, 0)))
        return self._added((apart * apart).reshape(2, -1))

    def _added(self, amounts: Numbers) -> Numbers:
        """amounts x queries: the sum of each amount over each query's events."""
        n = len(self.rows.owner)
        events = SparseRows(np.arange(n + 1), self.rows.owner, np.ones(n), self.rows.n_queries)
        return events.totals(amounts.T).T

    def mean(self, total: str, number: str, default: Numbers | float) -> Numbers:
        """A sum divided by another; the default where that is zero."""
        return _ratio(self.sums[total], self.sums[number], default)

    @lazy
    def at_least_one(self) -> Places:
        """The number of events of each query, to divide by."""
        return np.maximum(self.rows.lengths, 1)

    @lazy
    def usual_rating(self) -> Numbers:
        """The mean rating of everybody before each query's instant."""
        return self.stats.usual_at("rating_sum", "ratings", self.rank)

    @lazy
    def mean_rating(self) -> Numbers:
        """The user's mean rating; the overall mean while they have rated nothing."""
        return self.mean("rating", "rated", self.usual_rating)

    @lazy
    def mean_year(self) -> Numbers:
        """The mean year of what the user chose; NaN where none is known."""
        return self.mean("year", "dated", np.nan)

    @lazy
    def mean_popularity(self) -> Numbers:
        """The mean log popularity of what the user chose; zero without a history."""
        return self.sums["popularity"] / self.at_least_one

    @property
    def rating_spread(self) -> Numbers:
        """How far apart the user's ratings are (standard deviation)."""
        return np.sqrt(_ratio(self._squares[0], self.sums["rated"], 0))

    @lazy
    def year_spread(self) -> Numbers:
        """How far apart the years of the user's choices are (standard deviation)."""
        return np.sqrt(_ratio(self._squares[1], self.sums["dated"], 0))

    def last(self, per_event: npt.NDArray[Any], otherwise: float, back: int = 0) -> Numbers:
        """What belongs to the event `back` before the last one, for each query."""
        found: Numbers = np.concatenate((per_event, [otherwise]))[self.rows.lasts[back]]
        return found

    # --- by query and category ---------------------------------------------------------------

    @lazy
    def _profiles(self) -> Numbers:
        """queries x categories x amounts: those by category, and how far ratings lie apart."""
        amounts = np.concatenate((self._amounts[:BY_CATEGORY], self._apart[None, :]))
        return self.categories.profiles(amounts.T)

    @property
    def taste(self) -> Numbers:
        """queries x categories: how many events have each category."""
        return self._profiles[..., 0]

    @lazy
    def likings(self) -> Numbers:
        """queries x categories x LIKINGS: shares of the history, or how it was rated."""
        profiles, weighed = self._profiles, len(WEIGHED)
        likings = profiles[..., : len(LIKINGS)].copy()
        likings[..., :weighed] /= np.maximum(self._sums[:weighed].T, 1e-9)[:, None, :]
        likings[..., -1] = profiles[..., -1] / (profiles[..., -2] + 3)
        return likings


def _ratio(total: Numbers, number: Numbers, default: Numbers | float) -> Numbers:
    return np.where(number > 0, total / np.maximum(number, 1), default)
