"""Columns about what the user was shown, chosen or not."""

import numpy as np

from shortlist.features.feature import feature, query_feature
from shortlist.features.lookup import Lookup
from shortlist.features.view import Column, Places, View


@query_feature
def shown_take_rate(view: View) -> Column:
    """The share of what the user was shown that they chose, smoothed by everybody's."""
    return view.take_rate


@feature
def shown_category_take_rate(view: View) -> Column:
    """How often the user chose what they were shown of the item's categories, smoothed."""
    return view.mean("take rate")


@feature
def shown_category_lift(view: View) -> Column:
    """Whether the user chooses the item's categories more than the rest of what they are shown."""
    return view.mean("lift")


@feature
def shown_before(view: View) -> Column:
    """How often this very item was shown to the user before (log of 1 + the count)."""
    shown = Lookup.of(view.rows.shown_owner, view.rows.shown, len(view.catalogue))
    begin, end = shown.spans(view.rows.query, view.rows.item)
    times: Places = end - begin
    return np.log1p(times)


@query_feature
def shown_items(view: View) -> Column:
    """How much the user was shown lately (log of 1 + the count)."""
    return np.log1p(view.rows.shown_lengths)
