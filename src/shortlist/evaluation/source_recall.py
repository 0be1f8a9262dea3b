"""What each source finds of what was relevant, alone and on top of the others."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from shortlist.core.errors import Invalid
from shortlist.evaluation.intervals import Owners, mean_intervals
from shortlist.evaluation.lists import PerUser, RankedLists
from shortlist.evaluation.results import SourceRecall, SourceSection


def compare_sources(
    lists: Mapping[str, RankedLists],
    ks: Sequence[int],
    *,
    title: str,
    protocol: str,
    seed: int,
    owners: Owners | None = None,
    notes: tuple[str, ...] = (),
) -> SourceSection:
    """Recall of each source's first k, and what the union of all candidates loses without it.

    Every source is given by its candidates, best first, for the same users and relevance; the
    union takes them whole. Where users have several lists each, `owners` says whose each is. Raises
    Invalid where they differ in users or relevance, TooLittleData where nothing was relevant to
    anybody.
    """
    first = next(iter(lists.values()))
    if any(_differs(first, each) for each in lists.values()):
        raise Invalid("sources can be compared only on the same users and relevance")
    whole = {name: each.found(max(1, each.length)) for name, each in lists.items()}
    times_found = np.sum(list(whole.values()), axis=0)
    union = _recall(first, times_found > 0)

    columns = [_recall(first, each.found(k)) for each in lists.values() for k in ks]
    columns += [union - _recall(first, times_found - each > 0) for each in whole.values()]
    estimates = iter(mean_intervals([*columns, union], seed=seed, owners=owners))
    alone = {name: {k: next(estimates) for k in ks} for name in lists}
    sources = tuple(
        SourceRecall(name=name, alone=alone[name], gain=next(estimates)) for name in lists
    )
    return SourceSection(
        title=title,
        protocol=protocol,
        users=_users(first, owners),
        ks=tuple(ks),
        sources=sources,
        union=next(estimates),
        union_size=_mean_union_size(list(lists.values())),
        notes=notes,
    )


def with_lists(
    section: SourceSection,
    proposers: Sequence[npt.NDArray[np.bool_]],
    *,
    seed: int,
    owners: Owners | None = None,
) -> SourceSection:
    """The section, with what the lists that were shown took from each source.

    `proposers` says for each list, items x sources in the section's order, who proposed what. An
    item that several proposed counts for each of them.
    """
    alone = [each & (each.sum(axis=1, keepdims=True) == 1) for each in proposers]
    columns = np.concatenate([_mean_shares(proposers), _mean_shares(alone)], axis=1).T
    estimates = mean_intervals(list(columns), seed=seed, owners=owners)
    n = len(section.sources)
    sources = tuple(
        each.model_copy(update={"listed": estimates[at], "only": estimates[n + at]})
        for at, each in enumerate(section.sources)
    )
    return section.model_copy(update={"sources": sources})


def _mean_shares(lists: Sequence[npt.NDArray[np.bool_]]) -> npt.NDArray[np.float64]:
    """lists x sources: the share of each list's items that are marked; NaN for an empty list."""
    return np.stack(
        [each.mean(axis=0) if len(each) else np.full(each.shape[1], np.nan) for each in lists]
    )


def _users(lists: RankedLists, owners: Owners | None) -> int:
    measured = lists.n_relevant > 0
    return int(measured.sum()) if owners is None else len(np.unique(owners[measured]))


def _recall(lists: RankedLists, found: npt.NDArray[np.bool_]) -> PerUser:
    """Per user, the share of stored cells found; NaN for users without any."""
    user = np.repeat(np.arange(lists.n_users), lists.n_relevant)
    hits = np.bincount(user, weights=found, minlength=lists.n_users)
    recall: PerUser = np.full(lists.n_users, np.nan)
    np.divide(hits, lists.n_relevant, out=recall, where=lists.n_relevant > 0)
    return recall


def _mean_union_size(lists: Sequence[RankedLists]) -> float:
    together = np.sort(np.concatenate([each.items for each in lists], axis=1), axis=1)
    new = np.diff(together, axis=1, prepend=-1) > 0
    return float((new & (together >= 0)).sum() / max(1, len(together)))


def _differs(left: RankedLists, right: RankedLists) -> bool:
    return left.relevance.shape != right.relevance.shape or not (
        np.array_equal(left.relevance.indptr, right.relevance.indptr)
        and np.array_equal(left.relevance.indices, right.relevance.indices)
    )
