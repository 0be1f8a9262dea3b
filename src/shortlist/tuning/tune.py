"""The search: trial after trial, as long as the budget lasts."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from shortlist import __version__
from shortlist.core.errors import ShortlistError
from shortlist.datasets.snapshot import Dataset
from shortlist.training.progress import Progress, silent
from shortlist.training.settings import TrainingSettings
from shortlist.tuning.search import propose
from shortlist.tuning.space import AXES, Value, changed
from shortlist.tuning.trials import Trial, TrialFile, best_of
from shortlist.tuning.tuning import Tuning, concluded
from shortlist.tuning.validation import Validation

FOLDER: Final = "tuning"
"""Where in a home the trials lie, a file a search."""

Clock = Callable[[], float]


@dataclass(frozen=True)
class Search:
    """What is searched, and for how long."""

    base: TrainingSettings
    """The settings of trial 0."""
    validation: Validation
    minutes: float
    """Of the clock, for all trials of the search together, those of earlier runs among them."""
    seed: int
    trials: TrialFile
    clock: Clock = time.monotonic


def tune(search: Search, progress: Progress = silent) -> Tuning:
    """Try settings until the budget is spent; what was found, and whether it is better.

    The first trial is made in any case. After it one begins only where there is as much time left
    as half of those before it took. Raises what training by trial 0 raises.
    """
    done = search.trials.read()
    while not done or _seconds_left(search, done) >= median(each.seconds for each in done):
        changes = dict(propose(search.base, done, search.seed))
        done.append(_tried(search, done, changes, progress))
        search.trials.write(done)
    return concluded(done, search.validation, search.base, search.seed)


def trial_file(
    home: Path, data: Dataset, base: TrainingSettings, protocol: str, until: int | None
) -> TrialFile:
    """Where the trials of one search are kept.

    Another log, other settings to begin with, another cut or version make another search.
    """
    about = (
        __version__,
        data.sequence,
        len(data.events),
        until,
        protocol,
        base.model_dump_json(),
        sorted(AXES.items()),
    )
    name = sha256(repr(about).encode()).hexdigest()[:12]
    return TrialFile(home / FOLDER / f"{name}.jsonl")


def _seconds_left(search: Search, done: list[Trial]) -> float:
    return 60 * search.minutes - sum(each.seconds for each in done)


def _tried(
    search: Search, done: list[Trial], changes: dict[str, Value], progress: Progress
) -> Trial:
    number, started = len(done), search.clock()
    budget, spent = round(60 * search.minutes), 60 * search.minutes - _seconds_left(search, done)

    def say(stage: str, _: int, __: int) -> None:
        now = min(budget, round(spent + search.clock() - started))
        progress(f"trial {number}{_so_far(done)}: {stage}", now, budget)

    asked, found, problem = search.validation, None, None
    try:
        found = asked.worth(changed(search.base, changes), say)
    except (ShortlistError, ArithmeticError, np.linalg.LinAlgError) as error:
        if not number:
            raise
        problem = str(error)
    seconds = search.clock() - started
    if found is None:
        return Trial(number=number, changes=changes, seconds=seconds, problem=problem)
    return Trial(
        number=number,
        changes=changes,
        searched=tuple(found[asked.choosing].tolist()),
        confirmed=tuple(found[~asked.choosing].tolist()),
        seconds=seconds,
    )


def _so_far(done: list[Trial]) -> str:
    if not done:
        return ""
    best = best_of(done)
    return f", best so far {best.value:.4f} (trial {best.number}; 0 has {done[0].value:.4f})"
