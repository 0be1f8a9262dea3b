"""Items that tend to follow what the user did last."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt
from scipy.sparse import csr_array

from shortlist.core.candidates import Query, Scores
from shortlist.core.sparse import weighted_sum
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.recency import fading, recent
from shortlist.retrieval.source import Arrays, Source, SourceModel
from shortlist.retrieval.sparse import column_of, largest_per_row, pack, padded, unpack


@dataclass(frozen=True)
class TransitionsModel(SourceModel):
    follows: csr_array
    """items x items: how readily the column follows the row."""
    half_life: float

    def score(self, query: Query) -> Scores:
        return weighted_sum(self.follows, *recent(query, self.half_life))

    def because(self, query: Query, item: int) -> Scores:
        return column_of(self.follows, query.history, item) * fading(query, self.half_life)

    def padded(self, n_items: int) -> Self:
        return replace(self, follows=padded(self.follows, n_items, n_items))

    def arrays(self) -> Arrays:
        return {**pack("follows", self.follows), "half_life": np.array([self.half_life])}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        (half_life,) = np.asarray(arrays["half_life"], np.float64).tolist()
        return cls(follows=unpack("follows", arrays), half_life=half_life)


class Transitions(Source):
    """Recommend what people chose within a few steps after the user's last choices.

    A pair counts by how close the second came after the first, and a row is divided by all
    that followed its item: a first-order Markov chain with skips (Rendle et al. 2010, section
    4; skips as in Garg et al. 2019). A log without times has no order and teaches nothing.
    """

    name: ClassVar[str] = "transitions"
    model: ClassVar[type[SourceModel]] = TransitionsModel

    window: PositiveInt = 20
    """How many steps after an item still count as following it."""

    decay: float = Field(default=0.9, gt=0, le=1)
    """What a pair one step further apart counts, relative to the nearer one."""

    shrinkage: NonNegativeFloat = 5.0
    """Followers an item is assumed to have had beside those seen."""

    half_life: PositiveFloat = 5.0
    """Events back in the history after which one counts half."""

    followers: PositiveInt = 1000
    """Following items kept per item."""

    def fit(self, data: Dataset) -> TransitionsModel:
        counts = self._counts(data)
        total = np.asarray(counts.sum(axis=1)) + self.shrinkage
        lengths = np.diff(counts.indptr)
        shares = counts.data / np.repeat(total, lengths)
        table = csr_array((shares.astype(np.float32), counts.indices, counts.indptr), counts.shape)
        return TransitionsModel(largest_per_row(table, self.followers), self.half_life)

    def _counts(self, data: Dataset) -> csr_array:
        shape = (data.n_items, data.n_items)
        counts = csr_array(shape, dtype=np.float64)
        if not data.timed:
            return counts
        item, user = _sequences(data)
        for lag in range(1, min(self.window, len(item) - 1) + 1):
            together = user[lag:] == user[:-lag]
            first, then = item[:-lag][together], item[lag:][together]
            other = first != then
            weight = np.full(int(other.sum()), self.decay ** (lag - 1))
            counts = counts + csr_array((weight, (first[other], then[other])), shape=shape)
        return counts


def _sequences(data: Dataset) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Items and users of the positive events, user after user, oldest first."""
    order, _ = data.by_user
    order = order[data.positive[order]]
    return data.events.item[order], data.events.user[order]
