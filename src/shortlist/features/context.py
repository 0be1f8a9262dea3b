"""Columns about the moment of the question."""

import numpy as np

from shortlist.core.times import DAY, HOUR
from shortlist.features.feature import feature
from shortlist.features.view import Column, View


@feature
def context_hour(view: View) -> Column:
    """The hour of the day (UTC)."""
    return view.spread((view.rows.time % DAY // HOUR).astype(np.float64) * view.timed)


@feature
def context_weekday(view: View) -> Column:
    """The day of the week: 0 is Monday (UTC)."""
    return view.spread(((view.rows.time // DAY + 3) % 7).astype(np.float64) * view.timed)


@feature
def context_year_day(view: View) -> Column:
    """The day of the year, in [0, 1) (UTC; years of 365.2425 days)."""
    years = view.rows.time / (365.2425 * DAY)
    return view.spread((years - np.floor(years)) * view.timed)
