"""`shortlist demo`: everything once, from an empty machine to an explained list."""

import os
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
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The port it serves at in the end.")
    ] = 8000,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="End after the list, and serve nothing.")
    ] = False,
) -> None:
    """Get data, import, train, evaluate, show one user's list with reasons, and serve.

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
    somebody = user or _somebody(home)
    recommend(context, somebody, explained=True, k=5)
    typer.echo(f"Done in {time.monotonic() - started:.0f} s. The home is {home.path}.")
    if not no_serve:
        _step("Serve")
        _serve(home, somebody, port)


def _serve(home: Home, user: str, port: int) -> None:
    """Serve as of the log's own time, after saying how to ask."""
    from shortlist.server.serve import serve

    key = home.auth.keys.create("demo", ["admin"]).text
    url = f"http://127.0.0.1:{port}"
    typer.echo(
        "The clock stands at the newest event of the log. Try, in another terminal:\n\n"
        f"  curl -H 'X-API-Key: {key}' '{url}/v1/users/{user}/recommendations?limit=5'\n\n"
        f"Every endpoint: {url}/docs. Stop with Ctrl-C.\n"
    )
    os.environ["SHORTLIST_CLOCK"] = "log"
    server = home.settings.server.model_copy(update={"port": port})
    serve(Home(home.path, home.settings.model_copy(update={"server": server, "clock": "log"})))


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
