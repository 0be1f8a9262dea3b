"""Items that a linear model over all item pairs predicts from the history."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
from pydantic import PositiveFloat, PositiveInt
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.linalg.lapack import dpotrf, dpotri
from scipy.sparse import csr_array

from shortlist.core.candidates import Items, Query, Scores
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

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class EaseModel(SourceModel):
    weights: Matrix
    """covered x covered: what having the row's item adds to the column's."""
    items: Items
    """The catalogue index of each covered item, ascending."""
    place: Items
    """The row of each catalogue item; -1 where it is not covered."""
    half_life: float | None

    def score(self, query: Query) -> Scores:
        scores = np.zeros(len(self.place), np.float32)
        items, weights = recent(query, self.half_life)
        rows = self.place[items]
        covered = rows >= 0
        if covered.any():
            scores[self.items] = weights[covered] @ self.weights.take(rows[covered], axis=0)
        return scores

    def because(self, query: Query, item: int) -> Scores:
        rows, column = self.place[query.history], self.place[item]
        if column < 0:
            return np.zeros(len(rows), np.float32)
        weights = np.where(rows >= 0, self.weights[np.maximum(rows, 0), column], 0)
        return (weights * fading(query, self.half_life)).astype(np.float32)

    def padded(self, n_items: int) -> Self:
        more = n_items - len(self.place)
        return replace(self, place=np.pad(self.place, (0, more), constant_values=-1))

    def arrays(self) -> Arrays:
        catalogue = np.array([len(self.place)])
        return {
            "weights": self.weights,
            "items": self.items,
            "half_life": half_life_array(self.half_life),
            "catalogue": catalogue,
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        items = np.asarray(arrays["items"], np.int32)
        return cls(
            weights=np.asarray(arrays["weights"], np.float32),
            items=items,
            place=_places(items, int(np.asarray(arrays["catalogue"], np.int64)[0])),
            half_life=half_life_from(arrays["half_life"]),
        )


class Ease(Source):
    """Recommend by the closed-form item-item linear model EASE (Steck 2019, section 3).

    The weights B minimise |X - XB|^2 + l2 |B|^2 with a zero diagonal. With P = (X'X + l2 I)^-1
    they are B = -P / diag(P). Where there are fewer users than items P comes from the smaller
    users x users system by the Woodbury identity: the same numbers, a fraction of the time.
    The history is weighted by recency when asked, not when fitted.
    """

    name: ClassVar[str] = "ease"
    model: ClassVar[type[SourceModel]] = EaseModel

    l2: PositiveFloat = 300.0
    """Ridge penalty; higher trusts frequent pairs only."""

    half_life: PositiveFloat | None = 6.0
    """Events back in the history after which one counts half; none counts all alike."""

    max_items: PositiveInt = 4000
    """The most chosen items that are covered: memory grows with the square (64 MB for 4,000)."""

    def fit(self, data: Dataset) -> EaseModel:
        popularity = np.asarray(data.interactions.sum(axis=0))
        frequent = np.argsort(-popularity, kind="stable")[: self.max_items]
        items = np.sort(frequent[popularity[frequent] > 0]).astype(np.int32)
        half_life = recency_for(self.half_life, timed=data.timed)
        place = _places(items, data.n_items)
        chosen = csr_array(data.interactions[:, items])
        with one_blas_thread():
            weights = _precision(csr_array(chosen[np.diff(chosen.indptr) > 0]), self.l2)
        weights /= -np.diag(weights)[None, :].copy()
        np.fill_diagonal(weights, 0)
        return EaseModel(np.asarray(weights, np.float32), items, place, half_life)


def _precision(chosen: csr_array, l2: float) -> npt.NDArray[np.floating]:
    """(X'X + l2 I)^-1, from whichever side of X is smaller.

    The small system is solved in double precision; where users are fewer, the large product
    that follows is single: its terms are of one size, and nothing is solved with it.
    """
    users, items = chosen.shape
    if users < items:
        dense = chosen.toarray()
        wide = dense.astype(np.float64)
        kernel = cho_factor(wide @ wide.T + l2 * np.eye(users))
        solved = cho_solve(kernel, wide).astype(np.float32)
        inverse = dense.T @ (solved * np.float32(-1 / l2))
        inverse[np.diag_indices(items)] += np.float32(1 / l2)
        return np.asarray(inverse)
    gram = np.asarray((chosen.T @ chosen).toarray(), np.float64)
    gram[np.diag_indices(items)] += l2
    return _inverse(gram) if items else gram


def _inverse(gram: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The inverse of a positive definite matrix, in its place.

    By LAPACK's own routine, from the Cholesky factor: a third of the work of solving for the
    unit matrix.
    """
    # Its lower triangle is the upper one of LAPACK, which reads columns first.
    factor, failed = dpotrf(gram.T, lower=False, clean=False, overwrite_a=True)
    inverse, failed_too = dpotri(factor, lower=False, overwrite_c=True)
    if failed or failed_too:
        raise LinAlgError("the matrix of overlaps is not positive definite")
    whole: npt.NDArray[np.float64] = np.triu(inverse)
    whole += np.triu(inverse, 1).T
    return whole


def _places(items: Items, catalogue: int) -> Items:
    place = np.full(catalogue, -1, np.int32)
    place[items] = np.arange(len(items), dtype=np.int32)
    return place
