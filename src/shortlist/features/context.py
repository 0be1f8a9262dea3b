"""Columns about the moment of the question."""

import numpy as np

from shortlist.core.times import DAY, HOUR
from shortlist.features.feature import query_feature
from shortlist.features.view import Column, View


@query_feature
def context_hour(view: View) -> Column:
    """The hour of the day (UTC)."""
    return view.rows.time % DAY // HOUR * view.timed


@query_feature
def context_weekday(view: View) -> Column:
    """The day of the week: 0 is Monday (UTC)."""
    return (view.rows.time // DAY + 3) % 7 * view.timed


@query_feature
def context_year_day(view: View) -> Column:
    """The day of the year, in [0, 1) (UTC; years of 365.2425 days)."""
    years = view.rows.time / (365.2425 * DAY)
    return (years - np.floor(years)) * view.timed
