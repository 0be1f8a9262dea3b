"""What a search of settings found, for the terminal."""

from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shortlist.evaluation.results import Estimate
from shortlist.storage.bundles import BundleStore
from shortlist.tuning.tuning import TUNING, Tuning

SHOWN: Final = 10
"""Trials in the table where not all are asked for: the best ones."""


def tuning_of(bundles: BundleStore, bundle: str) -> Tuning | None:
    """What was tried before a bundle was trained; None where nothing was, or it cannot be read.

    Raises UnknownBundle, DamagedBundle.
    """
    text = bundles.text(bundle, TUNING)
    try:
        return None if text is None else Tuning.model_validate_json(text)
    except ValidationError:
        return None  # another version wrote it


def outcome(tuning: Tuning) -> Iterator[str]:
    """A few sentences: what was searched, what was taken and why, how to keep it."""
    failed = sum(each.problem is not None for each in tuning.trials)
    yield (
        f"{len(tuning.trials)} trials in {tuning.minutes:.1f} minutes, {failed} failed; protocol "
        f"{tuning.protocol}, whose test part was not looked at."
    )
    gain = f"{_said(tuning.gain, '+.4f')} in NDCG@10 over {tuning.confirming:,} other questions"
    if tuning.best == 0:
        yield "No trial was better than the settings as they are (trial 0)."
    elif tuning.chosen == 0:
        yield (
            f"Trial {tuning.best} was the best of the search. It is not surely better than the "
            f"settings as they are: {gain}. They stay."
        )
    else:
        yield f"The settings of trial {tuning.chosen} are taken: {gain}."
        yield f"To train so from now on, write into shortlist.toml:\n\n{tuning.toml}"


def print_tuning(tuning: Tuning, console: Console, *, full: bool) -> None:
    """The outcome and a table of trials: the best ones and trial 0, or all of them."""
    lines = sorted(tuning.trials, key=lambda each: -(each.value if each.value is not None else -1))
    shown = tuning.trials if full else lines[:SHOWN]
    table = Table("trial", "NDCG@10", "s", "what differs from trial 0", show_edge=False)
    for each in shown if tuning.trials[0] in shown else [*shown, tuning.trials[0]]:
        value = "failed" if each.value is None else f"{each.value:.4f}"
        changes = ", ".join(
            f"{path.removeprefix('sources.')} {value}" for path, value in each.changes.items()
        )
        mark = " *" if each.number == tuning.chosen else ""
        row = (f"{each.number}{mark}", value, f"{each.seconds:.0f}", each.problem or changes)
        table.add_row(*map(Text, row))
    for place in range(3):
        table.columns[place].no_wrap = True
    caption = f"Over {tuning.questions:,} questions of the validation part; * was taken."
    console.print(Text("What was tried before the training", "bold"))
    console.print(Text(caption, "dim"))
    console.print(table)
    for line in outcome(tuning):
        console.print(Text(line))


def _said(estimate: Estimate, form: str) -> str:
    return f"{estimate.value:{form}} [{estimate.low:{form}} {estimate.high:{form}}]"
