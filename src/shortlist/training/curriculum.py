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

HORIZON: Final = 20
"""A user's next events that answer a question of a window of time."""

PER_USER: Final = 8
"""Questions of a window that a user is asked at most."""

PLENTY: Final = 2
"""Questions of a fold for one that is to be asked, so that this one fold is enough for all."""


@dataclass(frozen=True)
class Exercise:
    """A fold, and whether it is kept for validation."""

    fold: Fold
    held_out: bool
    asked: int
    """How many of its questions are to be asked, where there are more."""
    of: int
    """How many exercises there are."""


def exercises(data: Dataset, cut: Cut, seed: int, questions: int) -> Iterator[Exercise]:
    """The training folds, then the one kept for early stopping and calibration.

    `questions` is how many are asked in all training folds; in the last half as many. Each fold is
    made when it is asked for. Raises TooLittleData where a log is too small to set any.
    """
    match cut:
        case "time":
            yield from _over_time(data, seed, questions)
        case "share":
            for start in (0.4, 0.5, 0.6):
                fold = by_share(data, Band(start, start + 0.2))
                yield Exercise(fold, held_out=False, asked=questions // 3, of=4)
            yield Exercise(by_share(data, LAST), held_out=True, asked=questions // 2, of=4)
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
            judging = start == 0.8
            yield Exercise(fold, judging, questions // 2 if judging else questions, of=2)
        return
    whole = by_share(data, LAST, seed=seed + 1, asking=_marked(lot[: questions * 3 // 2], data))
    taught = _marked(lot[:questions], data)
    for held_out in (False, True):
        asked = [each for each in whole.questions if taught[each.query.user] != held_out]
        wanted = questions // 2 if held_out else questions
        yield Exercise(Fold(whole.fit, asked), held_out, wanted, of=2)


def _marked(users: npt.NDArray[np.int32], data: Dataset) -> Mask:
    found = np.zeros(data.n_users, bool)
    found[users] = True
    return found


def _over_time(data: Dataset, seed: int, questions: int) -> Iterator[Exercise]:
    """Windows of a tenth of the events, one after another; the last is kept for validation.

    Sources are fitted before each of them. Where the last has plenty of questions for both, some of
    its users teach and the others judge, and sources are fitted once.
    """
    shares = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    instants = [instant_at(data, share) for share in shares[:-1]] + [data.last_time + 1]
    windows = [(a, b) for a, b in pairwise(instants) if a < b]
    if len(windows) < 2:
        raise TooLittleData("The log covers too short a time to learn from windows of it.")
    judging, plenty = questions // 2, PLENTY * (questions + questions // 2)
    if _questions_in(data, windows[-1]) >= plenty:
        lot = np.random.default_rng(seed)
        start, end = windows[-1]
        whole = successive(
            data, start, end, horizon=HORIZON, per_user=PER_USER, lot=lot, most=plenty
        )
        yield from _parted(whole, questions)
        return
    teaching = questions // (len(windows) - 1)
    for start, end in windows:
        held_out = end == instants[-1]
        fold = successive(data, start, end, horizon=HORIZON, per_user=PER_USER)
        yield Exercise(fold, held_out, judging if held_out else teaching, of=len(windows))


def _questions_in(data: Dataset, window: tuple[int, int]) -> int:
    """About how many questions there are in a window."""
    start, end = window
    events = data.events
    within = (events.time >= start) & (events.time < end) & data.positive
    return int(np.minimum(np.bincount(events.user[within]), PER_USER).sum())


def _parted(whole: Fold, questions: int) -> Iterator[Exercise]:
    """One fold, in which two thirds of the users teach and the others judge."""
    for held_out in (False, True):
        own = [each for each in whole.questions if (each.query.user % 3 == 2) == held_out]
        wanted = questions // 2 if held_out else questions
        yield Exercise(Fold(whole.fit, own), held_out, wanted, of=2)


def cut_of(data: Dataset) -> Cut:
    """How a log is cut when nobody says: by time, or by lot where most of it has none, or one."""
    times = data.events.time
    known = times[times > EARLIEST]
    told = 2 * len(known) >= len(times) and len(known) > 0 and known[0] < known[-1]
    return "time" if told else "random"
