"""Items that a smooth signal on the user-item graph reaches from the history."""

from dataclasses import dataclass
from inspect import signature
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt
from scipy.linalg import eigh
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

DENSE = 1500
"""Users or items, whichever are fewer, up to which all of the spectrum is computed at once."""

NOTHING = 1e-6
"""The share of the largest eigenvalue below which one is taken for zero."""


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
        """The leading right singular vectors, items x vectors; none of singular value zero."""
        leading = np.zeros((graph.shape[1], 1), np.float32)
        if graph.nnz:
            from threadpoolctl import threadpool_limits

            chosen = np.flatnonzero(np.bincount(graph.indices, minlength=graph.shape[1]))
            part = graph[np.diff(graph.indptr) > 0][:, chosen].astype(np.float64)
            # One thread for BLAS: its sums then do not depend on how many there are, and
            # products as small as these only lose time to it.
            with threadpool_limits(1, "blas"):
                vectors = self._right_vectors(part)
            leading = np.zeros((graph.shape[1], vectors.shape[1]), np.float32)
            leading[chosen] = vectors
        return leading

    def _right_vectors(self, graph: csr_array) -> npt.NDArray[np.float64]:
        """From the eigenvectors of R'R, or of the smaller RR' where there are fewer users."""
        users, items = graph.shape
        near = csr_array(graph.T) if users > items else graph
        squares, vectors = self._eigen(near)
        telling = squares > NOTHING * squares.max()
        vectors = vectors[:, telling]
        return vectors if users > items else (graph.T @ vectors) / np.sqrt(squares[telling])

    def _eigen(self, near: csr_array) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The largest eigenvalues and eigenvectors of A A', for the smaller side A of the graph."""
        n = near.shape[0]
        if n <= DENSE or self.vectors >= n:
            first = max(0, n - self.vectors)
            squares, vectors = eigh((near @ near.T).toarray(), subset_by_index=[first, n - 1])
            return squares, vectors
        from scipy.sparse.linalg import LinearOperator, eigsh

        product = LinearOperator((n, n), matvec=lambda x: near @ (near.T @ x), dtype=np.float64)
        start = np.random.default_rng(self.seed).standard_normal(n)
        # Where it restarts newer SciPy draws anew, from the system's entropy if not told.
        drawn: dict[str, Any] = {"rng": self.seed} if "rng" in signature(eigsh).parameters else {}
        squares, vectors = eigsh(product, k=self.vectors, v0=start, **drawn)
        return squares, vectors
