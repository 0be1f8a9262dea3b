"""`shortlist train`: from the log to a bundle."""

import time
from pathlib import Path
from typing import Annotated

import typer

from shortlist.bootstrap import open_home
from shortlist.cli.stage_bar import StageBar
from shortlist.core.errors import Invalid, TooLittleData
from shortlist.core.events import FIRST_INSTANT, LAST_INSTANT
from shortlist.core.times import Instant, parse_instant
from shortlist.datasets.load import load_dataset
from shortlist.training.curriculum import cut_of
from shortlist.training.publish import contents_of
from shortlist.training.train import train as train_model


def train(
    context: typer.Context,
    until: Annotated[
        str | None,
        typer.Option(help="Train as if what happened at this time or later had not."),
    ] = None,
) -> None:
    """Fit all sources and the ranker on the log, and make the new bundle the current one.

    For example: shortlist train --until 2018-01-01
    """
    home = open_home(Path(context.find_root().params["home"]))
    instant = None if until is None else _instant(until)
    data = load_dataset(home.facts, home.settings.kinds, instant)
    if not len(data.events):
        before = f" before {until}" if until else ""
        raise TooLittleData(f"There are no events{before} to learn from; import some first.")
    started = time.monotonic()
    settings = home.settings.training
    with StageBar() as progress:
        trained = train_model(data, settings, progress=progress, examine=home.examine())
    parent = home.bundles.current()
    contents = contents_of(
        trained,
        data,
        settings,
        until=instant,
        seconds=time.monotonic() - started,
        parent=parent,
    )
    bundle = home.bundles.publish(contents)
    home.models.trained(bundle, {"events": len(data.events), "until": data.sequence}, parent=parent)
    if cut_of(data) == "random":
        typer.echo(
            "The log has no times, or hardly any: the ranker's exercises were cut at random."
        )
    typer.echo(
        f"Bundle {bundle} is current: {len(data.events):,} events of {data.n_users:,} users "
        f"and {data.n_items:,} items, trained in {time.monotonic() - started:.0f} s."
    )


def _instant(text: str) -> Instant:
    instant = parse_instant(text)
    if not FIRST_INSTANT <= instant < LAST_INSTANT:
        raise Invalid(f"{text} is not a time between 1900 and 2200; numbers are epoch seconds.")
    return instant
