"""Columns about what the user was shown, chosen or not."""

import numpy as np

from shortlist.features.feature import feature
from shortlist.features.lookup import Lookup
from shortlist.features.view import Column, View


@feature
def shown_take_rate(view: View) -> Column:
    """The share of what the user was shown that they chose, smoothed by everybody's."""
    return view.spread(view.take_rate)


@feature
def shown_category_take_rate(view: View) -> Column:
    """How often the user chose what they were shown of the item's categories, smoothed."""
    usual = view.take_rate[:, None]
    rate = (view.taken_profile + 5 * usual) / (view.shown_profile + 5)
    return view.along(rate).astype(np.float32)


@feature
def shown_category_lift(view: View) -> Column:
    """Whether the user chooses the item's categories more than the rest of what they are shown."""
    usual = view.shown_profile * view.take_rate[:, None]
    surprise = (view.taken_profile - usual) / np.sqrt(usual + 1)
    return view.along(surprise).astype(np.float32)


@feature
def shown_before(view: View) -> Column:
    """How often this very item was shown to the user before (log of 1 + the count)."""
    shown = Lookup.of(view.rows.shown_owner, view.rows.shown, len(view.catalogue))
    begin, end = shown.spans(view.rows.query, view.rows.item)
    return np.asarray(np.log1p(end - begin), np.float32)


@feature
def shown_items(view: View) -> Column:
    """How much the user was shown lately (log of 1 + the count)."""
    return view.spread(np.log1p(view.rows.shown_lengths))
