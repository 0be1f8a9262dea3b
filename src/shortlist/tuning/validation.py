"""The part of a log that settings are tried on, and what a trial is worth there.

The log is cut twice by one protocol, as the evaluation cuts it: what the evaluation would ask about
is put aside and never looked at, and what is left is parted once more into what a trial learns
and what it is asked. Of the users who are asked one half chooses the settings, the other confirms
them: the best of many trials looks better than it is to those who chose it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from shortlist.core.errors import TooLittleData
from shortlist.datasets.folds import Fold, Question
from shortlist.datasets.snapshot import Dataset
from shortlist.evaluation.answers import relevance_of
from shortlist.evaluation.list_section import owners_of
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import LIST_METRICS
from shortlist.evaluation.protocols import Protocol
from shortlist.pipeline.model import Model, Ranked
from shortlist.training.progress import Progress, silent
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import train

METRIC: Final = "ndcg"
K: Final = 10

MOST_ASKED: Final = 2000
"""Questions that are asked in a trial, drawn evenly; more tell little else and take longer."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Validation:
    """What a trial learns, and whom it is asked about."""

    fold: Fold
    protocol: Protocol

    @classmethod
    def of(cls, data: Dataset, protocol: Protocol, *, min_item_events: int, seed: int) -> Self:
        """The validation part of a log, its test part left out. Raises TooLittleData."""
        seen = protocol.part(data, seed, least=min_item_events)[1].fit
        if not len(seen.events):
            raise TooLittleData("There are too few events to keep a test part out of a search.")
        _, fold = protocol.part(seen, seed, least=min_item_events)
        asked = _evenly(fold.questions, MOST_ASKED)
        found = cls(Fold(fold.fit, asked), protocol)
        if found.choosing.all() or not found.choosing.any():
            raise TooLittleData(
                f"Protocol {protocol.name} leaves fewer than two users to choose settings by: "
                "import more events."
            )
        return found

    @property
    def owners(self) -> npt.NDArray[np.int64]:
        """Whose each question is."""
        return np.asarray(owners_of(self.fold), np.int64)

    @property
    def choosing(self) -> npt.NDArray[np.bool_]:
        """Which questions settings are chosen by: those of every other user who is asked."""
        _, place = np.unique(self.owners, return_inverse=True)
        return np.asarray(place % 2 == 0)

    def worth(self, settings: TrainingSettings, progress: Progress = silent) -> Numbers:
        """Train by some settings and ask: the metric of every question, ties against us."""
        cheaper = settings.model_copy(update={"report": False})
        model = train(self.fold.fit, cheaper, cut=self.protocol.cut, progress=progress).model
        lists = RankedLists(
            self._lists(model), relevance_of(self.fold.questions, self.fold.fit.n_items)
        )
        return LIST_METRICS[METRIC].per_user(lists, K)

    def _lists(self, model: Model) -> npt.NDArray[np.int32]:
        found = np.full((len(self.fold.questions), K), -1, np.int32)
        limit = model.retrieval.settings.limit
        answers = model.rank_many([each.query for each in self.fold.questions], limit)
        for row, asked, ranked in zip(found, self.fold.questions, answers, strict=True):
            best = _against_us(ranked, asked)
            row[: len(best)] = best
        return found


def _against_us(ranked: Ranked, asked: Question) -> npt.NDArray[np.int32]:
    """The K best, of equal scores the wrong ones first."""
    right = np.isin(ranked.items, asked.items)
    return ranked.items[np.lexsort((right, -ranked.scores))[:K]]


def _evenly(questions: Sequence[Question], most: int) -> Sequence[Question]:
    if len(questions) <= most:
        return questions
    return [questions[at] for at in np.linspace(0, len(questions) - 1, most).astype(np.int64)]
