"""The feature decorators, their registry, and the matrix of all columns."""

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
    numbers: Compute
    of_query: bool
    """Whether it gives one number a query, the same on all of its rows."""

    def compute(self, view: View) -> npt.NDArray[np.float32]:
        """The column of a view: one number a row."""
        return compute(view, [self.name])[:, 0]


FEATURES: Registry[Feature] = Registry()


def feature(numbers: Compute) -> Compute:
    """Register a function as a column: its name is the column, its docstring the meaning.

    It gives one number a row, of whatever type.
    """
    return _register(numbers, of_query=False)


def query_feature(numbers: Compute) -> Compute:
    """`feature`, for what is the same on all rows of a query: it gives one number a query."""
    return _register(numbers, of_query=True)


def _register(numbers: Compute, *, of_query: bool) -> Compute:
    name, meaning = numbers.__name__, numbers.__doc__
    if not meaning:
        raise ValueError(f"feature {name!r} needs a docstring; people read it as its meaning")
    FEATURES.add(name, Feature(name, " ".join(meaning.split()), numbers, of_query))
    return numbers


def compute(view: View, names: Iterable[str] | None = None, into: Matrix | None = None) -> Matrix:
    """The columns of a view, rows x features, in the order of the names (all registered).

    They are written `into` a matrix of that shape where one is given.
    """
    wanted = FEATURES.values() if names is None else [FEATURES[name] for name in names]
    matrix = np.empty((len(wanted), len(view.rows)), np.float32).T if into is None else into
    query, one_query = view.rows.query, view.rows.n_queries == 1
    for column, each in zip(matrix.T, wanted, strict=True):
        numbers = each.numbers(view)
        column[:] = numbers[query] if each.of_query and not one_query else numbers
    return matrix
