"""Items near the user in a space of latent factors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Final, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt
from scipy.linalg import LinAlgError
from scipy.linalg.lapack import sposv
from scipy.sparse import csr_array, csr_matrix

from shortlist.core.candidates import Candidates, Items, Query, Scores
from shortlist.datasets.arrivals import Arrivals
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset
from shortlist.retrieval.norm_order import NormOrder
from shortlist.retrieval.one_thread import one_blas_thread
from shortlist.retrieval.pair_sums import exact
from shortlist.retrieval.recency import fading, recency_for
from shortlist.retrieval.source import Arrays, Learner, NewItems, Source, SourceModel

Matrix = npt.NDArray[np.float32]
Sums = npt.NDArray[np.float64]

LARGE: Final = 100_000
"""Items from which on the best are found without a score for every one."""

PRIOR: Final = 10
"""Choosers of a new item whose choices count as much as what its content says."""


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
    penalty: float | None = None
    """What factors were drawn to zero by; None where that is not known."""

    def score(self, query: Query) -> Scores:
        scores: Scores = self.factors @ self.fold_in(query)
        return scores

    def score_many(self, queries: Sequence[Query]) -> Matrix:
        users = np.stack([self.fold_in(query) for query in queries])
        scores: Matrix = users @ self.factors.T
        return scores

    def retrieve(self, query: Query, limit: int) -> Candidates:
        if len(self.factors) < LARGE:
            return super().retrieve(query, limit)
        return self._longest.best(self.fold_in(query), limit, without=query.excluded)

    @cached_property
    def _longest(self) -> NormOrder:
        return NormOrder.of(self.factors)

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

    def learner(self, catalogue: Catalogue) -> "AlsLearner | None":  # noqa: ARG002
        if self.penalty is None or not self.people[1:].any():
            return None
        return AlsLearner(self, self.people[1:, 1:] + self.penalty * np.eye(len(self.gram)))

    def padded(self, n_items: int) -> Self:
        more = n_items - len(self.factors)
        factors = np.pad(self.factors, ((0, more), (0, 0)))
        return replace(self, factors=factors, audience=np.pad(self.audience, (0, more)))

    def arrays(self) -> Arrays:
        none = np.nan
        half_life = none if self.half_life is None else self.half_life
        penalty = none if self.penalty is None else self.penalty
        numbers = np.array([self.alpha, self.ignored, half_life, penalty])
        return {
            "factors": self.factors,
            "gram": self.gram,
            "numbers": numbers,
            "audience": self.audience,
            "people": self.people,
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        alpha, ignored, half_life, *rest = np.asarray(arrays["numbers"], np.float64).tolist()
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
            penalty=rest[0] if rest and not np.isnan(rest[0]) else None,
        )


@dataclass
class _Choosers:
    """The sums over those who chose a new item since, by their factors."""

    squares: Sums
    """factors x factors: of u u'."""
    total: Sums
    """Of u."""
    number: int = 0


