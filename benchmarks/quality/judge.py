"""Everybody's lists under one judge: ties, what is known, and what it is worth."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from benchmarks.quality.exchange import Lists, Task, best_of
from scipy.sparse import csr_array

from shortlist.core.errors import Invalid
from shortlist.datasets.folds import Fold
from shortlist.evaluation.answers import relevance_of
from shortlist.evaluation.lists import ItemLists, RankedLists
from shortlist.evaluation.metrics import LIST_METRICS


@dataclass(frozen=True)
class Judge:
    """What was chosen afterwards, and what lists are held against."""

    relevance: csr_array
    known: csr_array
    owners: npt.NDArray[np.int64]
    """Whose each question is."""
    popular: ItemLists
    """The lists of popularity: they stand in where a rival has nothing to say."""

    @staticmethod
    def of(fold: Fold, task: Task) -> "Judge":
        relevance = relevance_of(fold.questions, fold.fit.n_items)
        audience = np.bincount(task.events.item, minlength=fold.fit.n_items).astype(np.float32)
        lists = [
            best_of(np.tile(audience, (known.shape[0], 1)), known)
            for start in range(0, task.known.shape[0], 256)
            if (known := task.known[start : start + 256]).shape[0]
        ]
        popular = Lists(
            np.concatenate([each.items for each in lists]),
            np.concatenate([each.scores for each in lists]),
        )
        owners = np.array([each.query.user for each in fold.questions], np.int64)
        strangers = owners < 0
        owners[strangers] = -1 - np.arange(strangers.sum())
        return Judge(relevance, task.known, owners, ordered(popular, relevance))

    def ranked(self, lists: Lists) -> RankedLists:
        """The lists as they count: sorted by us, without what users have, and popularity's for
        whoever got none.

        Raises Invalid where there are not as many as questions, or a list has an item twice.
        """
        if lists.items.shape[0] != self.relevance.shape[0]:
            raise Invalid(f"{lists.items.shape[0]} lists for {self.relevance.shape[0]} questions")
        free = np.where(_cells(lists.items, self.known), -1, lists.items)
        items = ordered(Lists(free, lists.scores), self.relevance)
        nothing = items[:, 0] < 0
        items[nothing] = self.popular[nothing, : items.shape[1]]
        return RankedLists(items, self.relevance)

    def baseline(self) -> RankedLists:
        """Popularity."""
        return RankedLists(self.popular, self.relevance)

    def worth(self, lists: Lists, k: int) -> float:
        """NDCG@k, the mean over questions: what settings are chosen by."""
        return float(np.nanmean(LIST_METRICS["ndcg"].per_user(self.ranked(lists), k)))


def ordered(lists: Lists, relevance: csr_array) -> ItemLists:
    """Items by falling score; of equal scores those that were chosen come last.

    A list is cut at its own end by whoever made it; of items that are equal there some are on
    it and some not. Lists are much longer than what is looked at, so that this does not count.
    """
    chosen = _cells(lists.items, relevance)
    scores = np.where((lists.items >= 0) & np.isfinite(lists.scores), lists.scores, -np.inf)
    items = np.where(np.isfinite(scores), lists.items, -1)
    order = np.lexsort((items, chosen, -scores), axis=1)
    return np.take_along_axis(items, order, axis=1).astype(np.int32)


def _cells(items: ItemLists, table: csr_array) -> npt.NDArray[np.bool_]:
    """Which entries of lists are stored in a table of the same rows."""
    width = table.shape[1]
    rows = np.arange(items.shape[0], dtype=np.int64)[:, None] * width
    stored = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr)) * width + table.indices
    return np.isin(rows + items, stored) & (items >= 0)
