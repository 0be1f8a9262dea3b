"""LightGBM: the only module that imports it."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from shortlist.ranking.forest import Forest
from shortlist.ranking.start import Start

Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]

FEW = 4
"""Rows below which LightGBM itself is as fast as the tables."""

WRAPPED = ("sklearn", "pandas", "dask", "matplotlib", "graphviz", "pyarrow", "cffi")
"""What LightGBM imports where it is installed, and we have no use for."""

_LOADING = Lock()


@dataclass(frozen=True)
class Labelled:
    """Rows with labels, in groups of one question each."""

    matrix: Matrix
    labels: npt.NDArray[np.float32]
    groups: npt.NDArray[np.int64]
    """Rows of each question; they sum to the number of rows."""


@dataclass(frozen=True)
class Booster:
    """A fitted gradient-boosted forest, kept as LightGBM's own text."""

    text: str
    start: Start | None = None
    """What is added to the leaves of each row, where the forest did not begin at nothing."""

    @cached_property
    def _forest(self) -> Any:
        return _lightgbm().Booster(model_str=self.text)

    @cached_property
    def _tables(self) -> Forest | None:
        return Forest.of(self.text)

    @property
    def trees(self) -> int:
        """How many trees there are."""
        return self.text.count("\nTree=")

    def predict(self, matrix: Matrix) -> Numbers:
        """The raw score of each row: where it starts and the sum of its leaves, on one thread."""
        leaves = self._leaves(matrix)
        return leaves if self.start is None else leaves + self.start.log_odds(matrix)

    def _leaves(self, matrix: Matrix) -> Numbers:
        if not len(matrix):
            return np.zeros(0)
        if len(matrix) >= FEW and self._tables is not None:
            return self._tables.predict(matrix)
        raw: Numbers = self._forest.predict(matrix, raw_score=True, num_threads=1)
        return raw

    def change(self, matrix: Matrix, column: int, values: npt.NDArray[np.float32]) -> Numbers:
        """What each row's score gains where a column has other values; 0 for a column unused."""
        started = self.start is not None and self.start.column == column
        if self._tables is not None and len(matrix) >= FEW and not started:
            return self._tables.change(matrix, column, values)
        other = matrix.copy()
        other[:, column] = values
        return self.predict(other) - self.predict(matrix)

    def contributions(self, matrix: Matrix) -> Numbers:
        """rows x (columns + 1): TreeSHAP of each column, and the base.

        Where the score starts from a column, what that is above the usual is the column's.
        """
        if not len(matrix):
            return np.zeros((0, matrix.shape[1] + 1))
        found: Numbers = self._forest.predict(matrix, pred_contrib=True, num_threads=1)
        if self.start is not None:
            found[:, self.start.column] += self.start.log_odds(matrix) - self.start.usual
            found[:, -1] += self.start.usual
        return found

    def gains(self) -> Numbers:
        """How much each column reduced the training loss, as shares of the whole."""
        gain: Numbers = self._forest.feature_importance("gain")
        return gain / max(float(gain.sum()), 1e-12)


@cache
def _lightgbm() -> Any:
    """LightGBM, without the libraries it would only wrap.

    Where scikit-learn, pandas and others are installed it imports them for wrappers that are not
    used here, which takes longer than all else a process does before its first answer.
    """
    hidden = {name: None for name in WRAPPED if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]
    try:
        import lightgbm
    finally:
        for name in hidden:
            del sys.modules[name]
    return lightgbm


def grow(
    parameters: Mapping[str, Any],
    train: Labelled,
    valid: Labelled,
    columns: Sequence[str],
    *,
    trees: int,
    patience: int,
    start: Start | None = None,
    before: Booster | None = None,
) -> Booster:
    """Grow a forest on `train`, and keep the trees up to the best score on `valid`.

    With a `start` its scores are log-odds that begin there, whatever the objective. The trees of
    a forest `before` it stand in front of its own.

    On one thread: forests that grow side by side use the cores better than one that waits for
    all its threads after every split, above all where something else runs on the machine.
    """
    with _LOADING:
        lightgbm = _lightgbm()
    settings = {**parameters, "num_threads": 1}
    judging = None
    if start is not None:
        settings |= {"objective": _from(start, train)[0], "metric": "None"}
        judging = _from(start, valid)[1]
    names = list(columns)
    data = lightgbm.Dataset(
        train.matrix, train.labels, group=train.groups, feature_name=names, params=settings
    )
    judge = lightgbm.Dataset(
        valid.matrix, valid.labels, group=valid.groups, reference=data, params=settings
    )
    stop = lightgbm.early_stopping(patience, first_metric_only=True, verbose=False)
    first = None if before is None else lightgbm.Booster(model_str=before.text)
    forest = lightgbm.train(
        settings,
        data,
        trees,
        valid_sets=[judge],
        feval=judging,
        init_model=first,
        callbacks=[stop],
    )
    return Booster(forest.model_to_string(num_iteration=max(1, forest.best_iteration)), start)


def grow_like(values: Numbers, column: int, told: Numbers, columns: Sequence[str]) -> Booster:
    """A forest that says of some values of one column what it is told (both float64, one length).

    Sixteen trees of 63 leaves: steps so fine that few rows are level which were not before.
    """
    with _LOADING:
        lightgbm = _lightgbm()
    settings = {
        "objective": "regression",
        "learning_rate": 0.5,
        "num_leaves": 63,
        "min_data_in_leaf": 2,
        "min_data_in_bin": 1,
        "max_bin": len(values),
        "deterministic": True,
        "force_col_wise": True,
        "num_threads": 1,
        "verbose": -1,
    }
    matrix = np.zeros((len(values), len(columns)), np.float32)
    matrix[:, column] = values
    data = lightgbm.Dataset(matrix, told, feature_name=list(columns), params=settings)
    return Booster(lightgbm.train(settings, data, 16).model_to_string())


def grow_on(
    booster: Booster,
    parameters: Mapping[str, Any],
    train: Labelled,
    columns: Sequence[str],
    *,
    trees: int,
) -> Booster:
    """Grow some more trees on a forest, from new rows; on one thread, as `grow`."""
    with _LOADING:
        lightgbm = _lightgbm()
    start = booster.start
    settings = {**parameters, "num_threads": 1}
    data = lightgbm.Dataset(
        train.matrix, train.labels, group=train.groups, feature_name=list(columns), params=settings
    )
    if start is not None:
        settings |= {"objective": _from(start, train)[0], "metric": "None"}
    before = lightgbm.Booster(model_str=booster.text)
    forest = lightgbm.train(settings, data, trees, init_model=before)
    return Booster(forest.model_to_string(), start)


def _from(start: Start, rows: Labelled) -> tuple[Any, Any]:
    """The logistic loss of scores that begin at a start: its derivatives, and its mean.

    In the form in which LightGBM takes losses that it does not know. It has beginnings of its own
    (`init_score`), but lets go of them where a forest grows on.
    """
    begin, taken = start.log_odds(rows.matrix), rows.labels > 0

    def derivatives(leaves: Numbers, _: object) -> tuple[Numbers, Numbers]:
        chance = 1 / (1 + np.exp(-(leaves + begin)))
        return chance - taken, chance * (1 - chance)

    def mean(leaves: Numbers, _: object) -> tuple[str, float, bool]:
        loss = np.logaddexp(0, np.where(taken, -1, 1) * (leaves + begin))
        return "log loss", float(loss.mean()), False

    return derivatives, mean
