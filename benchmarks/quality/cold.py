"""Those of whom little is known, apart: users by the events before the question, and items that
nobody chose in what was learned."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from benchmarks.quality.judge import Judge
from scipy.sparse import csr_array

from shortlist.evaluation.intervals import mean_intervals
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import LIST_METRICS
from shortlist.evaluation.results import Estimate

GROUPS: Final = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, None))
"""Least and most items that a user has at the question."""

FEWEST = 20
"""Questions below which a group tells nothing."""

Groups = dict[str, npt.NDArray[np.bool_]]


def by_history(known: csr_array) -> Groups:
    """Which questions are of users who have so many items; groups of a few are left out."""
    numbers = np.diff(known.indptr)
    found = {}
    for least, most in GROUPS:
        members = (numbers >= least) & (numbers <= (numbers.max() if most is None else most))
        if members.sum() >= FEWEST:
            name = str(least) if least == most else f"{least}-{most}" if most else f"{least} on"
            found[name] = members
    return found


def ndcg_of_groups(
    lists: Mapping[str, RankedLists], judge: Judge, groups: Groups, k: int
) -> dict[str, list[Estimate]]:
    """NDCG@k of each row, group by group."""
    values = {name: LIST_METRICS["ndcg"].per_user(each, k) for name, each in lists.items()}
    return {
        name: [_mean(column, members, judge) for members in groups.values()]
        for name, column in values.items()
    }


def recall_of_unseen(
    lists: Mapping[str, RankedLists], judge: Judge, train: csr_array, k: int
) -> tuple[int, dict[str, Estimate]]:
    """How many answers nobody chose before, and the recall@k of those alone."""
    seen = np.asarray(train.sum(axis=0)) > 0
    relevance = csr_array(judge.relevance, copy=True)
    relevance.data = np.where(seen[relevance.indices], 0.0, relevance.data)
    relevance.eliminate_zeros()
    asked = np.diff(relevance.indptr) > 0
    if asked.sum() < FEWEST:
        return int(relevance.nnz), {}
    found = {}
    for name, each in lists.items():
        values = LIST_METRICS["recall"].per_user(RankedLists(each.items, relevance), k)
        found[name] = _mean(values, asked, judge)
    return int(relevance.nnz), found


def _mean(
    column: npt.NDArray[np.float64], members: npt.NDArray[np.bool_], judge: Judge
) -> Estimate:
    return mean_intervals([column[members]], seed=0, owners=judge.owners[members])[0]


def sizes(groups: Groups) -> Sequence[str]:
    """How many questions each group has."""
    return [f"{int(each.sum()):,}" for each in groups.values()]
