"""`shortlist worker`: keeps models fresh, beside the service."""

from pathlib import Path
from typing import Annotated

import typer

from shortlist.bootstrap import open_home
from shortlist.server.log import set_up_log
from shortlist.worker.run import run


def worker(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="Do what there is to do now, and end.")
    ] = False,
    parent: Annotated[
        int | None, typer.Option(hidden=True, help="End when this process has ended.")
    ] = None,
) -> None:
    """Learn on from what was chosen, compare, promote, go back, train again; until stopped.

    `shortlist serve` starts one beside it. Where several run on one database, one works and the
    others stand by.
    """
    set_up_log()
    run(open_home(Path(context.find_root().params["home"])), parent=parent, once=once)
