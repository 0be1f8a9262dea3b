"""Tables for the terminal: they fit 100 columns."""

from collections.abc import Iterator
from typing import Literal

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from shortlist.evaluation.results import Report
from shortlist.evaluation.tables.grid import Grid, Line
from shortlist.evaluation.tables.grids import section_grids
from shortlist.evaluation.tables.sentences import comparison_sentences

WIDTH = 100
NAME_WIDTH = 34
_STYLES = {"baseline": "dim", "subject": "bold cyan", "limit": "italic dim", "contender": ""}


def print_report(report: Report, console: Console, *, full: bool = False) -> None:
    """Print every table and note; `full` adds each metric at each k."""
    if report.data.simulated:
        console.print(Text(f"Simulated data: {report.data.name}. No person did this.", "yellow"))
    width = min(WIDTH, console.width)
    for section in report.sections:
        for grid in section_grids(section, report.data):
            if full or not grid.detail:
                console.print(render(grid), width=width)
                console.print()
        for sentence in comparison_sentences(section):
            console.print(Text(sentence), width=width)
        if comparison_sentences(section):
            console.print()
    for note in _notes(report):
        console.print(Text(note, "dim"), width=width)


def render(grid: Grid) -> RenderableType:
    """One table under its title and caption. Nothing in it is read as markup.

    Intervals are left out where the table would not fit with them.
    """
    intervals = _width(grid) <= WIDTH
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    table.add_column(Text(grid.corner), overflow="ellipsis", max_width=NAME_WIDTH, no_wrap=True)
    for column in grid.columns:
        side: Literal["left", "right"] = "right" if column.number else "left"
        table.add_column(Text(column.heading), justify=side, no_wrap=column.number)
        if column.leading and intervals:
            table.add_column(no_wrap=True)
    for line in grid.lines:
        table.add_row(Text(line.name, _STYLES[line.role]), *_texts(grid, line, intervals))
    return Group(Text(grid.title, "bold"), Text(grid.caption, "dim"), table)


def _texts(grid: Grid, line: Line, intervals: bool) -> Iterator[Text]:
    """The cells; a leading column's interval has a column of its own, so that points align."""
    for column, cell in zip(grid.columns, line.cells, strict=True):
        yield Text(cell.text, "bold" if cell.best else "")
        if column.leading and intervals:
            yield Text(cell.interval, "dim")


def _width(grid: Grid) -> int:
    """Characters a line takes with everything in it; long texts may wrap."""
    names = min(
        NAME_WIDTH, max(len(each) for each in (grid.corner, *(line.name for line in grid.lines)))
    )
    columns = [
        max(
            len(each)
            for each in (column.heading, *(line.cells[position].text for line in grid.lines))
        )
        for position, column in enumerate(grid.columns)
        if column.number
    ]
    intervals = [
        max((len(line.cells[position].interval) for line in grid.lines), default=0)
        for position, column in enumerate(grid.columns)
        if column.leading
    ]
    return names + sum(each + 2 for each in (*columns, *intervals))


def _notes(report: Report) -> list[str]:
    of_sections = [note for section in report.sections for note in section.notes]
    return list(dict.fromkeys([*of_sections, *report.notes]))
