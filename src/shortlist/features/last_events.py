"""Columns about the distance between the item and what the user did last."""

import numpy as np

from shortlist.core.times import DAY
from shortlist.features.feature import feature
from shortlist.features.view import Column, Numbers, View


def _overlap(view: View, back: int) -> Column:
    """Shared categories over all categories of the item and the one chosen `back` ago."""
    chosen = view.rows.start[1:] - 1 - back
    that = np.zeros(len(view.rows.history))
    that[chosen[chosen >= view.rows.start[:-1]]] = 1
    profile = view.profile(that)
    size = np.cumsum(profile, axis=1)[:, -1][view.rows.query]
    own = view.item_categories[2]
    shared = view.along(profile) * own
    return (shared / np.maximum(size + own - shared, 1)).astype(np.float32)


@feature
def last_categories(view: View) -> Column:
    """How alike the categories of the item and of the user's last choice are (Jaccard)."""
    return _overlap(view, 0)


@feature
def last_categories_second(view: View) -> Column:
    """How alike the categories of the item and of the choice before the last are (Jaccard)."""
    return _overlap(view, 1)


@feature
def last_categories_third(view: View) -> Column:
    """How alike the categories of the item and of the third last choice are (Jaccard)."""
    return _overlap(view, 2)


@feature
def last_year(view: View) -> Column:
    """Years between the item and the user's last choice; 0 where unknown."""
    return np.asarray(np.nan_to_num(view.item_year - _last_year(view), nan=0), np.float32)


@feature
def last_year_distance(view: View) -> Column:
    """Years between the item and the user's last choice, either way; -1 where unknown."""
    apart = np.abs(view.item_year - _last_year(view))
    return np.asarray(np.nan_to_num(apart, nan=-1), np.float32)


@feature
def last_year_recent(view: View) -> Column:
    """Years between the item and the mean of the user's last five choices; 0 where unknown."""
    recent = (view.rows.age < 5) & ~np.isnan(view.history_year)
    mean = view.means(view.history_year, recent, view.mean_year)
    return np.nan_to_num(view.item_year - mean[view.rows.query], nan=0).astype(np.float32)


@feature
def last_arrival(view: View) -> Column:
    """Days between the arrivals of the item and of the user's last choice (log of 1 +)."""
    if not view.timed:
        return np.zeros(len(view.rows), np.float32)
    line = view.last_line[view.rows.query]
    last = np.minimum(view.stats.first[line], view.row_time)
    apart = np.abs(view.item_first - last) / DAY
    return np.where(line >= 0, np.log1p(apart), 0).astype(np.float32)


@feature
def last_popularity(view: View) -> Column:
    """How much more popular the item is than the user's last choice (difference of logs)."""
    line = view.last_line[view.rows.query]
    last = np.log1p(view.stats.counters["choices"][line])
    return np.where(line >= 0, view.item_popularity - last, 0).astype(np.float32)


@feature
def last_rating(view: View) -> Column:
    """How the user's last rating compares with their mean: the mood of the moment."""
    values = view.rows.values.astype(np.float64)
    recent = (view.rows.age < 1) & ~np.isnan(values)
    return view.spread(view.means(values, recent, view.user_rating) - view.user_rating)


@feature
def chosen_before(view: View) -> Column:
    """How often the user had chosen this very item before (log of 1 + the count)."""
    return np.log1p(_own(view)[0]).astype(np.float32)


@feature
def chosen_before_ago(view: View) -> Column:
    """How many events ago the user last chose this very item (log of 1 +); 0 for never."""
    number, age = _own(view)
    return np.where(number > 0, np.log1p(age + 1), 0).astype(np.float32)


def _own(view: View) -> tuple[Numbers, Numbers]:
    """For each row: how often its item is in the query's history, and how far back last."""
    width = np.int64(len(view.catalogue))
    chosen = view.rows.owner * width + view.rows.history
    order = np.argsort(chosen, kind="stable")
    wanted = view.rows.query * width + view.rows.item
    begin = np.searchsorted(chosen[order], wanted, side="left")
    end = np.searchsorted(chosen[order], wanted, side="right")
    age = np.append(view.rows.age[order], 0)[np.maximum(end - 1, 0)]
    return (end - begin).astype(np.float64), age.astype(np.float64)


def _last_year(view: View) -> Column:
    """The year of the user's last choice, on each row; NaN where unknown."""
    last = view.recent(0)
    years = view.catalogue.years[last] if len(view.catalogue) else last.astype(np.float32)
    found = np.where(last >= 0, years, np.nan).astype(np.float32)
    return found[view.rows.query]
