"""What a metric is: three families, by what they look at.

A list metric looks at each user's list and what was relevant to them; a pair metric at
predictions beside outcomes; a catalogue metric at what all lists together do with the catalogue.
"""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.errors import Invalid
from shortlist.evaluation.lists import PerUser, RankedLists
from shortlist.evaluation.pairs import Numbers, ScoredPairs

Weighted = Callable[[Numbers], float]
Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Metric(ABC):
    """A named definition; its docstring is what people read beside the number."""

    name: ClassVar[str]
    label: ClassVar[str]
    """The heading of its column."""
    better: ClassVar[Better] = "higher"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0

    @property
    def meaning(self) -> str:
        """The first line of its docstring."""
        return (inspect.getdoc(type(self)) or "").partition("\n")[0]


@dataclass(frozen=True)
class ListMetric(Metric):
    """One number a user: how well the first k of the list met what was relevant."""

    def per_user(self, lists: RankedLists, k: int) -> PerUser:
        """The metric of every user at k; NaN for users to whom nothing was relevant.

        A list shorter than k counts as if irrelevant items followed. Raises Invalid for k < 1.
        """
        if k < 1:
            raise Invalid(f"a list is cut at a position of 1 or more, not at {k}")
        some = lists.n_relevant > 0
        values = np.full(lists.n_users, np.nan)
        values[some] = self.compute(lists, k)[some]
        return values

    @abstractmethod
    def compute(self, lists: RankedLists, k: int) -> PerUser:
        """The formula, for all users at once; anything where nothing was relevant."""


@dataclass(frozen=True)
class PairMetric(Metric):
    """One number for a set of scored pairs."""

    needs_probability: ClassVar[bool] = False
    """Whether scores must be probabilities."""

    def of(self, pairs: ScoredPairs) -> float:
        """The metric; NaN where the pairs leave it undefined (one class only)."""
        return self.prepare(pairs)(np.ones(len(pairs)))

    @abstractmethod
    def prepare(self, pairs: ScoredPairs) -> Weighted:
        """Do once what all draws of users share, such as sorting.

        What is returned takes how often each pair counts, in the order of the pairs, and gives
        the metric: a weight of two is the same as standing there twice.
        """


@dataclass(frozen=True)
class Background:
    """What catalogue metrics know of the items, from before the lists were made."""

    audience: npt.NDArray[np.int64]
    """How many users had chosen each item."""
    n_users: int
    categories: csr_array
    """items x categories, as `Catalogue.category_matrix`."""

    @property
    def n_items(self) -> int:
        """Items in the catalogue."""
        return len(self.audience)


@dataclass(frozen=True)
class CatalogueMetric(Metric):
    """One number for all lists together, relevance aside."""

    better: ClassVar[Better] = "neither"

    @abstractmethod
    def of(self, lists: RankedLists, k: int, background: Background) -> float:
        """The metric over the first k of every list; NaN where no list allows it."""
