"""Rows -> Vega-Lite specifications, with the data inside: pages draw them, tests read them.

Names out of data are values of rows and never part of a specification, so none is read as code.
"""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, Final

Spec = dict[str, Any]
Row = Mapping[str, Any]

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
"""What a specification is written in: a name, which nothing loads."""

ROWS: Final = "rows"
"""The name of the data, by which scripts put newer ones in their place."""

FEW: Final = 31
"""Points of a line up to which each is marked."""

HEIGHT: Final = 180
ROW: Final = 22
"""Pixels of a chart, and of a bar with what is around it."""


def lines(
    rows: Sequence[Row],
    *,
    x: str,
    y: str,
    of: str = "",
    share: bool = False,
    clock: bool = False,
    log: bool = False,
) -> Spec:
    """A line over time in UTC, or one for each value of a field.

    With `clock` times of the day are written instead of days; with `log` the scale is logarithmic.
    """
    spec = _spec(rows)
    few = len({each["x"] for each in rows}) <= FEW
    spec["mark"] = {"type": "line", "point": few or {"size": 16}, "interpolate": "monotone"}
    axis = {"format": "%H:%M" if clock else "%-d %b", "tickCount": 6, "labelOverlap": True}
    spec["encoding"] = {
        "x": {
            "field": "x",
            "type": "temporal",
            "title": None,
            "scale": {"type": "utc"},
            "axis": axis,
        },
        "y": {
            "field": "y",
            "type": "quantitative",
            "title": y,
            "axis": {"format": "%" if share else "~s", "tickCount": 5},
        },
        "tooltip": [
            {
                "field": "x",
                "type": "temporal",
                "title": x,
                "timeUnit": "utcyearmonthdatehoursminutes",
            },
            {"field": "y", "type": "quantitative", "title": y, "format": ".3f"},
        ],
    }
    if log:
        spec["encoding"]["y"]["scale"] = {"type": "log"}
        spec["encoding"]["y"]["axis"]["values"] = [10**power for power in range(-3, 9)]
    if of:
        spec["encoding"]["color"] = {"field": "of", "type": "nominal", "title": None}
        spec["encoding"]["tooltip"].append({"field": "of", "type": "nominal", "title": of})
    return spec


def bars(rows: Sequence[Row], *, x: str, y: str, share: bool = False) -> Spec:
    """Lying bars in the order of the rows: `name`, `value`, and what it says (`meaning`)."""
    spec = _spec(rows)
    spec["height"] = ROW * max(1, len(rows))
    spec["mark"] = {"type": "bar", "cornerRadiusEnd": 2}
    spec["encoding"] = {
        "y": {
            "field": "name",
            "type": "nominal",
            "title": y or None,
            "sort": None,
            "axis": {"labelLimit": 190},
        },
        "x": {
            "field": "value",
            "type": "quantitative",
            "title": x,
            "axis": {"format": "%", "tickCount": 6} if share else {"tickCount": 6},
        },
        "tooltip": [
            {"field": "name", "type": "nominal", "title": y or "name"},
            {"field": "value", "type": "quantitative", "title": x, "format": ".4f"},
            {"field": "meaning", "type": "nominal", "title": "meaning"},
        ],
    }
    return spec


def _spec(rows: Sequence[Row]) -> Spec:
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": HEIGHT,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"name": ROWS, "values": [_finite(each) for each in rows]},
    }


def _finite(row: Row) -> dict[str, Any]:
    """JSON knows no number that is none: such a point is left open."""
    return {
        name: None if isinstance(value, float) and not isfinite(value) else value
        for name, value in row.items()
    }
