"""The lists a recommender gave, beside what the future held for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.errors import Invalid

ItemLists = npt.NDArray[np.int32]
"""users x positions of catalogue indices, best first; -1 after a list's end."""

PerUser = npt.NDArray[np.float64]
"""One number a user; NaN for a user who is left out of the mean."""


@dataclass(frozen=True)
class RankedLists:
    """One ranked list a user, and which items were relevant to them.

    Raises Invalid where a list names an item twice or one outside the catalogue, goes on after
    its end, or where the two sides are not of the same users.
    """

    items: ItemLists
    relevance: csr_array = field(repr=False)
    """users x items, the gain (> 0) of every relevant item; nothing elsewhere."""

    def __post_init__(self) -> None:
        tidy = csr_array(self.relevance, copy=True)
        tidy.sum_duplicates()
        tidy.eliminate_zeros()
        object.__setattr__(self, "relevance", tidy)
        _check(self.items, tidy)

    @staticmethod
    def of(
        lists: Sequence[Sequence[int]],
        relevant: Sequence[Sequence[int] | Mapping[int, float]],
        *,
        items: int,
    ) -> "RankedLists":
        """Lists written out by hand; relevance as items (gain 1) or as items with their gains."""
        longest = max((len(each) for each in lists), default=0)
        ranked = np.full((len(lists), longest), -1, np.int32)
        for user, each in enumerate(lists):
            ranked[user, : len(each)] = each
        gains = [
            each if isinstance(each, Mapping) else dict.fromkeys(each, 1.0) for each in relevant
        ]
        indptr = np.concatenate([[0], np.cumsum([len(each) for each in gains], dtype=np.int64)])
        columns = np.array([item for each in gains for item in each], np.int32)
        data = np.array([gain for each in gains for gain in each.values()], np.float64)
        return RankedLists(ranked, csr_array((data, columns, indptr), shape=(len(gains), items)))

    @property
    def n_users(self) -> int:
        return int(self.items.shape[0])

    @property
    def n_items(self) -> int:
        return int(self.relevance.shape[1])

    @property
    def length(self) -> int:
        """Positions of the longest list there may be."""
        return int(self.items.shape[1])

    @cached_property
    def n_relevant(self) -> npt.NDArray[np.int64]:
        """How many items are relevant to each user."""
        return np.diff(self.relevance.indptr).astype(np.int64)

    @cached_property
    def gains(self) -> npt.NDArray[np.float64]:
        """Users x positions: the gain of what stands there, 0 for the irrelevant and the end."""
        wanted = _cells(self.relevance)
        if len(wanted) == 0:
            return np.zeros(self.items.shape)
        shown = np.arange(self.n_users)[:, None] * self.n_items + self.items
        position = np.minimum(np.searchsorted(wanted, shown), len(wanted) - 1)
        found = (wanted[position] == shown) & (self.items >= 0)
        return np.where(found, self.relevance.data[position], 0.0)

    def hits(self, k: int) -> npt.NDArray[np.bool_]:
        """Users x min(k, length): whether a relevant item stands there."""
        return self.gains[:, :k] > 0

    def found(self, k: int) -> npt.NDArray[np.bool_]:
        """For every stored cell of `relevance`: whether it is among its user's first k."""
        user, position = np.nonzero(self.hits(k))
        shown = user * self.n_items + self.items[user, position]
        return np.isin(_cells(self.relevance), shown, assume_unique=True)


def _cells(relevance: csr_array) -> npt.NDArray[np.int64]:
    """Ascending numbers of the stored cells, row by row."""
    user = np.repeat(np.arange(relevance.shape[0]), np.diff(relevance.indptr))
    return user.astype(np.int64) * relevance.shape[1] + relevance.indices


def _check(items: ItemLists, relevance: csr_array) -> None:
    if items.ndim != 2 or items.shape[0] != relevance.shape[0]:
        raise Invalid(f"lists of shape {items.shape} for {relevance.shape[0]} users")
    if not np.isfinite(relevance.data).all() or (relevance.data < 0).any():
        raise Invalid("gains must be finite and above zero")
    if items.size == 0:
        return
    if items.min() < -1 or items.max() >= relevance.shape[1]:
        raise Invalid(f"a list names an item outside the catalogue of {relevance.shape[1]}")
    if ((items[:, :-1] < 0) & (items[:, 1:] >= 0)).any():
        raise Invalid("a list goes on after its end (-1)")
    ordered = np.sort(items, axis=1)
    if ((ordered[:, :-1] == ordered[:, 1:]) & (ordered[:, 1:] >= 0)).any():
        raise Invalid("a list names an item twice")
