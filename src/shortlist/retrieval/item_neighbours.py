"""Items whose audience overlaps with the audience of what the user chose."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt
from scipy.sparse import csr_array, vstack

from shortlist.core.candidates import Query, Scores
from shortlist.core.sparse import weighted_sum
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.recency import (
    fading,
    half_life_array,
    half_life_from,
    recency_for,
    recent,
)
from shortlist.retrieval.source import Arrays, Source, SourceModel
from shortlist.retrieval.sparse import column_of, largest_per_row, pack, padded, unpack

BLOCK = 2048
"""Items whose overlaps are in memory together."""


@dataclass(frozen=True)
class ItemNeighboursModel(SourceModel):
    similarity: csr_array
    half_life: float | None

    def score(self, query: Query) -> Scores:
        return weighted_sum(self.similarity, *recent(query, self.half_life))

    def because(self, query: Query, item: int) -> Scores:
        return column_of(self.similarity, query.history, item) * fading(query, self.half_life)

    def padded(self, n_items: int) -> Self:
        return replace(self, similarity=padded(self.similarity, n_items, n_items))

    def arrays(self) -> Arrays:
        return {**pack("similarity", self.similarity), "half_life": half_life_array(self.half_life)}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        return cls(
            similarity=unpack("similarity", arrays), half_life=half_life_from(arrays["half_life"])
        )


class ItemNeighbours(Source):
    """Recommend the items most similar to the user's history.

    Similarity is the cosine between audiences (Sarwar et al. 2001, section 3), with three things
    learned since. It is shrunk towards zero where the overlap is small, so that sharing two
    viewers out of two does not beat sharing ninety of a hundred (Koren 2008, section 2.2). Somebody
    who chooses everything says little about any two things (Breese et al. 1998, section 2.3). And
    it need not be the same both ways: a popular neighbour is held less against than a cosine would
    (Aiolli 2013, section 3).
    """

    name: ClassVar[str] = "item_neighbours"
    model: ClassVar[type[SourceModel]] = ItemNeighboursModel

    neighbours: PositiveInt = 200
    """Similar items kept per item; memory grows linearly with it."""

    shrinkage: NonNegativeFloat = 5.0
    """Users a pair is assumed not to share; higher means less faith in small overlaps."""

    activity: float = Field(default=0.5, ge=0, le=1)
    """How much less is said by those who choose much: a user counts divided by their number of
    choices to this power. 0 counts all alike."""

    popularity: float = Field(default=0.35, ge=0, le=1)
    """How much a neighbour's popularity is held against it: its audience to this power divides
    the overlap, the audience of the item itself to the rest of 1. 0.5 is the cosine."""

    half_life: PositiveFloat | None = 10.0
    """Events back in the history after which one counts half; none counts all alike."""

    def fit(self, data: Dataset) -> ItemNeighboursModel:
        chosen = data.interactions
        audience = np.maximum(np.asarray(chosen.sum(axis=0)), 1).astype(np.float32)
        telling = self._telling(chosen)
        by_item = chosen.T.tocsr()
        blocks = [
            self._nearest(by_item[start : start + BLOCK], telling, audience, start)
            for start in range(0, data.n_items, BLOCK)
        ]
        empty = csr_array((0, data.n_items), dtype=np.float32)
        table = csr_array(vstack([empty, *blocks], format="csr"))
        return ItemNeighboursModel(table, recency_for(self.half_life, timed=data.timed))

    def _telling(self, chosen: csr_array) -> csr_array:
        """The choices, each with what it says: one in the mean over all of them."""
        lengths = np.diff(chosen.indptr)
        weight = np.repeat(np.maximum(lengths, 1.0) ** -self.activity, lengths)
        weight /= weight.mean() if len(weight) else 1
        parts = (weight.astype(np.float32), chosen.indices, chosen.indptr)
        return csr_array(parts, shape=chosen.shape)

    def _nearest(
        self, rows: csr_array, telling: csr_array, audience: Scores, start: int
    ) -> csr_array:
        """The neighbours of some items: those from `start` on, as rows."""
        shared = csr_array(rows @ telling)
        row = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
        own = (audience ** np.float32(1 - self.popularity))[start + row]
        theirs = (audience ** np.float32(self.popularity))[shared.indices]
        similarity = shared.data / (own * theirs)
        similarity *= shared.data / (shared.data + np.float32(self.shrinkage))
        similarity[shared.indices == start + row] = 0
        parts = (similarity.astype(np.float32), shared.indices, shared.indptr)
        return largest_per_row(csr_array(parts, shape=shared.shape), self.neighbours)
