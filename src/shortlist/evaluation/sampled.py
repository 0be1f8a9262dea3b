"""The protocol whose figures are often quoted: random 80/20, one positive to three negatives.

It flatters. The split lets a user's later choices explain earlier ones, and an item drawn
uniformly from the catalogue is one that hardly anybody chooses, so that counting choices alone
tells most pairs apart. It is here to be compared with, never as a headline.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items
from shortlist.datasets.folds import Fold, Question
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.splits import Band, by_share
from shortlist.evaluation.pairs import ScoredPairs
from shortlist.pipeline.model import Retrieval
from shortlist.pipeline.retrieve import pool_of, score_all
from shortlist.ranking.calibration import Calibration
from shortlist.retrieval.popularity import decayed_counts
from shortlist.training.chance import fit_chance
from shortlist.training.progress import Progress, silent
from shortlist.training.rows import Lesson, labelled
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import fit_retrieval

NEGATIVES = 3
MEANING = (
    "A random 80 % of each user's events are learned; each other event is one positive pair, "
    "beside three items drawn uniformly from those the user has no event with. A random split "
    "lets the future explain the past, and uniform negatives are mostly items nobody chooses: "
    "counting choices alone looks good. Compare with the popularity line, never across papers."
)


@dataclass(frozen=True)
class Sampled:
    """Pairs with the predictions of the popularity line and of the model."""

    popularity: ScoredPairs
    model: ScoredPairs


def sampled(
    data: Dataset, settings: TrainingSettings, seed: int = 0, progress: Progress = silent
) -> Sampled:
    """Train the probability head on pairs of the same kind inside the 80 %, and score the rest.

    The popularity line is log(1 + count), calibrated like the head, by isotonic regression on
    pairs inside the training part.
    """
    rng = np.random.default_rng(seed)
    outer = by_share(data, Band(0.8, 1), seed=seed)
    inner = by_share(outer.fit, Band(0.8, 1), seed=seed + 1)
    progress("sampled pairs: fitting", 0, 3)
    before = fit_retrieval(inner.fit, settings)
    lessons = _lessons(before, inner, rng)
    part = rng.permutation(len(lessons)) * 5 // max(1, len(lessons))
    train, valid, calibrate = (
        labelled(before, [lessons[i] for i in np.flatnonzero(which)], "chosen")
        for which in (part < 3, part == 3, part == 4)
    )
    progress("sampled pairs: growing", 1, 3)
    head = fit_chance(train, valid, calibrate, before.columns(), settings.ranker)

    progress("sampled pairs: scoring", 2, 3)
    final = fit_retrieval(outer.fit, settings)
    asked = _lessons(final, outer, rng)
    rows = labelled(final, asked, "chosen")
    users = np.repeat([each.query.user for each in asked], rows.groups).astype(np.int32)
    outcome = rows.labels > 0
    line = _popularity_line(inner, lessons)
    counts = decayed_counts(outer.fit, None)
    items = np.concatenate([each.pool.items for each in asked])
    return Sampled(
        popularity=ScoredPairs(line.apply(np.log1p(counts[items])), outcome, users),
        model=ScoredPairs(head.probability(rows.matrix), outcome, users),
    )


def _popularity_line(fold: Fold, lessons: list[Lesson]) -> Calibration:
    counts = decayed_counts(fold.fit, None)
    items = np.concatenate([each.pool.items for each in lessons])
    chosen = np.concatenate([each.gains > 0 for each in lessons])
    return Calibration.fit(np.log1p(counts[items]).astype(np.float64), chosen)


def _lessons(retrieval: Retrieval, fold: Fold, rng: np.random.Generator) -> list[Lesson]:
    """The positives of every question and three uniform negatives each."""
    found = []
    for each in fold.questions:
        items = np.sort(np.concatenate([each.items, _negatives(retrieval, each, rng)]))
        scores = score_all(retrieval.sources, each.query)
        pool = pool_of(scores, each.query.excluded, retrieval.settings, items)
        chosen = np.isin(items, each.items).astype(np.float32)
        found.append(Lesson(each.query, pool, chosen))
    return found


def _negatives(retrieval: Retrieval, question: Question, rng: np.random.Generator) -> Items:
    """Items the user has no event with, three an answer, each once."""
    free = np.ones(len(retrieval.catalogue), bool)
    free[question.query.excluded] = False
    free[question.items] = False
    others = np.flatnonzero(free)
    number = min(NEGATIVES * len(question.items), len(others))
    drawn: npt.NDArray[np.int32] = rng.choice(others, number, replace=False).astype(np.int32)
    return drawn
