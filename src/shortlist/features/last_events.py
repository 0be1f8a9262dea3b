"""Columns about the distance between the item and what the user did last."""

import numpy as np

from shortlist.core.times import DAY
from shortlist.features.feature import feature, query_feature
from shortlist.features.view import Column, Places, View, known


def _overlap(view: View, name: str, back: int) -> Column:
    """Shared categories over all categories of the item and the one chosen `back` ago."""
    shared, history = view.sums[name], view.history
    size = history.last(history.categories.number, 0, back)[view.rows.query]
    return shared / np.maximum(size + view.item_categories.number - shared, 1)


@feature
def last_categories(view: View) -> Column:
    """How alike the categories of the item and of the user's last choice are (Jaccard)."""
    return _overlap(view, "last", 0)


@feature
def last_categories_second(view: View) -> Column:
    """How alike the categories of the item and of the choice before the last are (Jaccard)."""
    return _overlap(view, "second", 1)


@feature
def last_categories_third(view: View) -> Column:
    """How alike the categories of the item and of the third last choice are (Jaccard)."""
    return _overlap(view, "third", 2)


@feature
def last_year(view: View) -> Column:
    """Years between the item and the user's last choice; 0 where unknown."""
    return known(view.years_since_last, 0.0)


@feature
def last_year_distance(view: View) -> Column:
    """Years between the item and the user's last choice, either way; -1 where unknown."""
    return known(np.abs(view.years_since_last), -1.0)


@feature
def last_year_recent(view: View) -> Column:
    """Years between the item and the mean of the user's last five choices; 0 where unknown."""
    mean = view.history.mean("year lately", "dated lately", view.history.mean_year)
    return known(view.item_year - mean[view.rows.query], 0.0)


@feature
def last_arrival(view: View) -> Column:
    """Days between the arrivals of the item and of the user's last choice (log of 1 +)."""
    if not view.timed:
        return np.zeros(len(view.rows))
    arrival = view.history.last(view.stats.first[view.rows.history], 0)
    apart = view.item_first - np.minimum(arrival, view.rows.time)[view.rows.query]
    anything = (view.rows.lengths > 0)[view.rows.query]
    return np.log1p(np.abs(apart) / DAY) * anything


@feature
def last_popularity(view: View) -> Column:
    """How much more popular the item is than the user's last choice (difference of logs)."""
    last = view.history.last(view.history.popularity, np.nan)
    return known(view.item_popularity - last[view.rows.query], 0.0)


@query_feature
def last_rating(view: View) -> Column:
    """How the user's last rating compares with their mean: the mood of the moment."""
    last = view.history.last(view.history.rating, np.nan)
    return known(last - view.history.mean_rating, 0.0)


@feature
def chosen_before(view: View) -> Column:
    """How often the user had chosen this very item before (log of 1 + the count)."""
    begin, end = view.own
    times: Places = end - begin
    return np.log1p(times)


@feature
def chosen_before_ago(view: View) -> Column:
    """How many events ago the user last chose this very item (log of 1 +); 0 for never."""
    begin, end = view.own
    age = np.concatenate((view.rows.age[view.chosen.order], [0]))[end - 1]
    ago: Places = (age + 1) * (end > begin)
    return np.log1p(ago)
