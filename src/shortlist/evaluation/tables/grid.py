"""A table before it is drawn: headings, lines, cells as text."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shortlist.evaluation.metrics import METRICS
from shortlist.evaluation.results import Estimate, Row, RowRole


@dataclass(frozen=True)
class Column:
    """A heading. A leading column shows its intervals everywhere, others where there is room."""

    heading: str
    leading: bool = False
    number: bool = True


@dataclass(frozen=True)
class Cell:
    text: str = ""
    interval: str = ""
    best: bool = False


@dataclass(frozen=True)
class Line:
    name: str
    cells: tuple[Cell, ...]
    role: RowRole = "contender"


@dataclass(frozen=True)
class Grid:
    title: str
    caption: str
    corner: str
    """Heading of the names."""
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    detail: bool = False
    """Whether it is for those who want everything."""


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Popularity first, then other baselines, then the rest as given, limits last."""
    place = {"baseline": 1, "contender": 2, "subject": 2, "limit": 3}
    return sorted(rows, key=lambda row: 0 if row.name == "popularity" else place[row.role])


def metric_lines(rows: Sequence[Row], keys: Sequence[str]) -> tuple[Line, ...]:
    """One line a row, one cell a metric; the best of each metric is marked, limits aside."""
    best = {key: _best(rows, key) for key in keys}
    return tuple(
        Line(
            name=row.name,
            role=row.role,
            cells=tuple(
                estimate_cell(row.metrics.get(key), best=row.name in best[key], key=key)
                for key in keys
            ),
        )
        for row in in_order(rows)
    )


def estimate_cell(estimate: Estimate | None, *, best: bool = False, key: str = "") -> Cell:
    """A number to four places (two where it is in bits), its interval beside it."""
    if estimate is None:
        return Cell("-")
    places = 2 if key.startswith("novelty") else 4
    interval = ""
    if estimate.low is not None and estimate.high is not None:
        interval = f"[{short(estimate.low, places)} {short(estimate.high, places)}]"
    return Cell(f"{estimate.value:.{places}f}", interval, best)


def short(value: float, places: int = 4) -> str:
    """A number without the zero before the point.

    >>> short(0.25), short(-0.5), short(1.5)
    ('.2500', '-.5000', '1.5000')
    """
    text = f"{value:.{places}f}"
    return re.sub(r"^(-?)0\.", r"\1.", text)


def heading_of(key: str) -> str:
    """The heading of a metric's column, as in "NDCG@10" for "ndcg@10"."""
    name, _, cut = key.partition("@")
    label = METRICS[name].label if name in METRICS else name
    return f"{label}@{cut}" if cut else label


def _best(rows: Sequence[Row], key: str) -> set[str]:
    """Names of the rows that hold the best value of a metric, to the places shown."""
    name = key.partition("@")[0]
    better = METRICS[name].better if name in METRICS else "neither"
    values: Mapping[str, float] = {
        row.name: round(row.metrics[key].value, 4)
        for row in rows
        if key in row.metrics and row.role != "limit"
    }
    if better == "neither" or len(values) < 2:
        return set()
    choose: Callable[..., float] = max if better == "higher" else min
    top = choose(values.values())
    return {row for row, value in values.items() if value == top}
