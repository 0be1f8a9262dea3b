"""The tables of ranked lists."""

from shortlist.evaluation.metrics import CATALOGUE_METRICS, LIST_METRICS
from shortlist.evaluation.results import ListSection, Row
from shortlist.evaluation.tables.grid import (
    Cell,
    Column,
    Grid,
    Line,
    estimate_cell,
    heading_of,
    in_order,
    metric_lines,
    short,
)
from shortlist.evaluation.tables.sentences import compared_rows, verdict_on


def list_grids(section: ListSection, caption: str, origin: str) -> list[Grid]:
    """The main table, what beats what, by history, beyond accuracy, and every metric at every k.

    The first says in full what it was measured on, the others where the data is from.
    """
    cut = section.headline.partition("@")[2]
    other = [f"{name}@{cut}" for name in LIST_METRICS if f"{name}@{cut}" != section.headline]
    grids = [
        _at_one_k(section, section.title, caption, [section.headline, *other]),
        _differences(section, origin),
        _by_history(section, origin),
        _at_one_k(
            section,
            f"{section.title}: beyond accuracy at {cut}",
            origin,
            [f"{name}@{cut}" for name in CATALOGUE_METRICS],
        ),
    ]
    if len(section.ks) > 1:
        grids += [_at_every_k(section, name, origin) for name in LIST_METRICS]
    return [grid for grid in grids if grid is not None]


def _at_one_k(section: ListSection, title: str, caption: str, keys: list[str]) -> Grid | None:
    shown = [key for key in keys if any(key in row.metrics for row in section.rows)]
    if not shown:
        return None
    return Grid(
        title=title,
        caption=caption,
        corner="row",
        columns=tuple(_column(key, section) for key in shown),
        lines=metric_lines(section.rows, shown),
    )


def _column(key: str, section: ListSection) -> Column:
    """The headline carries the cut for all."""
    if key == section.headline:
        return Column(heading_of(key), leading=True)
    return Column(heading_of(key.partition("@")[0]))


def _at_every_k(section: ListSection, metric: str, caption: str) -> Grid:
    keys = [f"{metric}@{k}" for k in section.ks]
    return Grid(
        title=f"{section.title}: {LIST_METRICS[metric].label} by k",
        caption=caption,
        corner="row",
        columns=tuple(Column(heading_of(key)) for key in keys),
        lines=metric_lines(section.rows, keys),
        detail=True,
    )


def _differences(section: ListSection, caption: str) -> Grid | None:
    lines = [
        _difference(row, other, section)
        for row in compared_rows(section)
        for other in row.differences
        if section.headline in row.differences[other]
    ]
    if not lines:
        return None
    return Grid(
        title=f"{section.title}: differences, user by user",
        caption=caption,
        corner="ours - theirs",
        columns=(
            Column(heading_of(section.headline), leading=True),
            Column("relative"),
            Column("verdict", number=False),
        ),
        lines=tuple(lines),
    )


def _difference(row: Row, other: str, section: ListSection) -> Line:
    found = row.differences[other][section.headline]
    theirs = next((each for each in section.rows if each.name == other), None)
    base = theirs.metrics[section.headline].value if theirs else 0.0
    low, high = found.low or 0.0, found.high or 0.0
    cell = Cell(
        f"{found.value:+.4f}",
        f"[{short(low)} {short(high)}]" if found.low is not None else "",
    )
    relative = Cell(f"{100 * found.value / base:+.1f} %" if base else "-")
    return Line(f"{row.name} - {other}", (cell, relative, Cell(verdict_on(found))), row.role)


def _by_history(section: ListSection, caption: str) -> Grid | None:
    if not section.by_history:
        return None
    return Grid(
        title=f"{section.title}: {heading_of(section.headline)} by length of history",
        caption=caption,
        corner="row",
        columns=tuple(
            Column(f"{group.shortest}-{group.longest} ({group.users:,})")
            for group in section.by_history
        ),
        lines=tuple(
            Line(
                row.name,
                tuple(estimate_cell(group.values.get(row.name)) for group in section.by_history),
                row.role,
            )
            for row in in_order(section.rows)
        ),
        detail=True,
    )
