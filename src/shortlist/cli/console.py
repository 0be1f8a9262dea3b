"""Where tables are printed."""

from rich.console import Console

PAPER = 118
"""Columns of what is not printed on a terminal: as wide as the tables want to be."""


def wide_console() -> Console:
    """The terminal as it is; where the output goes elsewhere, as wide as tables want to be."""
    console = Console()
    return console if console.is_terminal else Console(width=PAPER)
