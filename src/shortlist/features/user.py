"""Columns about the user's history, the same for every candidate of a query."""

import numpy as np

from shortlist.core.times import DAY
from shortlist.features.feature import feature
from shortlist.features.view import Column, Numbers, View, known


@feature
def user_events(view: View) -> Column:
    """How many events the user's history holds (log of 1 + the count)."""
    return view.spread(np.log1p(view.rows.lengths))


@feature
def user_rating(view: View) -> Column:
    """The user's mean rating; the overall mean while they have rated nothing."""
    return view.spread(view.user_rating)


@feature
def user_rating_spread(view: View) -> Column:
    """How much the user's ratings differ from each other."""
    apart = (view.history_rating - view.user_rating[view.rows.owner]) ** 2
    return view.spread(np.sqrt(view.means(apart, view.rated, np.zeros(view.rows.n_queries))))


@feature
def user_rated_share(view: View) -> Column:
    """The share of the user's events that carry a rating or another value."""
    return view.spread(view.sums(view.rated) / view.at_least_one)


@feature
def user_dislike_share(view: View) -> Column:
    """The share of the user's events that are dislikes."""
    return view.spread(view.sums(view.rows.weights < 0) / view.at_least_one)


@feature
def user_away(view: View) -> Column:
    """Hours since the user's last event (log of 1 + the hours)."""
    since = view.hours(view.rows.time - view.last(view.rows.times, 0))
    return view.spread(np.log1p(np.maximum(since, 0) * (view.rows.lengths > 0)))


@feature
def user_tenure(view: View) -> Column:
    """Days since the first event of the user's history (log of 1 + the days)."""
    first = np.concatenate((view.rows.times, [0]))[view.rows.start[:-1]]
    days = view.hours(view.rows.time - first) / 24
    return view.spread(np.log1p(np.maximum(days, 0) * (view.rows.lengths > 0)))


@feature
def user_pace(view: View) -> Column:
    """Events a day over the last month of the user's history (log of 1 +)."""
    rows = view.rows
    if not view.timed:
        return view.spread(np.zeros(rows.n_queries))
    recent = rows.time[rows.owner] - rows.times < 30 * DAY
    return view.spread(np.log1p(view.sums(recent) / 30))


@feature
def user_session(view: View) -> Column:
    """How many events the user's last sitting has (log of 1 + the count)."""
    return view.spread(np.log1p(view.sums(view.session)))


@feature
def user_repeats(view: View) -> Column:
    """How often the user comes back to the last item: its share of the history."""
    same = view.rows.history == view.last(view.rows.history, -1)[view.rows.owner]
    return view.spread(view.sums(same) / view.at_least_one)


@feature
def user_breadth(view: View) -> Column:
    """How varied the user's categories are (entropy of their shares, in nats)."""
    profile = view.taste
    share = profile / np.maximum(_across(profile), 1e-9)[:, None]
    return view.spread(_across(-share * np.log(np.maximum(share, 1e-12))))


@feature
def user_era(view: View) -> Column:
    """The mean year of what the user chose; 0 where unknown."""
    return view.spread(known(view.mean_year, 0.0))


@feature
def user_era_spread(view: View) -> Column:
    """How far apart the years of what the user chose are."""
    return view.spread(view.year_spread)


@feature
def user_mainstream(view: View) -> Column:
    """How popular the user's choices are: their mean log popularity."""
    return view.spread(view.mean_popularity)


def _across(profile: Numbers) -> Numbers:
    """Row sums in the order of the columns, whatever the number of rows."""
    return profile.cumsum(axis=1)[:, -1]
