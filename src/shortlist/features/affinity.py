"""Columns about how the item fits what the user chose before."""

import numpy as np

from shortlist.features.feature import feature
from shortlist.features.view import Column, View, known


@feature
def affinity_categories(view: View) -> Column:
    """The share of the user's choices that have the item's categories."""
    return view.mean("all")


@feature
def affinity_categories_recent(view: View) -> Column:
    """The share of the user's last ten choices that have the item's categories."""
    return view.mean("recent")


@feature
def affinity_categories_fading(view: View) -> Column:
    """The share of the user's choices that have the item's categories, halved every 5 back."""
    return view.mean("fading")


@feature
def affinity_categories_session(view: View) -> Column:
    """The share of the user's last sitting that has the item's categories."""
    return view.mean("session")


@feature
def affinity_categories_all(view: View) -> Column:
    """How much of the user's taste the item covers: shares summed over its categories."""
    return view.sums["all"]


@feature
def affinity_category_ratings(view: View) -> Column:
    """Whether the user rates the item's categories above their own mean."""
    return view.mean("rating")


@feature
def affinity_category_dislikes(view: View) -> Column:
    """The share of the user's dislikes that have the item's categories."""
    return view.mean("disliked")


@feature
def affinity_era(view: View) -> Column:
    """Years between the item and the mean year of the user's choices; 0 where unknown."""
    return known(view.years_since_mean, 0.0)


@feature
def affinity_era_distance(view: View) -> Column:
    """How unusual the item's year is for the user, in spreads of their own; -1 where unknown."""
    spreads = (view.history.year_spread + 2)[view.rows.query]
    return known(np.abs(view.years_since_mean) / spreads, -1.0)


@feature
def affinity_mainstream(view: View) -> Column:
    """How much more popular the item is than the user's usual choice (difference of logs)."""
    return view.item_popularity - view.history.mean_popularity[view.rows.query]


@feature
def affinity_mainstream_recent(view: View) -> Column:
    """How much more popular the item is than the user's last ten choices (difference of logs)."""
    history = view.history
    usual = history.mean("popularity recently", "recent", history.mean_popularity)
    return view.item_popularity - usual[view.rows.query]


@feature
def affinity_rating(view: View) -> Column:
    """How the item's mean rating compares with the user's own."""
    return view.item_rating - view.history.mean_rating[view.rows.query]
