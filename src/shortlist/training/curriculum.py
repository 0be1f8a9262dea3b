"""Which exercises the ranker learns from: folds inside the training data.

The sources of every fold are fitted on what came before its questions, so the ranker meets
candidates as it will when serving. No training question's answer is one of validation's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from shortlist.core.errors import TooLittleData
from shortlist.core.times import EARLIEST
from shortlist.datasets.folds import Fold
from shortlist.datasets.snapshot import Dataset, Mask
from shortlist.datasets.splits import Band, by_share, instant_at, successive

Cut = Literal["time", "share", "random"]
"""Where the future begins: at an instant for all, late in each user's log, or by lot."""

LAST: Final = Band(0.8, 1)


@dataclass(frozen=True)
class Exercise:
    """A fold, and whether it is kept for validation."""

    fold: Fold
    held_out: bool


def exercises(data: Dataset, cut: Cut, seed: int, questions: int) -> Iterator[Exercise]:
    """The training folds, then the one kept for early stopping and calibration.

    `questions` is how many there are to be in all training folds; the last has half as many.
    Raises TooLittleData where a log is too small to set any.
    """
    match cut:
        case "time":
            yield from _over_time(data)
        case "share":
            for start in (0.4, 0.5, 0.6):
                yield Exercise(by_share(data, Band(start, start + 0.2)), held_out=False)
            yield Exercise(by_share(data, LAST), held_out=True)
        case "random":
            yield from _by_lot(data, seed, questions)


def _by_lot(data: Dataset, seed: int, questions: int) -> Iterator[Exercise]:
    """Where there are more users than questions, one fold of which some are asked in each turn.

    Sources are then fitted once for both. With fewer users each is asked in both turns, about
    different choices.
    """
    lot = np.random.default_rng(seed).permutation(np.unique(data.events.user[data.positive]))
    if len(lot) < questions + questions // 2:
        for start in (0.6, 0.8):
            fold = by_share(data, Band(start, start + 0.2), seed=seed + 1)
            yield Exercise(fold, held_out=start == 0.8)
        return
    whole = by_share(data, LAST, seed=seed + 1, asking=_marked(lot[: questions * 3 // 2], data))
    taught = _marked(lot[:questions], data)
    for held_out in (False, True):
        asked = [each for each in whole.questions if taught[each.query.user] != held_out]
        yield Exercise(Fold(whole.fit, asked), held_out)


def _marked(users: npt.NDArray[np.int32], data: Dataset) -> Mask:
    found = np.zeros(data.n_users, bool)
    found[users] = True
    return found


def _over_time(data: Dataset) -> Iterator[Exercise]:
    """Windows of a tenth of the events, one after another; the last is kept for validation."""
    shares = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    instants = [instant_at(data, share) for share in shares[:-1]] + [data.last_time + 1]
    windows = [(a, b) for a, b in pairwise(instants) if a < b]
    if len(windows) < 2:
        raise TooLittleData("The log covers too short a time to learn from windows of it.")
    for start, end in windows:
        held_out = end == instants[-1]
        yield Exercise(successive(data, start, end, horizon=20, per_user=8), held_out)


def cut_of(data: Dataset) -> Cut:
    """How a log is cut when nobody says: by time, or by lot where most of it has none, or one."""
    times = data.events.time
    known = times[times > EARLIEST]
    told = 2 * len(known) >= len(times) and len(known) > 0 and known[0] < known[-1]
    return "time" if told else "random"
