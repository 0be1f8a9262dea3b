"""`shortlist insights`: what the lists do to the catalogue over time."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from shortlist.bootstrap import open_home, open_insights
from shortlist.cli.console import wide_console
from shortlist.core.times import iso
from shortlist.serving.insights import Period, Spread


def insights(
    context: typer.Context,
    periods: Annotated[int, typer.Option(min=1, max=366, help="How many periods, up to now.")] = 14,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days of each period.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How few items get how much of what is shown, and how much is tried, period by period.

    From the decisions that are kept and the impressions in the log. A loop that narrows shows as a
    Gini and a share of the top that rise, and a coverage that falls.
    """
    home = open_home(Path(context.find_root().params["home"]))
    with home.facts:
        found = open_insights(home).over(periods, days)
    if as_json:
        typer.echo(json.dumps([_known(asdict(each)) for each in found]))
        return
    wide_console().print(_table(found))


def _known(document: object) -> object:
    """A document in which what is not known (NaN) is null."""
    if isinstance(document, dict):
        return {name: _known(each) for name, each in document.items()}
    return None if document != document else document  # noqa: PLR0124  only NaN is not itself


def _table(found: list[Period]) -> Table:
    table = Table("from", show_edge=False)
    for heading in ("lists", "looked at", "items", "coverage", "Gini", "top 1 %", "tried"):
        table.add_column(heading, justify="right")
    for heading in ("impressions", "items", "coverage", "Gini", "top 1 %"):
        table.add_column(heading, justify="right")
    for each in found:
        items, *spread = _spread(each.answered)
        seen, *shown = _spread(each.impressions)
        table.add_row(
            iso(each.start)[:10],
            f"{each.lists:,}",
            f"{each.looked_at:,}",
            items,
            *spread,
            _share(each.explored),
            f"{each.impressions.shown:,}",
            seen,
            *shown,
        )
    return table


def _spread(spread: Spread) -> tuple[str, str, str, str]:
    even = "-" if spread.gini != spread.gini else f"{spread.gini:.3f}"
    return f"{spread.items:,}", _share(spread.coverage), even, _share(spread.top_share)


def _share(share: float) -> str:
    return "-" if share != share else f"{share:.1%}"  # noqa: PLR0124  only NaN is not itself
