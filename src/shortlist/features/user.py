"""Columns about the user's history, the same for every candidate of a query."""

import numpy as np

from shortlist.features.feature import query_feature
from shortlist.features.view import Column, Numbers, View, known


@query_feature
def user_events(view: View) -> Column:
    """How many events the user's history holds (log of 1 + the count)."""
    return np.log1p(view.rows.lengths)


@query_feature
def user_rating(view: View) -> Column:
    """The user's mean rating; the overall mean while they have rated nothing."""
    return view.history.mean_rating


@query_feature
def user_rating_spread(view: View) -> Column:
    """How much the user's ratings differ from each other."""
    return view.history.rating_spread


@query_feature
def user_rated_share(view: View) -> Column:
    """The share of the user's events that carry a rating or another value."""
    return view.history.sums["rated"] / view.history.at_least_one


@query_feature
def user_dislike_share(view: View) -> Column:
    """The share of the user's events that are dislikes."""
    return view.history.sums["disliked"] / view.history.at_least_one


@query_feature
def user_away(view: View) -> Column:
    """Hours since the user's last event (log of 1 + the hours)."""
    since = view.hours(view.rows.time - view.history.last(view.rows.times, 0))
    hours: Numbers = np.maximum(since, 0) * (view.rows.lengths > 0)
    return np.log1p(hours)


@query_feature
def user_tenure(view: View) -> Column:
    """Days since the first event of the user's history (log of 1 + the days)."""
    first = np.concatenate((view.rows.times, [0]))[view.rows.start[:-1]]
    days: Numbers = np.maximum(view.hours(view.rows.time - first) / 24, 0)
    return np.log1p(days * (view.rows.lengths > 0))


@query_feature
def user_pace(view: View) -> Column:
    """Events a day over the last month of the user's history (log of 1 +)."""
    return np.log1p(view.history.sums["month"] / 30) * view.timed


@query_feature
def user_session(view: View) -> Column:
    """How many events the user's last sitting has (log of 1 + the count)."""
    return np.log1p(view.history.sums["session"])


@query_feature
def user_repeats(view: View) -> Column:
    """How often the user comes back to the last item: its share of the history."""
    return view.history.sums["repeats"] / view.history.at_least_one


@query_feature
def user_breadth(view: View) -> Column:
    """How varied the user's categories are (entropy of their shares, in nats)."""
    profile = view.history.taste
    share = profile / np.maximum(_across(profile), 1e-9)[:, None]
    return _across(-share * np.log(np.maximum(share, 1e-12)))


@query_feature
def user_era(view: View) -> Column:
    """The mean year of what the user chose; 0 where unknown."""
    return known(view.history.mean_year, 0.0)


@query_feature
def user_era_spread(view: View) -> Column:
    """How far apart the years of what the user chose are."""
    return view.history.year_spread


@query_feature
def user_mainstream(view: View) -> Column:
    """How popular the user's choices are: their mean log popularity."""
    return view.history.mean_popularity


def _across(profile: Numbers) -> Numbers:
    """Row sums in the order of the columns, whatever the number of rows."""
    return profile.cumsum(axis=1)[:, -1]
