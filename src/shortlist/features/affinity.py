"""Columns about how the item fits what the user chose before."""

import numpy as np

from shortlist.features.feature import feature
from shortlist.features.view import Column, Numbers, View, known


def _column(numbers: Numbers) -> Column:
    return numbers.astype(np.float32)


def _share(view: View, per_event: np.ndarray) -> Column:
    """How much of the history's weight lies in the item's categories, per category."""
    whole = np.maximum(view.sums(per_event), 1e-9)
    return _column(view.along(view.profile(per_event) / whole[:, None]))


@feature
def affinity_categories(view: View) -> Column:
    """The share of the user's choices that have the item's categories."""
    return _column(view.along(view.taste / view.at_least_one[:, None]))


@feature
def affinity_categories_recent(view: View) -> Column:
    """The share of the user's last ten choices that have the item's categories."""
    return _share(view, view.rows.age < 10)


@feature
def affinity_categories_fading(view: View) -> Column:
    """The share of the user's choices that have the item's categories, halved every 5 back."""
    return _share(view, np.exp2(-view.rows.age / 5))


@feature
def affinity_categories_session(view: View) -> Column:
    """The share of the user's last sitting that has the item's categories."""
    return _share(view, view.session)


@feature
def affinity_categories_all(view: View) -> Column:
    """How much of the user's taste the item covers: shares summed over its categories."""
    return _column(view.item_categories.total(view.taste / view.at_least_one[:, None]))


@feature
def affinity_category_ratings(view: View) -> Column:
    """Whether the user rates the item's categories above their own mean."""
    apart = known(view.history_rating - view.user_rating[view.rows.owner], 0.0)
    number = view.profile(view.rated)
    return _column(view.along(view.profile(apart) / (number + 3)))


@feature
def affinity_category_dislikes(view: View) -> Column:
    """The share of the user's dislikes that have the item's categories."""
    return _share(view, view.rows.weights < 0)


@feature
def affinity_era(view: View) -> Column:
    """Years between the item and the mean year of the user's choices; 0 where unknown."""
    return _column(known(view.years_since_mean, 0.0))


@feature
def affinity_era_distance(view: View) -> Column:
    """How unusual the item's year is for the user, in spreads of their own; -1 where unknown."""
    spreads = (view.year_spread + 2)[view.rows.query]
    return _column(known(np.abs(view.years_since_mean) / spreads, -1.0))


@feature
def affinity_mainstream(view: View) -> Column:
    """How much more popular the item is than the user's usual choice (difference of logs)."""
    return _column(view.item_popularity - view.mean_popularity[view.rows.query])


@feature
def affinity_mainstream_recent(view: View) -> Column:
    """How much more popular the item is than the user's last ten choices (difference of logs)."""
    recent = view.rows.age < 10
    usual = view.means(view.history_popularity, recent, view.mean_popularity)
    return _column(view.item_popularity - usual[view.rows.query])


@feature
def affinity_rating(view: View) -> Column:
    """How the item's mean rating compares with the user's own."""
    return _column(view.item_rating - view.user_rating[view.rows.query])
