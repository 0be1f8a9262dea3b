"""`shortlist demo`: everything once, from an empty machine to an explained list."""

import time
from pathlib import Path
from typing import Annotated

import typer

from shortlist.bootstrap import Home, open_home
from shortlist.cli.console import wide_console
from shortlist.cli.demo_data import SIMULATED, Found, find
from shortlist.cli.evaluate import evaluated, write
from shortlist.cli.import_ import movielens
from shortlist.cli.recommend import recommend
from shortlist.cli.simulate import simulate
from shortlist.cli.train import train
from shortlist.evaluation.tables.terminal import print_report

REPORT = "report.html"


def demo(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Option(help="A MovieLens folder; left out, one is looked for.")
    ] = None,
    user: Annotated[str | None, typer.Option(help="Whose list is shown at the end.")] = None,
    no_serve: Annotated[  # noqa: ARG001  the service is not built; scripts may say it already
        bool, typer.Option("--no-serve", help="End after the list, as it does in any case today.")
    ] = False,
) -> None:
    """Get data, import, train, evaluate, and show one user's list with reasons.

    The data is --data, a folder in SHORTLIST_DATASETS, what an earlier run downloaded, or the
    official MovieLens archive; without a network, a simulated world, which is then said.
    """
    started = time.monotonic()
    found = find(data)
    typer.echo(found.said)
    home = open_home(Path(context.find_root().params["home"]))
    _step("Import")
    _bring(context, found)
    _step("Train")
    train(context, None)
    _step("Evaluate")
    report = evaluated(home, None, with_sampled=False, name=found.name)
    print_report(report, wide_console())
    write(report, None, home.path / REPORT)
    _step("Recommend")
    recommend(context, user or _somebody(home), explained=True, k=5)
    typer.echo(f"Done in {time.monotonic() - started:.0f} s. The home is {home.path}.")


def _step(name: str) -> None:
    wide_console().rule(name, align="left")


def _bring(context: typer.Context, found: Found) -> None:
    if found.folder is None:
        simulate(context, SIMULATED, 7)
    else:
        movielens(context, found.folder)


def _somebody(home: Home) -> str:
    """The first user of the log, who is as good as any."""
    batch = next(iter(home.facts.events(columns=["user"], batch_rows=1)))
    return str(batch["user"][0])
