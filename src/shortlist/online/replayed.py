"""A dataset as the log it was read from, learned event by event: for evaluations."""

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from shortlist.core.errors import TooLittleData
from shortlist.core.times import EARLIEST
from shortlist.datasets.folds import Question
from shortlist.datasets.kinds import KindSettings
from shortlist.datasets.pasts import LogRow
from shortlist.datasets.snapshot import Dataset
from shortlist.online.fold import Fold
from shortlist.online.refresh import Moment, refresh
from shortlist.online.worker_settings import WorkerSettings
from shortlist.pipeline.model import Retrieval
from shortlist.ranking.ranker import Ranker
from shortlist.training.replay import MOST, Replay
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import Trained


class Replayed:
    """What serving would know, had the events arrived in the order in which they happened.

    The n-th event of the dataset has the sequence number n + 1.
    """

    def __init__(self, log: "Told", fold: Fold) -> None:
        self._log = log
        self._fold = fold

    @classmethod
    def of(
        cls, data: Dataset, start: int, trained: Retrieval, *, kinds: Mapping[str, KindSettings]
    ) -> Self:
        """Begin after the first `start` events, those that were trained on."""
        log = Told(data)
        return cls(log, Fold(trained, kinds, log, start))

    def learn(self, until: int) -> None:
        """Learn the events up to a position, those before which were learned already."""
        self._fold.add([self._log.row(place) for place in range(self._fold.sequence, until)])

    def retrieval(self) -> Retrieval:
        """What proposes, as of the last event learned."""
        return self._fold.retrieval()


class LearningOn:
    """A ranker that learns on as the worker would let it, time after time."""

    def __init__(
        self, users: Sequence[str], replay: Replay, settings: TrainingSettings, trees: int
    ) -> None:
        self._users = users
        self._replay = replay
        self._settings = settings
        self._trees = trees
        self._times = 0

    @classmethod
    def of(cls, data: Dataset, trained: Trained, *, settings: TrainingSettings) -> Self:
        """From what training kept to be learned again, as the worker's defaults say."""
        return cls([*data.users], trained.replay, settings, WorkerSettings().refresh_trees)

    def refreshed(
        self, ranker: Ranker, asked: Sequence[tuple[Retrieval, Sequence[Question]]]
    ) -> Ranker:
        """The ranker after it has learned on; the same where the questions tell nothing apart."""
        moments = [Moment(retrieval, questions, self._users) for retrieval, questions in asked]
        self._times += 1
        try:
            found = refresh(
                ranker,
                moments,
                self._replay,
                self._settings,
                trees=self._trees,
                seed=self._times,
                most=MOST,
            )
        except TooLittleData:
            return ranker
        self._replay = found.replay
        return found.ranker


class Told:
    """The events of a dataset as rows of a log."""

    def __init__(self, data: Dataset) -> None:
        self._data = data
        self._events = data.events

    def until(self, users: Sequence[str], sequence: int) -> Mapping[str, Sequence[LogRow]]:
        """The events of some users up to a sequence number, and with it."""
        index = self._data.users.indices_of(users)
        return {
            user: [self.row(int(place)) for place in places[places < sequence]]
            for user, own in zip(users, index.tolist(), strict=True)
            if len(places := np.sort(self._data.positions_of(own)))
        }

    def row(self, place: int) -> LogRow:
        """The event at a position."""
        events, data = self._events, self._data
        value, time = float(events.value[place]), int(events.time[place])
        return LogRow(
            sequence=place + 1,
            user=data.users[int(events.user[place])],
            item=data.catalogue.ids[int(events.item[place])],
            kind=data.kinds[int(events.kind[place])],
            value=None if np.isnan(value) else value,
            time=None if time == EARLIEST else time,
        )
