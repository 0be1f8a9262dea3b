"""What everybody chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import PositiveFloat

from shortlist.core.candidates import Query, Scores
from shortlist.core.times import DAY
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.source import Arrays, Source, SourceModel


@dataclass(frozen=True)
class PopularityModel(SourceModel):
    scores: Scores

    def score(self, query: Query) -> Scores:  # noqa: ARG002
        return self.scores

    def score_many(self, queries: Sequence[Query]) -> npt.NDArray[np.float32]:
        return np.broadcast_to(self.scores, (len(queries), len(self.scores)))

    def arrays(self) -> Arrays:
        return {"scores": self.scores}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        return cls(scores=np.asarray(arrays["scores"], np.float32))


class Popularity(Source):
    """Recommend what most people chose, in all the time the log covers."""

    name: ClassVar[str] = "popularity"
    model: ClassVar[type[SourceModel]] = PopularityModel

    def fit(self, data: Dataset) -> PopularityModel:
        return PopularityModel(decayed_counts(data, half_life_days=None))


class Trending(Source):
    """Recommend what most people chose lately: each choice fades with its age."""

    name: ClassVar[str] = "trending"
    model: ClassVar[type[SourceModel]] = PopularityModel

    half_life_days: PositiveFloat = 90.0
    """Days after which a choice counts half."""

    def fit(self, data: Dataset) -> PopularityModel:
        return PopularityModel(decayed_counts(data, self.half_life_days))


def decayed_counts(data: Dataset, half_life_days: float | None) -> Scores:
    """How often each item was chosen, old choices counting less (float32, one an item).

    Without a half-life, or in a log without times, every choice counts one.
    """
    chosen = data.events.take(data.positive)
    fade = np.ones(len(chosen))
    if half_life_days is not None and data.timed:
        fade = np.exp2(-(data.last_time - chosen.time) / (half_life_days * DAY))
    counts = np.bincount(chosen.item, fade, minlength=data.n_items).astype(np.float32)
    counts.flags.writeable = False  # they are handed out as they are
    return counts
