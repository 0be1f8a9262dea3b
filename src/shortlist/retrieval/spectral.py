"""Items that a smooth signal on the user-item graph reaches from the history."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt
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
from shortlist.retrieval.sparse import pack, unpack, weighted_rows

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class SpectralModel(SourceModel):
    graph: csr_array
    """users x items: choices, divided by the roots of both degrees."""
    audience: csr_array
    """items x users: the same turned round."""
    entering: Matrix
    """items x vectors: from the history into the smooth part."""
    leaving: Matrix
    """items x vectors: back, with the weight of the smooth part."""
    half_life: float | None

    def score(self, query: Query) -> Scores:
        fade = fading(query, self.half_life)
        reached = weighted_rows(self.audience, query.history, fade)
        users = np.flatnonzero(reached).astype(np.int32)
        near = weighted_rows(self.graph, users, reached[users])
        smooth = self.leaving @ (fade @ self.entering[query.history])
        return np.asarray(near + smooth, np.float32)

    def arrays(self) -> Arrays:
        parts: Arrays = {
            "entering": self.entering,
            "leaving": self.leaving,
            "half_life": half_life_array(self.half_life),
        }
        return {**pack("graph", self.graph), **parts}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        graph = unpack("graph", arrays)
        return cls(
            graph=graph,
            audience=graph.T.tocsr(),
            entering=np.asarray(arrays["entering"], np.float32),
            leaving=np.asarray(arrays["leaving"], np.float32),
            half_life=half_life_from(arrays["half_life"]),
        )


class Spectral(Source):
    """Recommend by graph filtering: what is close on the graph plus what is smooth on it.

    With R the choices divided by the roots of both degrees, a history h scores
    h R'R + weight * h D^-1/2 V V' D^1/2, V the leading right singular vectors of R
    (GF-CF, Shen et al. 2021, section 4.2).
    """

    name: ClassVar[str] = "spectral"
    model: ClassVar[type[SourceModel]] = SpectralModel

    vectors: PositiveInt = 128
    """Singular vectors of the low-pass part; memory and time grow linearly with it."""

    weight: PositiveFloat = Field(default=0.3)
    """What the low-pass part counts beside the neighbourhood part."""

    half_life: PositiveFloat | None = 10.0
    """Events back in the history after which one counts half; none counts all alike."""

    seed: NonNegativeInt = 0
    """Start of the iteration that finds the vectors."""

    def fit(self, data: Dataset) -> SpectralModel:
        chosen = data.interactions
        users = np.maximum(np.asarray(chosen.sum(axis=1)), 1)
        items = np.maximum(np.asarray(chosen.sum(axis=0)), 1)
        scale = 1 / np.sqrt(np.repeat(users, np.diff(chosen.indptr)) * items[chosen.indices])
        graph = csr_array((scale.astype(np.float32), chosen.indices, chosen.indptr), chosen.shape)
        vectors = self._leading(graph)
        root = np.sqrt(items)[:, None]
        return SpectralModel(
            graph=graph,
            audience=graph.T.tocsr(),
            entering=(vectors / root).astype(np.float32),
            leaving=(self.weight * vectors * root).astype(np.float32),
            half_life=recency_for(self.half_life, timed=data.timed),
        )

    def _leading(self, graph: csr_array) -> Matrix:
        from scipy.sparse.linalg import svds

        count = min(self.vectors, min(graph.shape) - 1)
        if count < 1 or not graph.nnz:
            return np.zeros((graph.shape[1], 1), np.float32)
        start = np.random.default_rng(self.seed).standard_normal(min(graph.shape))
        _, _, right = svds(graph, k=count, v0=start.astype(np.float32))
        leading: Matrix = np.ascontiguousarray(right.T)
        return leading
