"""Columns about the item, as it stood at the row's instant."""

import numpy as np

from shortlist.core.times import DAY, EARLIEST
from shortlist.features.feature import feature
from shortlist.features.view import Column, View, known


@feature
def item_choices(view: View) -> Column:
    """How often the item had been chosen (log of 1 + the count)."""
    return view.item_popularity


@feature
def item_choices_1d(view: View) -> Column:
    """How often the item was chosen lately, each choice halved every day (log of 1 +)."""
    return view.faded_log(1)


@feature
def item_choices_7d(view: View) -> Column:
    """How often the item was chosen lately, each choice halved every week (log of 1 +)."""
    return view.faded_log(7)


@feature
def item_choices_30d(view: View) -> Column:
    """How often the item was chosen lately, each choice halved every 30 days (log of 1 +)."""
    return view.faded_log(30)


@feature
def item_choices_180d(view: View) -> Column:
    """How often the item was chosen lately, each choice halved every 180 days (log of 1 +)."""
    return view.faded_log(180)


@feature
def item_trend_week(view: View) -> Column:
    """Whether the item is rising: the last weeks' share of the last months' choices."""
    return (view.faded(7) + 0.1) / (view.faded(30) + 0.4)


@feature
def item_trend_season(view: View) -> Column:
    """Whether the item is rising: the last months' share of the last year's choices."""
    return (view.faded(30) + 0.1) / (view.faded(180) + 0.6)


@feature
def item_fame_left(view: View) -> Column:
    """How much of the item's popularity is recent: the last year's share of all choices."""
    return (view.faded(180) + 0.5) / (view.totals["choices"] + 1)


@feature
def item_rating(view: View) -> Column:
    """The item's mean rating, drawn to the overall mean while ratings are few."""
    return view.item_rating


@feature
def item_rating_spread(view: View) -> Column:
    """How much people disagree about the item: the spread of its ratings."""
    number = np.maximum(view.totals["ratings"], 1)
    mean = view.totals["rating_sum"] / number
    variance = view.totals["rating_squares"] / number - mean**2
    return np.sqrt(np.maximum(variance, 0))


@feature
def item_ratings(view: View) -> Column:
    """How many ratings the item had (log of 1 + the count)."""
    return np.log1p(view.totals["ratings"])


@feature
def item_like_share(view: View) -> Column:
    """The share of the item's choosers who liked it, smoothed."""
    usual = view.stats.usual_at("likes", "choices", view.rank)
    return view.smoothed("likes", "choices", usual, prior=5)


@feature
def item_dislikes(view: View) -> Column:
    """How often people said they dislike the item (log of 1 + the count)."""
    return np.log1p(view.totals["dislikes"])


@feature
def item_impressions(view: View) -> Column:
    """How often the item had been shown (log of 1 + the count)."""
    return np.log1p(view.totals["impressions"])


@feature
def item_click_rate(view: View) -> Column:
    """How often people who were shown the item clicked it, smoothed."""
    return view.smoothed("clicks", "impressions", view.usual_take, prior=20)


@feature
def item_age(view: View) -> Column:
    """Days since the item was first chosen by anybody (log of 1 + the days)."""
    return np.log1p(view.hours(view.row_time - view.item_first) / 24)


@feature
def item_seen_before(view: View) -> Column:
    """Whether anybody had chosen the item before: 0 for an item new to everybody."""
    return view.totals["choices"] > 0


@feature
def item_rest(view: View) -> Column:
    """Hours since the item was last chosen or shown (log of 1 + the hours)."""
    happened = view.stats.time[view.line] > EARLIEST
    return np.log1p(view.hours(view.rest) * happened)


@feature
def item_year(view: View) -> Column:
    """The year the item came out; 0 where unknown."""
    return known(view.item_year, 0.0)


@feature
def item_release_age(view: View) -> Column:
    """Years between the item's release and the row's instant; -1 where unknown."""
    if not view.timed:
        return np.full(len(view.rows), -1)
    year = 1970 + view.row_time / (365.2425 * DAY)
    return known(year - view.item_year, -1.0)


@feature
def item_categories(view: View) -> Column:
    """How many categories the item has."""
    return view.item_categories.number
