"""Columns about what the user was shown, chosen or not."""

import numpy as np

from shortlist.features.feature import feature
from shortlist.features.view import Column, View


@feature
def shown_take_rate(view: View) -> Column:
    """The share of what the user was shown that they chose, smoothed by everybody's."""
    return view.spread(view.take_rate)


@feature
def shown_category_take_rate(view: View) -> Column:
    """How often the user chose what they were shown of the item's categories, smoothed."""
    usual = view.take_rate[:, None]
    taken, shown = view.shown_profile(view.taken), view.shown_profile(np.ones(len(view.taken)))
    return view.along((taken + 5 * usual) / (shown + 5)).astype(np.float32)


@feature
def shown_category_lift(view: View) -> Column:
    """Whether the user chooses the item's categories more than the rest of what they are shown."""
    usual = view.take_rate[:, None]
    taken, shown = view.shown_profile(view.taken), view.shown_profile(np.ones(len(view.taken)))
    surprise = (taken - shown * usual) / np.sqrt(shown * usual + 1)
    return view.along(surprise).astype(np.float32)


@feature
def shown_before(view: View) -> Column:
    """How often this very item was shown to the user before (log of 1 + the count)."""
    width = np.int64(len(view.catalogue))
    shown = np.sort(view.rows.shown_owner * width + view.rows.shown)
    wanted = view.rows.query * width + view.rows.item
    begin, end = (np.searchsorted(shown, wanted, side=side) for side in ("left", "right"))
    return np.asarray(np.log1p(end - begin), np.float32)


@feature
def shown_items(view: View) -> Column:
    """How much the user was shown lately (log of 1 + the count)."""
    return view.spread(np.log1p(np.diff(view.rows.shown_start)))
