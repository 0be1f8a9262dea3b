"""What everybody chooses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Self

import numpy as np
import numpy.typing as npt
from pydantic import PositiveFloat

from shortlist.core.candidates import Query, Scores, Times
from shortlist.core.times import DAY
from shortlist.datasets.arrivals import Arrivals
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.recency import half_life_array, half_life_from
from shortlist.retrieval.source import Arrays, Learner, NewItems, Source, SourceModel

Numbers = npt.NDArray[np.float64]

FURTHEST: Final = 512
"""Half-lives from the instant that amounts are counted at, before it is moved on."""

NOTHING: Final = 1e-12
"""What is left of a sum that was taken back, by rounding alone."""


@dataclass(frozen=True)
class PopularityModel(SourceModel):
    scores: Scores
    half_life_days: float | None = None
    """Days after which a choice counts half; None where all count alike."""
    as_of: int | None = None
    """The instant up to which choices faded; None where an older version did not note it."""

    def score(self, query: Query) -> Scores:  # noqa: ARG002
        return self.scores

    def score_many(self, queries: Sequence[Query]) -> npt.NDArray[np.float32]:
        return np.broadcast_to(self.scores, (len(queries), len(self.scores)))

    def padded(self, n_items: int) -> Self:
        return replace(
            self, scores=_read_only(np.pad(self.scores, (0, n_items - len(self.scores))))
        )

    def learner(self, catalogue: Catalogue) -> "PopularityLearner | None":  # noqa: ARG002
        return None if self.as_of is None else PopularityLearner(self, self.as_of)

    def arrays(self) -> Arrays:
        if self.as_of is None:
            return {"scores": self.scores}
        half_life, as_of = half_life_array(self.half_life_days), np.array([self.as_of])
        return {"scores": self.scores, "half_life": half_life, "as_of": as_of}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        scores = np.asarray(arrays["scores"], np.float32)
        if "as_of" not in arrays:
            return cls(scores)
        (as_of,) = np.asarray(arrays["as_of"], np.int64).tolist()
        return cls(scores, half_life_from(arrays["half_life"]), as_of)


class PopularityLearner(Learner):
    """Choices since the training, each faded as if it were told at one instant of reference.

    Whatever the instant, fading from it to another is one factor for all items.
    """

    def __init__(self, trained: PopularityModel, as_of: int) -> None:
        self._trained = trained
        self._sums = trained.scores.astype(np.float64)
        self._returned = np.zeros(len(self._sums), bool)
        self._reference = as_of
        self._newest = as_of

    def extend(self, items: NewItems) -> None:
        more = (0, len(items) - len(self._sums))
        self._sums, self._returned = np.pad(self._sums, more), np.pad(self._returned, more)

    def learn(self, arrivals: Arrivals) -> None:
        self._newest = max(self._newest, int(arrivals.time.max(initial=self._newest)))
        chosen, begin = arrivals.chosen, 0
        while begin < len(chosen):
            end = begin + self._near(chosen.time[begin:])
            self._add(chosen, slice(begin, end))
            if end < len(chosen):
                self._move_on(int(chosen.time[end]))
            begin = end

    def _near(self, time: Times) -> int:
        """How many events come before the first that lies too far behind the reference."""
        if self._half_life is None:
            return len(time)
        far = np.flatnonzero(time - self._reference > FURTHEST * self._half_life)
        return int(far[0]) if len(far) else len(time)

    def _move_on(self, time: int) -> None:
        """Count as if all were told at another instant."""
        self._sums *= np.exp2((self._reference - time) / (self._half_life or 1))
        self._reference = time

    def _add(self, chosen: Arrivals, some: slice) -> None:
        item, sign = chosen.item[some], chosen.sign[some]
        np.add.at(self._sums, item, sign * self._grown(chosen.time[some]))
        self._returned[item[sign < 0]] = True

    def _grown(self, time: Times) -> Numbers:
        """What a choice at each instant counts beside one at the reference."""
        half_life = self._half_life
        if half_life is None:
            return np.ones(len(time))
        grown: Numbers = np.exp2(np.minimum((time - self._reference) / half_life, FURTHEST))
        return grown

    @property
    def _half_life(self) -> float | None:
        days = self._trained.half_life_days
        return None if days is None else days * DAY

    def model(self) -> PopularityModel:
        now = float(self._grown(np.array([self._newest]))[0])
        sums = self._sums / now
        sums[self._returned & (sums < NOTHING)] = 0
        scores = _read_only(sums.astype(np.float32))
        return replace(self._trained, scores=scores, as_of=self._newest)

    def arrays(self) -> Arrays:
        instants = np.array([self._reference, self._newest])
        returned = np.flatnonzero(self._returned)
        return {"sums": self._sums.copy(), "instants": instants, "returned": returned}

    def restore(self, arrays: Arrays) -> None:
        self._sums = np.array(arrays["sums"], np.float64)
        self._returned[arrays["returned"]] = True
        self._reference, self._newest = np.asarray(arrays["instants"], np.int64).tolist()


class Popularity(Source):
    """Recommend what most people chose, in all the time the log covers."""

    name: ClassVar[str] = "popularity"
    model: ClassVar[type[SourceModel]] = PopularityModel

    def fit(self, data: Dataset) -> PopularityModel:
        return _fitted(data, half_life_days=None)


class Trending(Source):
    """Recommend what most people chose lately: each choice fades with its age."""

    name: ClassVar[str] = "trending"
    model: ClassVar[type[SourceModel]] = PopularityModel

    half_life_days: PositiveFloat = 90.0
    """Days after which a choice counts half."""

    def fit(self, data: Dataset) -> PopularityModel:
        return _fitted(data, self.half_life_days)


def _fitted(data: Dataset, half_life_days: float | None) -> PopularityModel:
    """Without a half-life, or in a log without times, every choice counts one."""
    half_life_days = half_life_days if data.timed else None
    return PopularityModel(decayed_counts(data, half_life_days), half_life_days, data.last_time)


def decayed_counts(data: Dataset, half_life_days: float | None) -> Scores:
    """How often each item was chosen, old choices counting less (float32, one an item)."""
    chosen = data.events.take(data.positive)
    fade = np.ones(len(chosen))
    if half_life_days is not None:
        fade = np.exp2(-(data.last_time - chosen.time) / (half_life_days * DAY))
    counts = np.bincount(chosen.item, fade, minlength=data.n_items)
    return _read_only(counts.astype(np.float32))


def _read_only(scores: Scores) -> Scores:
    """The scores are handed out as they are."""
    scores.flags.writeable = False
    return scores
