"""The feature decorator, its registry, and the matrix of all columns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.registry import Registry
from shortlist.features.view import Column, View

Matrix = npt.NDArray[np.float32]
Compute = Callable[[View], Column]


@dataclass(frozen=True)
class Feature:
    """A named column. `meaning` is what the dashboard and the explanations tell people."""

    name: str
    meaning: str
    compute: Compute


FEATURES: Registry[Feature] = Registry()


def feature(compute: Compute) -> Compute:
    """Register a function as a column: its name is the column, its docstring the meaning."""
    name, meaning = compute.__name__, compute.__doc__
    if not meaning:
        raise ValueError(f"feature {name!r} needs a docstring; people read it as its meaning")
    FEATURES.add(name, Feature(name, " ".join(meaning.split()), compute))
    return compute


def compute(view: View, names: Iterable[str] | None = None, into: Matrix | None = None) -> Matrix:
    """The columns of a view, rows x features, in the order of the names (all registered).

    They are written `into` a matrix of that shape where one is given.
    """
    wanted = list(FEATURES if names is None else names)
    matrix = np.empty((len(view.rows), len(wanted)), np.float32) if into is None else into
    for column, name in zip(matrix.T, wanted, strict=True):
        column[:] = FEATURES[name].compute(view)
    return matrix
