"""Items whose audience overlaps with the audience of what the user chose."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt
from scipy.sparse import csr_array, vstack

from shortlist.core.candidates import Query, Scores
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.recency import (
    fading,
    half_life_array,
    half_life_from,
    recency_for,
)
from shortlist.retrieval.source import Arrays, Source, SourceModel
from shortlist.retrieval.sparse import column_of, largest_per_row, pack, unpack, weighted_rows

BLOCK = 2048
"""Items whose overlaps are in memory together."""


@dataclass(frozen=True)
class ItemNeighboursModel(SourceModel):
    similarity: csr_array
    half_life: float | None

    def score(self, query: Query) -> Scores:
        return weighted_rows(self.similarity, query.history, fading(query, self.half_life))

    def because(self, query: Query, item: int) -> Scores:
        return column_of(self.similarity, query.history, item) * fading(query, self.half_life)

    def arrays(self) -> Arrays:
        return {**pack("similarity", self.similarity), "half_life": half_life_array(self.half_life)}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        return cls(
            similarity=unpack("similarity", arrays), half_life=half_life_from(arrays["half_life"])
        )


class ItemNeighbours(Source):
    """Recommend the items most similar to the user's history.

    Similarity is the cosine between audiences, shrunk towards zero where the overlap is
    small, so that sharing two viewers out of two does not beat sharing ninety of a hundred
    (Sarwar et al. 2001, section 3; shrinkage as in Koren 2008, section 2.2).
    """

    name: ClassVar[str] = "item_neighbours"
    model: ClassVar[type[SourceModel]] = ItemNeighboursModel

    neighbours: PositiveInt = 200
    """Similar items kept per item; memory grows linearly with it."""

    shrinkage: NonNegativeFloat = 10.0
    """Users a pair is assumed not to share; higher means less faith in small overlaps."""

    half_life: PositiveFloat | None = 10.0
    """Events back in the history after which one counts half; none counts all alike."""

    def fit(self, data: Dataset) -> ItemNeighboursModel:
        chosen = data.interactions
        audience = np.maximum(np.asarray(chosen.sum(axis=0)), 1).astype(np.float32)
        by_item = chosen.T.tocsr()
        blocks = [
            self._nearest(by_item[start : start + BLOCK], chosen, audience, start)
            for start in range(0, data.n_items, BLOCK)
        ]
        empty = csr_array((0, data.n_items), dtype=np.float32)
        table = csr_array(vstack([empty, *blocks], format="csr"))
        return ItemNeighboursModel(table, recency_for(self.half_life, timed=data.timed))

    def _nearest(
        self, rows: csr_array, chosen: csr_array, audience: Scores, start: int
    ) -> csr_array:
        """The neighbours of some items: those from `start` on, as rows."""
        shared = csr_array(rows @ chosen)
        row = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
        cosine = shared.data / np.sqrt(audience[start + row] * audience[shared.indices])
        similarity = cosine * shared.data / (shared.data + np.float32(self.shrinkage))
        similarity[shared.indices == start + row] = 0
        parts = (similarity.astype(np.float32), shared.indices, shared.indptr)
        return largest_per_row(csr_array(parts, shape=shared.shape), self.neighbours)
