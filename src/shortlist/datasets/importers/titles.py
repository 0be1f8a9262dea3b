"""The year that film titles end with."""

from typing import Final

import polars as pl

YEAR: Final = r"\((\d{4})(?:\s*[-\x{2013}]\s*(?:\d{4})?)?\)\s*$"
"""(1995), and of a series that runs on (2010-2014) or (2010- ) the first year."""


def year_of(titles: pl.Series) -> pl.Series:
    """Years as Int64; null where a title ends with none."""
    return titles.str.extract(YEAR).cast(pl.Int64)
