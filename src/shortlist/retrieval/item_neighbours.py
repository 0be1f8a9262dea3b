"""Items whose audience overlaps with the audience of what the user chose."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt
from scipy.sparse import csr_array

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
        overlap = (chosen.T @ chosen).tocoo()
        audience = np.asarray(chosen.sum(axis=0))

        between = overlap.row != overlap.col
        left, right, shared = overlap.row[between], overlap.col[between], overlap.data[between]
        cosine = shared / np.sqrt(audience[left] * audience[right])
        similarity = (cosine * shared / (shared + self.shrinkage)).astype(np.float32)

        table = csr_array((similarity, (left, right)), shape=overlap.shape)
        kept = largest_per_row(table, self.neighbours)
        return ItemNeighboursModel(kept, recency_for(self.half_life, timed=data.timed))
