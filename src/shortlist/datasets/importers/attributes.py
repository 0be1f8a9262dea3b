"""Columns of a table gathered into one JSON object a row."""

import json
import math
from collections.abc import Mapping
from typing import Any

import polars as pl


def gathered(columns: Mapping[str, pl.Series]) -> pl.Series:
    """JSON objects of what is not null; null where that is nothing.

    Whole floats are written as whole numbers, and what JSON cannot say as text.
    """
    names = list(columns)
    rows = zip(*(each.to_list() for each in columns.values()), strict=True)
    return pl.Series("attributes", [_object(names, row) for row in rows], pl.String)


def _object(names: list[str], row: tuple[Any, ...]) -> str | None:
    known = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in zip(names, row, strict=True)
        if value is not None and not (isinstance(value, float) and math.isnan(value))
    }
    return json.dumps(known, ensure_ascii=False, default=str) if known else None
