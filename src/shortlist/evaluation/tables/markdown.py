"""Tables for a README: Markdown."""

import re
from collections.abc import Iterator

from shortlist.evaluation.results import Report
from shortlist.evaluation.tables.grid import Column, Grid, Line
from shortlist.evaluation.tables.grids import section_grids
from shortlist.evaluation.tables.sentences import comparison_sentences

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~&$])")


def markdown_report(report: Report, *, full: bool = False) -> str:
    """Every table and what beats what, in words; `full` adds each metric at each k."""
    return "\n\n".join(_blocks(report, full=full)) + "\n"


def _blocks(report: Report, *, full: bool) -> Iterator[str]:
    for section in report.sections:
        for grid in section_grids(section, report.data):
            if full or not grid.detail:
                yield markdown_table(grid)
        sentences = comparison_sentences(section)
        if sentences:
            yield "\n".join(f"- {_plain(each)}" for each in sentences)


def markdown_table(grid: Grid) -> str:
    """One table, its title above, its caption below; the best of a column in bold."""
    head = [grid.corner, *(column.heading for column in grid.columns)]
    rule = ["---", *("---:" if column.number else "---" for column in grid.columns)]
    lines = [
        f"**{_plain(grid.title)}**",
        "",
        _joined([_plain(each) for each in head]),
        _joined(rule),
        *(_joined(_cells(line, grid.columns)) for line in grid.lines),
        "",
        _plain(grid.caption),
    ]
    return "\n".join(lines)


def _cells(line: Line, columns: tuple[Column, ...]) -> list[str]:
    cells = [_plain(line.name)]
    for cell, column in zip(line.cells, columns, strict=True):
        text = f"**{_plain(cell.text)}**" if cell.best else _plain(cell.text)
        cells.append(f"{text} {cell.interval}" if column.leading else text)
    return cells


def _joined(cells: list[str]) -> str:
    return "| " + " | ".join(cell.strip() for cell in cells) + " |"


def _plain(text: str) -> str:
    r"""Text that Markdown shows as it is, on one line.

    >>> _plain("a|b")
    'a\\|b'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
