"""The ranker learns on: a few trees more, from what was chosen lately and a sample of before.

The questions are asked of sources that have not seen their answers, as in training: those of the
moments before. The probability is put right on people the trees did not learn from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from shortlist.core.errors import TooLittleData
from shortlist.datasets.folds import Question
from shortlist.online.drift import stability_index
from shortlist.pipeline.model import Retrieval
from shortlist.ranking.booster import Booster, Labelled, grow_on
from shortlist.ranking.calibration import Calibration
from shortlist.ranking.ranker import Ranker
from shortlist.training.replay import Replay
from shortlist.training.rows import joined, labelled, lessons
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import teach

KEPT_OUT: Final = 4
"""One user of so many is kept out, to put the probability right on."""

GENTLY: Final = 0.5
"""What a tree of a refresh may change, as a share of what one of the training may."""

LEAST_TRUE: Final = 20
"""Choices of users kept out from which on it is."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Moment:
    """Questions, and the sources as they stood before the first of them."""

    retrieval: Retrieval
    questions: Sequence[Question]
    """`query.user` is the place of the user's id in `users`."""
    users: Sequence[str]


@dataclass(frozen=True)
class Refreshed:
    """A ranker that learned on, and what it learned from."""

    ranker: Ranker
    replay: Replay
    """The sample of the bundle before, and of what is new, to be kept with the bundle."""
    figures: Mapping[str, float | int]


def refresh(
    ranker: Ranker,
    moments: Sequence[Moment],
    replay: Replay,
    settings: TrainingSettings,
    *,
    trees: int,
    seed: int,
    most: int,
) -> Refreshed:
    """Grow both heads by so many trees, and keep a replay sample of at most `most` rows.

    Raises TooLittleData where the questions tell nothing apart.
    """
    rng = np.random.default_rng(seed)
    shares = [_shared(each) for each in moments]
    shown = ranker.start is not None
    taught, users = _taught([share[0] for share in shares], settings, rng, shown=shown)
    if not len(taught.groups):
        raise TooLittleData("Nobody chose anything lately that was among their candidates.")
    columns = moments[0].retrieval.columns()
    both = joined([replay.rows, taught]) if len(replay.rows.groups) else taught
    chance = _grown(ranker.chance, "binary", _right_or_wrong(both), columns, settings, trees)
    order = chance
    if not shown:
        order = _grown(ranker.order, "lambdarank", both, columns, settings, trees)
    kept_out = [share[1] for share in shares]
    calibration, true = _put_right(chance, ranker.calibration, kept_out)
    figures: dict[str, float | int] = {
        "questions": len(taught.groups),
        "rows": len(taught.labels),
        "replayed_rows": len(replay.rows.labels),
        "trees": order.trees,
        "calibrated_on": true,
        "drift": round(_drift(ranker, replay, taught), 4),
    }
    sample = replay.joined(taught, users).sampled(most, rng)
    return Refreshed(Ranker(order, chance, calibration), sample, figures)


def _shared(moment: Moment) -> tuple[Moment, Moment]:
    """What the trees learn from, and what is kept out: all of one user's is in one of the two."""
    out = [hash_of(moment.users[each.query.user]) % KEPT_OUT == 0 for each in moment.questions]
    questions = moment.questions
    inside = [each for each, kept_out in zip(questions, out, strict=True) if not kept_out]
    outside = [each for each, kept_out in zip(questions, out, strict=True) if kept_out]
    return (
        Moment(moment.retrieval, inside, moment.users),
        Moment(moment.retrieval, outside, moment.users),
    )


def hash_of(text: str) -> int:
    """A number that every process and every run gives a text: FNV-1a of 32 bits.

    >>> hash_of("nina")
    304507145
    """
    found = 2166136261
    for each in text.encode():
        found = ((found ^ each) * 16777619) & 0xFFFFFFFF
    return found


def _taught(
    moments: Sequence[Moment],
    settings: TrainingSettings,
    rng: np.random.Generator,
    *,
    shown: bool,
) -> tuple[Labelled, list[str]]:
    parts, users = [], []
    for moment in moments:
        part = teach(moment.retrieval, moment.questions, settings, rng, shown=shown)
        parts.append(part.rows)
        users += [moment.users[each] for each in part.users]
    return joined(parts), users


def _grown(
    booster: Booster,
    objective: str,
    rows: Labelled,
    columns: Sequence[str],
    settings: TrainingSettings,
    trees: int,
) -> Booster:
    started = booster.start is not None
    ranker = settings.ranker.correcting() if started else settings.ranker
    parameters = ranker.parameters(objective)
    parameters["learning_rate"] *= GENTLY
    if objective == "lambdarank":
        parameters["lambdarank_truncation_level"] = settings.ranker.truncation
    return grow_on(booster, parameters, rows, columns, trees=trees)


def _put_right(
    chance: Booster, before: Calibration, moments: Sequence[Moment]
) -> tuple[Calibration, int]:
    """The calibration on all candidates of people kept out, and how much they chose of them."""
    scores, labels = [np.zeros(0)], [np.zeros(0, np.float32)]
    for moment in moments:
        whole = list(lessons(moment.retrieval, moment.questions))
        rows = labelled(moment.retrieval, whole, "chosen")
        scores.append(chance.predict(rows.matrix))
        labels.append(rows.labels)
    happened = np.concatenate(labels)
    true = int(happened.sum())
    if true < LEAST_TRUE:
        return before, 0
    return before.adjusted(np.concatenate(scores), happened), true


def _drift(ranker: Ranker, replay: Replay, taught: Labelled) -> float:
    """How differently the ranker scores what it is asked now from what it learned from."""
    if not len(replay.rows.labels):
        return 0.0
    then, now = ranker.chance.predict(replay.rows.matrix), ranker.chance.predict(taught.matrix)
    return stability_index(then, now)


def _right_or_wrong(rows: Labelled) -> Labelled:
    return Labelled(rows.matrix, (rows.labels > 0).astype(np.float32), rows.groups)
