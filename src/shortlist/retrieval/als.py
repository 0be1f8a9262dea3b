"""Items near the user in a space of latent factors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt
from scipy.linalg import LinAlgError
from scipy.linalg.lapack import sposv
from scipy.sparse import csr_array, csr_matrix

from shortlist.core.candidates import Query, Scores
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.one_thread import one_blas_thread
from shortlist.retrieval.recency import fading, recency_for
from shortlist.retrieval.source import Arrays, Source, SourceModel

Matrix = npt.NDArray[np.float32]
Sums = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AlsModel(SourceModel):
    factors: Matrix
    """items x factors."""
    gram: Matrix
    """factors x factors: Y'Y with the penalty on its diagonal."""
    alpha: float
    ignored: float
    half_life: float | None
    audience: Scores
    """How many people chose each item."""
    people: Sums
    """The sum of (1, u)(1, u)' over the factors u of everybody who chose something: how many they
    are, their mean and their spread, which is what to expect of somebody nobody knows."""

    def score(self, query: Query) -> Scores:
        scores: Scores = self.factors @ self.fold_in(query)
        return scores

    def score_many(self, queries: Sequence[Query]) -> Matrix:
        users = np.stack([self.fold_in(query) for query in queries])
        scores: Matrix = users @ self.factors.T
        return scores

    def fold_in(self, query: Query) -> Matrix:
        """The user's factors from the history alone: one small solve (Hu et al. 2008, eq. 4).

        A choice has confidence 1 + alpha, fading to 1 with its age; a dislike is no choice.
        """
        confidence, chosen, system = self._system(query)
        return _solved(system, chosen.T @ _wanted(query, confidence))

    def because(self, query: Query, item: int) -> Scores:
        """Each choice's part in the score (Hu et al. 2008, section 5)."""
        confidence, chosen, system = self._system(query)
        weighted = _solved(system, self.factors[item])
        return np.asarray((chosen @ weighted) * _wanted(query, confidence), np.float32)

    def _system(self, query: Query) -> tuple[Scores, Matrix, Matrix]:
        """Confidences, factors of the history, and the user's normal equations."""
        fade = np.maximum(fading(query, self.half_life), 0)
        confidence = np.float32(self.alpha) * fade
        chosen = self.factors.take(query.history, axis=0)
        system = self.gram + chosen.T @ (chosen * confidence[:, None])
        if len(query.shown):
            ignored = self.factors.take(np.setdiff1d(query.shown, query.history), axis=0)
            system += np.float32(self.ignored) * (ignored.T @ ignored)
        return confidence, chosen, system

    def padded(self, n_items: int) -> Self:
        more = n_items - len(self.factors)
        factors = np.pad(self.factors, ((0, more), (0, 0)))
        return replace(self, factors=factors, audience=np.pad(self.audience, (0, more)))

    def arrays(self) -> Arrays:
        numbers = np.array(
            [self.alpha, self.ignored, np.nan if self.half_life is None else self.half_life]
        )
        return {
            "factors": self.factors,
            "gram": self.gram,
            "numbers": numbers,
            "audience": self.audience,
            "people": self.people,
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        alpha, ignored, half_life = np.asarray(arrays["numbers"], np.float64).tolist()
        factors = np.asarray(arrays["factors"], np.float32)
        nobody = np.zeros((factors.shape[1] + 1,) * 2)  # what a bundle from before knows of people
        return cls(
            factors=factors,
            gram=np.asarray(arrays["gram"], np.float32),
            alpha=alpha,
            ignored=ignored,
            half_life=None if np.isnan(half_life) else half_life,
            audience=np.asarray(arrays.get("audience", np.zeros(len(factors))), np.float32),
            people=np.asarray(arrays.get("people", nobody), np.float64),
        )


class Als(Source):
    """Recommend by implicit-feedback matrix factorisation (Hu, Koren, Volinsky 2008).

    Fitted by `implicit`; the user's side is solved anew from the history at every question,
    so that a choice made a moment ago counts.
    """

    name: ClassVar[str] = "als"
    model: ClassVar[type[SourceModel]] = AlsModel

    factors: PositiveInt = 32
    """Latent dimensions."""

    iterations: PositiveInt = 12
    """Alternations of the fit."""

    l2: float = Field(default=80.0, ge=0.01)
    """Penalty on the factors; with less than 0.01 single precision may find no solution."""

    alpha: PositiveFloat = 10.0
    """How much more a choice counts than its absence."""

    ignored: NonNegativeFloat = 10.0
    """How much more an item counts that was shown and not chosen than one never shown."""

    half_life: PositiveFloat | None = 10.0
    """Events back in the history after which one counts half; none counts all alike."""

    seed: NonNegativeInt = 0
    """Start of the random factors."""

    def fit(self, data: Dataset) -> AlsModel:
        audience = np.asarray(data.interactions.sum(axis=0), np.float32)
        with one_blas_thread():
            users, factors = self._factors(data)
            factors[audience == 0] = 0
            gram = factors.T @ factors
            people = users.T @ users
        gram += np.float32(self.l2) * np.eye(self.factors, dtype=np.float32)
        half_life = recency_for(self.half_life, timed=data.timed)
        return AlsModel(
            factors, gram, self.alpha, self.ignored, half_life, audience=audience, people=people
        )

    def _factors(self, data: Dataset) -> tuple[Sums, Matrix]:
        """(1, u) of the factors u of everybody who chose something; the factors of all items."""
        if not data.interactions.nnz:
            return np.zeros((0, self.factors + 1)), np.zeros(
                (data.n_items, self.factors), np.float32
            )
        from implicit.cpu.als import AlternatingLeastSquares

        # implicit keeps the matrix of confidences: 1 + alpha for what was chosen.
        # ... and, as a negative number, that of what was shown in vain.
        chosen = data.interactions * np.float32(1 + self.alpha)
        confidence = chosen - data.ignored * np.float32(1 + self.ignored)
        solver = AlternatingLeastSquares(
            factors=self.factors,
            regularization=self.l2,
            alpha=1.0,
            iterations=self.iterations,
            random_state=self.seed,
            num_threads=0,
        )
        solver.fit(_matrix(confidence), show_progress=False)
        active = np.diff(data.interactions.indptr) > 0
        users = np.insert(np.asarray(solver.user_factors, np.float64)[active], 0, 1, axis=1)
        return users, np.array(solver.item_factors, np.float32)


def _solved(system: Matrix, wanted: Scores) -> Scores:
    """The solution of normal equations, by LAPACK's own routine: SciPy's checks cost more."""
    _, solution, failed = sposv(system, wanted)
    if failed:
        raise LinAlgError("the user's normal equations are not positive definite")
    return np.asarray(solution, np.float32)


def _wanted(query: Query, confidence: Scores) -> Scores:
    """Confidence times preference (C p): a choice is preferred, a dislike is not."""
    return np.where(query.weights > 0, 1 + confidence, np.float32(0))


def _matrix(table: csr_array) -> csr_matrix:
    """The older matrix type that implicit asks for."""
    return csr_matrix(table)