class AlsLearner(Learner):
    """Factors of items that nobody had chosen at the training.

    Before anybody chooses such an item, its factors are the mean of the items that are like it by
    content. Then they are those that its choosers' factors u give (Hu et al. 2008, eq. 5):

        (X'X + l2 I + alpha sum uu') y = (1 + alpha) sum u + (X'X + l2 I) y0

    with X the factors of everybody at the training, as if the others had not chosen it, and y0
    what content says, which counts as much as `PRIOR` choosers and fades as choosers come.
    """

    def __init__(self, trained: AlsModel, everybody: Sums) -> None:
        self._trained = trained
        self._everybody = everybody
        self._unit = float(np.sqrt(trained.people.diagonal()[1:].max() / trained.people[0, 0]))
        """How large factors of people are."""
        self._choosers: dict[int, _Choosers] = {}
        self._likely: dict[int, Sums] = {}
        """The factors that content gives, of items that nobody had chosen at the training."""
        self._solved: dict[int, Sums] = {}
        self._model: AlsModel | None = None

    def extend(self, items: NewItems) -> None:
        if len(items) > len(self._trained.factors):
            self._trained = self._trained.padded(len(items))
        self._likely = {}
        for row, place in enumerate(items.told.tolist()):
            if not self._trained.audience[place]:
                self._likely[place] = self._mean(items.alike, row)
        self._solved, self._model = {}, None

    def _mean(self, alike: csr_array, row: int) -> Sums:
        """The mean factors of what is like an item, of those that somebody chose."""
        own = slice(alike.indptr[row], alike.indptr[row + 1])
        nearest, likeness = alike.indices[own], alike.data[own].astype(np.float64)
        likeness = likeness * (self._trained.audience[nearest] > 0)
        mean = likeness @ self._trained.factors[nearest].astype(np.float64)
        return np.asarray(mean / max(float(likeness.sum()), 1e-9), np.float64)

    def learn(self, arrivals: Arrivals) -> None:
        some = arrivals.novel
        if not len(some):
            return
        for event in np.flatnonzero(self._trained.audience[some.item] == 0).tolist():
            self._learn(int(some.item[event]), some.before(event), int(some.sign[event]))

    def _learn(self, item: int, history: Items, sign: int) -> None:
        width = len(self._everybody)
        factors = self._trained.fold_in(Query(history=history)).astype(np.float64)
        known = self._choosers.setdefault(
            item, _Choosers(np.zeros((width, width)), np.zeros(width))
        )
        known.squares += sign * exact(np.outer(factors, factors), self._unit**2)
        known.total += sign * exact(factors, self._unit)
        known.number += sign
        self._solved.pop(item, None)
        self._model = None

    def _factors(self, item: int) -> Sums:
        """The factors of a new item, as of now."""
        likely = self._likely.get(item, np.zeros(len(self._everybody)))
        known = self._choosers.get(item)
        if known is None or not known.number:
            return likely
        fading = PRIOR / (PRIOR + known.number)
        system = self._everybody + self._trained.alpha * known.squares
        wanted = (1 + self._trained.alpha) * known.total + self._everybody @ (fading * likely)
        return np.asarray(np.linalg.solve(system, wanted), np.float64)

    def model(self) -> AlsModel:
        if self._model is None:
            places = sorted(self._likely.keys() | self._choosers.keys())
            for place in places:
                if place not in self._solved:
                    self._solved[place] = self._factors(place)
            factors, audience = self._trained.factors.copy(), self._trained.audience.copy()
            for place in places:
                factors[place] = self._solved[place]
            for place, known in self._choosers.items():
                audience[place] = known.number
            came = factors[places]
            gram = self._trained.gram + came.T @ came
            self._model = replace(self._trained, factors=factors, audience=audience, gram=gram)
        return self._model

    def arrays(self) -> Arrays:
        items = sorted(self._choosers)
        width = len(self._everybody)
        known = [self._choosers[item] for item in items]
        squares = [each.squares for each in known]
        total = [each.total for each in known]
        return {
            "items": np.array(items, np.int32),
            "number": np.array([each.number for each in known], np.int64),
            "squares": np.array(squares, np.float64).reshape(-1, width, width),
            "total": np.array(total, np.float64).reshape(-1, width),
        }

    def restore(self, arrays: Arrays) -> None:
        items = np.asarray(arrays["items"], np.int32).tolist()
        numbers = np.asarray(arrays["number"], np.int64).tolist()
        squares = np.array(arrays["squares"], np.float64)
        total = np.array(arrays["total"], np.float64)
        self._choosers = {
            item: _Choosers(squares[at], total[at], numbers[at]) for at, item in enumerate(items)
        }
        self._solved, self._model = {}, None


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
            factors,
            gram,
            self.alpha,
            self.ignored,
            half_life,
            audience=audience,
            people=people,
            penalty=self.l2,
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
