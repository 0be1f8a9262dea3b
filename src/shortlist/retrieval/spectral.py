"""Items that a smooth signal on the user-item graph reaches from the history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt
from scipy.linalg import eigh, qr, svd
from scipy.sparse import csr_array

from shortlist.core.candidates import Query, Scores
from shortlist.core.sparse import weighted_sum
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.one_thread import one_blas_thread
from shortlist.retrieval.recency import (
    fading,
    half_life_array,
    half_life_from,
    recency_for,
    recent,
)
from shortlist.retrieval.source import Arrays, Source, SourceModel
from shortlist.retrieval.sparse import (
    column_of,
    largest_of_product,
    pack,
    padded,
    unpack,
)

Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]

DENSE = 1500
"""Users or items, whichever are fewer, up to which all of the spectrum is computed at once."""

MOST_VECTORS = 512
"""Vectors that are kept of a large graph where nobody says."""

SPARE = 32
"""Directions a sketch has beside those that are kept."""

SWEEPS = 2
"""Times the sketch is drawn through the graph and back before its vectors are read off."""

NOTHING = 1e-6
"""The share of the largest eigenvalue below which one is taken for zero."""


@dataclass(frozen=True)
class SpectralModel(SourceModel):
    near: csr_array
    """items x items: how close the column is to the row, over the users they share."""
    vectors: Matrix
    """items x vectors: the smooth part of the graph."""
    root: Scores
    """What an item counts as a proposal, and its inverse as a choice: a power of its degree.
    Items that came since are in neither of the two."""
    weight: Scores
    """What each vector counts beside what is close; one for all in bundles of older versions."""
    half_life: float | None

    def score(self, query: Query) -> Scores:
        scores = self._near(query)
        smooth = self.vectors @ self._profile(query)
        smooth *= self.root
        scores[: len(smooth)] += smooth
        return scores

    def score_many(self, queries: Sequence[Query]) -> Matrix:
        profiles = np.stack([self._profile(query) for query in queries])
        smooth: Matrix = profiles @ self.vectors.T
        smooth *= self.root
        scores = np.stack([self._near(query) for query in queries])
        scores[:, : smooth.shape[1]] += smooth
        return scores

    def _near(self, query: Query) -> Scores:
        near: Scores = weighted_sum(self.near, *recent(query, self.half_life))
        return near

    def _profile(self, query: Query) -> Scores:
        """Where the history lies in the smooth part, each direction with its weight."""
        items, weights = recent(query, self.half_life)
        if self._lengthened:
            known = items < len(self.vectors)
            items, weights = items[known], weights[known]
        entering = weights / self.root[items]
        profile = entering @ self.vectors.take(items, axis=0)
        return np.asarray(profile * self.weight, np.float32)

    @property
    def _lengthened(self) -> bool:
        """Whether there are items that came since."""
        return self.near.shape[0] > len(self.vectors)

    def because(self, query: Query, item: int) -> Scores:
        near = column_of(self.near, query.history, item)
        smooth = np.zeros(len(near), np.float32)
        known = query.history < len(self.vectors)
        if item < len(self.vectors):
            own, history = self.vectors[item] * self.root[item], query.history[known]
            smooth[known] = (self.vectors[history] @ (own * self.weight)) / self.root[history]
        return np.asarray((near + smooth) * fading(query, self.half_life), np.float32)

    def padded(self, n_items: int) -> Self:
        return replace(self, near=padded(self.near, n_items, n_items))

    def arrays(self) -> Arrays:
        parts: Arrays = {
            "vectors": self.vectors,
            "root": self.root,
            "weight": self.weight,
            "half_life": half_life_array(self.half_life),
        }
        return {**pack("near", self.near), **parts}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        return cls(
            near=unpack("near", arrays),
            vectors=np.asarray(arrays["vectors"], np.float32),
            root=np.asarray(arrays["root"], np.float32),
            weight=np.asarray(arrays["weight"], np.float32),
            half_life=half_life_from(arrays["half_life"]),
        )


class Spectral(Source):
    """Recommend by graph filtering: what is close on the graph, its broadest directions damped.

    With R the choices divided by powers of both degrees and by its largest singular value, a
    history h scores h D^-c F D^c, D the items' degrees and c = 1/2 - popularity. F has the vectors
    of R'R, and of each eigenvalue x a function of it: x itself below the leading ones; for these,
    down to the smallest x0, p(x) exp(-sharpness (x - x0)) + weight, with the plateau
    p(x) = 1/2 + sign(2x - 1) |2x - 1|^flatness / 2. The leading vectors are found by a randomised
    sketch (Halko et al. 2011, algorithm 4.4, with one orthonormalisation a sweep).

    Without sharpness and plateau the curve is that of GF-CF (Shen et al. 2021, section 4.2), where
    R is divided by the roots of both degrees, and c is 0, and 1/2 for the weight alone. That
    directions are sharpened after they were blurred is from BSPM (Choi et al. 2023). The plateau
    and c are from ChebyCF (Kim et al. 2025): activity 1, popularity 0.1, flatness 1.5, weight 0.2
    and no sharpness, as published for a log of check-ins. Both change the curve by polynomials of
    the whole graph, here it is that of the leading vectors alone.
    """

    name: ClassVar[str] = "spectral"
    model: ClassVar[type[SourceModel]] = SpectralModel

    vectors: PositiveInt | None = None
    """Singular vectors of the low-pass part; memory and time grow linearly with it. None: a
    fifth of the users or of the items, whichever are fewer, and at most 512."""

    weight: NonNegativeFloat = 0.05
    """What the leading vectors count all alike, beside what is close."""

    sharpness: NonNegativeFloat = 1.0
    """How much the broadest directions are damped, which everybody's choices share; 0 for not."""

    flatness: float = Field(default=1.0, ge=1)
    """How alike the middle of the leading eigenvalues counts: a power of how far they are from
    it. 1 leaves them as they are."""

    neighbours: PositiveInt = 500
    """Close items kept per item; memory grows linearly with it."""

    activity: float = Field(default=0.5, ge=0, le=1)
    """How much less is said by those who choose much: what two items share over a user is
    divided by the number of the user's choices to this power. 0 counts all alike."""

    popularity: float = Field(default=0.2, ge=0, le=1)
    """How much an item's popularity is held against proposing it: its audience to this power
    divides its score, the audience of the item it is close to to the rest of 1."""

    half_life: PositiveFloat | None = 10.0
    """Events back in the history after which one counts half; none counts all alike."""

    seed: NonNegativeInt = 0
    """Start of the iteration that finds the vectors."""

    def fit(self, data: Dataset) -> SpectralModel:
        graph, audience = self._graph(data.interactions)
        vectors, strength = self._leading(graph)
        squares = np.square(np.linalg.norm(graph @ vectors, axis=0) / strength)
        root = (audience ** (0.5 - self.popularity)).astype(np.float32)
        entering = _scaled(graph, 1 / (strength * root))
        leaving = _scaled(graph, root / strength)
        return SpectralModel(
            near=largest_of_product(entering.T.tocsr(), leaving, self.neighbours),
            vectors=vectors,
            root=root,
            weight=self._beside(squares),
            half_life=recency_for(self.half_life, timed=data.timed),
        )

    def _beside(self, squares: Numbers) -> Scores:
        """What the leading vectors count beside what is close, which has their eigenvalues."""
        off = 2 * squares - 1
        plateau = (1 + np.sign(off) * np.abs(off) ** self.flatness) / 2
        damped = plateau * np.exp(self.sharpness * (squares.min() - squares))
        return np.asarray(damped - squares + self.weight, np.float32)

    def _graph(self, chosen: csr_array) -> tuple[csr_array, Numbers]:
        """The choices, divided by powers of both degrees; and the items' degrees, 1 at least."""
        lengths = np.diff(chosen.indptr)
        audience = np.maximum(np.asarray(chosen.sum(axis=0), np.float64), 1)
        users = np.repeat(np.maximum(lengths, 1.0) ** (-self.activity / 2), lengths)
        values = (users / np.sqrt(audience[chosen.indices])).astype(np.float32)
        return csr_array((values, chosen.indices, chosen.indptr), chosen.shape), audience

    def _leading(self, graph: csr_array) -> tuple[Matrix, np.float32]:
        """The leading right singular vectors, items x vectors, and the largest singular value.

        None whose singular value is zero.
        """
        leading, strength = np.zeros((graph.shape[1], 1), np.float32), np.float32(1)
        if graph.nnz:
            chosen = np.flatnonzero(np.bincount(graph.indices, minlength=graph.shape[1]))
            part = csr_array(graph[np.diff(graph.indptr) > 0][:, chosen])
            count = self.vectors or min(MOST_VECTORS, -(-min(part.shape) // 5))
            dense = min(part.shape) <= max(DENSE, count + SPARE)
            with one_blas_thread():
                found = _exactly(part, count) if dense else self._sketched(part, count)
            leading = np.zeros((graph.shape[1], found.shape[1]), np.float32)
            leading[chosen] = found
            strength = np.linalg.norm(part @ found[:, 0])
        return leading, strength

    def _sketched(self, graph: csr_array, count: int) -> Matrix:
        """From a random sketch that the graph has drawn towards its leading vectors."""
        turned = csr_array(graph.T)
        lot = np.random.default_rng(self.seed)
        sketch = turned @ lot.standard_normal((graph.shape[0], count + SPARE), np.float32)
        for _ in range(SWEEPS):
            sketch = turned @ (graph @ _orthonormal(sketch))
        basis, small = qr(sketch, mode="economic", overwrite_a=True, check_finite=False)
        rotation, strength, _ = svd(small)
        telling = strength[:count] ** 2 > NOTHING * strength[0] ** 2
        return np.asarray(basis @ rotation[:, :count][:, telling], np.float32)


def _exactly(graph: csr_array, count: int) -> Matrix:
    """From the eigenvectors of R'R, or of the smaller RR' where there are fewer users.

    The strongest comes first.
    """
    users, items = graph.shape
    wide = graph.astype(np.float64)
    near = csr_array(wide.T) if users > items else wide
    first = max(0, near.shape[0] - count)
    square: Numbers = (near @ near.T).toarray()
    squares, vectors = eigh(square, subset_by_index=[first, len(square) - 1])
    squares, vectors = squares[::-1], vectors[:, ::-1]
    telling = squares > NOTHING * squares.max()
    vectors = vectors[:, telling]
    right = vectors if users > items else (wide.T @ vectors) / np.sqrt(squares[telling])
    return np.asarray(right, np.float32)


def _orthonormal(columns: Matrix) -> Matrix:
    """A basis of what the columns span."""
    basis: Matrix = qr(columns, mode="economic", overwrite_a=True, check_finite=False)[0]
    return basis


def _scaled(graph: csr_array, columns: npt.NDArray[np.floating]) -> csr_array:
    """The graph with each column multiplied by its own number."""
    values = graph.data * columns.astype(np.float32)[graph.indices]
    return csr_array((values, graph.indices, graph.indptr), graph.shape)
