"""`shortlist train`: from the log to a bundle."""

import time
from pathlib import Path
from typing import Annotated

import typer

from shortlist.bootstrap import Home, open_home
from shortlist.cli.stage_bar import StageBar
from shortlist.cli.tuning_table import outcome
from shortlist.core.errors import Invalid, TooLittleData
from shortlist.core.events import FIRST_INSTANT, LAST_INSTANT
from shortlist.core.times import Instant, parse_instant
from shortlist.datasets.load import load_dataset
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.protocols import protocol_of
from shortlist.training.curriculum import cut_of
from shortlist.training.publish import contents_of
from shortlist.training.train import train as train_model
from shortlist.tuning.space import changed
from shortlist.tuning.tune import Search, trial_file
from shortlist.tuning.tune import tune as search_settings
from shortlist.tuning.tuning import TUNING, Tuning
from shortlist.tuning.validation import Validation


def train(
    context: typer.Context,
    until: Annotated[
        str | None,
        typer.Option(help="Train as if what happened at this time or later had not."),
    ] = None,
    tune: Annotated[
        float | None,
        typer.Option(
            metavar="MINUTES",
            min=0,
            help="First search for so long which sources, settings of theirs and of the ranker are "
            "best on a validation part of the log; the training comes after it.",
        ),
    ] = None,
    protocol: Annotated[
        str | None,
        typer.Option(
            help="How --tune cuts the log: as `evaluate` does [last-share; random-share without "
            "times]. What that protocol asks about is put aside and not looked at."
        ),
    ] = None,
) -> None:
    """Fit all sources and the ranker on the log, and make the new bundle the current one.

    For example: shortlist train --until 2018-01-01

    --tune tries settings, those of the settings file first, and takes others only where they are
    surely better: found by one half of the users of the validation part, confirmed by the other,
    the whole interval of the difference above zero. A search that is stopped goes on where it was
    when the same command is given again; what earlier runs took counts as part of the minutes.
    `shortlist models show` tells what was tried. For example: shortlist train --tune 30
    """
    home = open_home(Path(context.find_root().params["home"]))
    instant = None if until is None else _instant(until)
    if protocol is not None and tune is None:
        raise Invalid("--protocol says how --tune cuts the log: give --tune as well.")
    data = load_dataset(home.facts, home.settings.kinds, instant)
    if not len(data.events):
        before = f" before {until}" if until else ""
        raise TooLittleData(f"There are no events{before} to learn from; import some first.")
    settings, more = home.settings.training, {}
    if tune is not None:
        tuning = _tuned(home, data, tune, protocol, instant)
        settings = changed(settings, tuning.trials[tuning.chosen].changes)
        more = {TUNING: tuning.model_dump_json()}
    started = time.monotonic()
    name = f"{len(data.events):,} events"
    with StageBar() as bar, home.runs.follow("training", name) as run:

        def progress(stage: str, done: int, total: int) -> None:
            bar(stage, done, total)
            run.at(stage, done, total)

        trained = train_model(data, settings, progress=progress, examine=home.examine())
        parent = home.bundles.current()
        contents = contents_of(
            trained,
            data,
            settings,
            until=instant,
            seconds=time.monotonic() - started,
            parent=parent,
            more=more,
        )
        bundle = home.bundles.publish(contents)
        run.tell(said=f"bundle {bundle}")
    home.models.trained(bundle, {"events": len(data.events), "until": data.sequence}, parent=parent)
    if cut_of(data) == "random":
        typer.echo(
            "The log has no times, or hardly any: the ranker's exercises were cut at random."
        )
    typer.echo(
        f"Bundle {bundle} is current: {len(data.events):,} events of {data.n_users:,} users "
        f"and {data.n_items:,} items, trained in {time.monotonic() - started:.0f} s."
    )


def _tuned(
    home: Home, data: Dataset, minutes: float, protocol: str | None, until: Instant | None
) -> Tuning:
    """Search settings within a budget, and say what came of it."""
    base, measuring = home.settings.training, home.settings.evaluation
    asked = protocol_of(protocol, data)
    search = Search(
        base=base,
        validation=Validation.of(
            data, asked, min_item_events=measuring.min_item_events, seed=measuring.seed
        ),
        minutes=minutes,
        seed=base.seed,
        trials=trial_file(home.path, data, base, asked.name, until),
    )
    name = f"{len(data.events):,} events"
    with StageBar() as bar, home.runs.follow("tuning", name) as run:

        def progress(stage: str, done: int, total: int) -> None:
            bar(stage, done, total)
            run.at(stage, done, total)

        tuning = search_settings(search, progress)
    for line in outcome(tuning):
        typer.echo(line)
    return tuning


def _instant(text: str) -> Instant:
    instant = parse_instant(text)
    if not FIRST_INSTANT <= instant < LAST_INSTANT:
        raise Invalid(f"{text} is not a time between 1900 and 2200; numbers are epoch seconds.")
    return instant
