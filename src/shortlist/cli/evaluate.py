"""`shortlist evaluate`: train on the past, ask about the future."""

import shlex
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import polars as pl
import typer

from shortlist.bootstrap import Home, open_home
from shortlist.cli.console import wide_console
from shortlist.cli.stage_bar import StageBar
from shortlist.core.errors import BadFile, TooLittleData
from shortlist.datasets.load import load_dataset
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.evaluate import Evaluation, Oracle
from shortlist.evaluation.evaluate import evaluate as measure
from shortlist.evaluation.report.page import write_page
from shortlist.evaluation.results import Report
from shortlist.evaluation.tables.terminal import print_report
from shortlist.online.replayed import LearningOn, Replayed


def evaluate(
    context: typer.Context,
    protocol: Annotated[
        str | None,
        typer.Option(help="global-time, last-share, successive or random-share."),
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures.")] = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", help="Write a page with tables and plots.")
    ] = None,
    min_item_events: Annotated[
        int | None, typer.Option(min=1, help="Choices an item needs to be in the catalogue.")
    ] = None,
    sampled: Annotated[
        bool, typer.Option("--sampled", help="Measure the sampled protocol as well.")
    ] = False,
    name: Annotated[
        str | None, typer.Option(help="What the data is called in the tables [the home's name].")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Print every metric at every k.")] = False,
) -> None:
    """Train on the past, ask about the future, and stand beside popularity and every source.

    Trains anew on a part of the log; the current bundle has no part in it. For example:
    shortlist evaluate --protocol last-share --html report.html
    """
    for file in (json_file, html_file):
        if file is not None and not file.absolute().parent.is_dir():
            raise BadFile(f"{file} cannot be written: its folder is not there.")
    home = open_home(Path(context.find_root().params["home"]))
    report = evaluated(home, protocol, min_item_events, with_sampled=sampled, name=name)
    print_report(report, wide_console(), full=full)
    write(report, json_file, html_file)


def evaluated(
    home: Home,
    protocol: str | None,
    min_item_events: int | None = None,
    *,
    with_sampled: bool,
    name: str | None = None,
) -> Report:
    """The report of a home's log."""
    data = load_dataset(home.facts, home.settings.kinds)
    if not len(data.events):
        raise TooLittleData("There are no events to evaluate on; import some first.")
    settings = home.settings.evaluation
    asked = Evaluation(
        name=name or ("a simulated world" if home.simulated else home.path.name),
        simulated=home.simulated,
        protocol=protocol,
        min_item_events=min_item_events or settings.min_item_events,
        seed=settings.seed,
        with_sampled=with_sampled,
        oracle=_truth(home) if home.simulated else None,
        follow=partial(Replayed.of, kinds=home.settings.kinds),
        refresh=partial(LearningOn.of, settings=home.settings.training),
        command=shlex.join(["shortlist", *sys.argv[1:]]),
    )
    with StageBar() as progress:
        return measure(data, home.settings.training, asked, progress)


def _truth(home: Home) -> Oracle:
    """The simulator's own probabilities, read from the home's truth."""

    def oracle(data: Dataset, positions: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        events = data.events.take(positions)
        asked = pl.DataFrame(
            {
                "user": [data.users[user] for user in events.user],
                "item": [data.catalogue.ids[item] for item in events.item],
                "time": events.time,
            }
        )
        truth = pl.read_parquet(home.path / "truth" / "truth.parquet")
        keys = ["user", "item", "time"]
        known = truth.select(*keys, "probability").unique(keys)
        joined = asked.join(known, on=keys, how="left", maintain_order="left")
        return joined["probability"].to_numpy()

    return oracle


def write(report: Report, json_file: Path | None, html_file: Path | None) -> None:
    """Keep a report as figures and as a page, where files are named."""
    try:
        if json_file is not None:
            json_file.write_text(report.model_dump_json(indent=1), "utf-8")
        if html_file is not None:
            write_page(report, html_file)
            typer.echo(f"The report with plots is in {html_file}.")
    except OSError as error:
        raise BadFile(f"{error.filename} cannot be written: {error.strerror}.") from None
