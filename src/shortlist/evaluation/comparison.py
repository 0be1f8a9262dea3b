"""Ways to recommend, measured side by side on the same users."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from shortlist.core.errors import Invalid
from shortlist.evaluation.intervals import Owners, mean_intervals
from shortlist.evaluation.lists import PerUser, RankedLists
from shortlist.evaluation.metrics import CATALOGUE_METRICS, LIST_METRICS
from shortlist.evaluation.metrics.metric import Background
from shortlist.evaluation.results import Estimate, HistoryGroup, Row, RowRole


def compare_lists(
    lists: Mapping[str, RankedLists],
    ks: Sequence[int],
    *,
    seed: int,
    against: Sequence[str] = (),
    roles: Mapping[str, RowRole] | None = None,
    background: Background | None = None,
    owners: Owners | None = None,
) -> tuple[Row, ...]:
    """Every list metric of every row at every k, with intervals.

    Each row is also compared, user by user, with each row named in `against`. Catalogue metrics
    are added (without intervals) where a background is given. Where users have several lists each,
    `owners` says whose each is; means are then over lists, intervals by user. Raises Invalid where
    the rows are not of the same users or a row in `against` is not there; TooLittleData where
    nobody has anything relevant.
    """
    _check(lists, against)
    wanted = [f"{metric}@{k}" for metric in LIST_METRICS for k in ks]
    values = {name: _per_user(each, ks) for name, each in lists.items()}
    pairs = [(ours, theirs) for ours in lists for theirs in against if ours != theirs]
    columns = [values[name][:, m] for name in lists for m in range(len(wanted))]
    columns += [
        values[ours][:, m] - values[theirs][:, m]
        for ours, theirs in pairs
        for m in range(len(wanted))
    ]
    estimates = iter(mean_intervals(columns, seed=seed, owners=owners))

    metrics = {name: {each: next(estimates) for each in wanted} for name in lists}
    differences: dict[str, dict[str, dict[str, Estimate]]] = {name: {} for name in lists}
    for ours, theirs in pairs:
        differences[ours][theirs] = {each: next(estimates) for each in wanted}
    if background is not None:
        for name, each in lists.items():
            metrics[name] |= _catalogue(each, ks, background)
    return tuple(
        Row(
            name=name,
            role=(roles or {}).get(name, "contender"),
            metrics=metrics[name],
            differences=differences[name],
        )
        for name in lists
    )


def compare_by_history(
    lists: Mapping[str, RankedLists],
    history_lengths: npt.NDArray[np.integer],
    *,
    metric: str = "ndcg",
    k: int = 10,
    groups: int = 4,
    seed: int,
    owners: Owners | None = None,
) -> tuple[HistoryGroup, ...]:
    """A metric of every row among users with short, middling and long histories.

    Users to whom something is relevant are cut into `groups` groups of about equal size; users of
    one history length stay together. `history_lengths` has one entry a list, and so has `owners`,
    where users have several lists each (a user may then be in several groups).
    """
    values = {name: LIST_METRICS[metric].per_user(each, k) for name, each in lists.items()}
    measured = np.isfinite(np.column_stack(list(values.values()))).all(axis=1)
    cuts = np.quantile(history_lengths[measured], np.linspace(0, 1, groups + 1)[1:-1])
    group = np.searchsorted(cuts, history_lengths, side="left")
    found = []
    for each in range(groups):
        members = measured & (group == each)
        if not members.any():
            continue
        theirs = None if owners is None else owners[members]
        estimates = mean_intervals(
            [column[members] for column in values.values()], seed=seed, owners=theirs
        )
        found.append(
            HistoryGroup(
                shortest=int(history_lengths[members].min()),
                longest=int(history_lengths[members].max()),
                users=int(members.sum()) if theirs is None else len(np.unique(theirs)),
                values=dict(zip(values, estimates, strict=True)),
            )
        )
    return tuple(found)


def _per_user(lists: RankedLists, ks: Sequence[int]) -> PerUser:
    """users x (metrics x ks)."""
    return np.column_stack([m.per_user(lists, k) for m in LIST_METRICS.values() for k in ks])


def _catalogue(
    lists: RankedLists, ks: Sequence[int], background: Background
) -> dict[str, Estimate]:
    values = {
        f"{metric.name}@{k}": metric.of(lists, k, background)
        for metric in CATALOGUE_METRICS.values()
        for k in ks
    }
    return {name: Estimate(value=value) for name, value in values.items() if np.isfinite(value)}


def _check(lists: Mapping[str, RankedLists], against: Sequence[str]) -> None:
    unknown = [name for name in against if name not in lists]
    if unknown:
        raise Invalid(f"no row is named {unknown[0]!r}; there are {', '.join(lists)}")
    if len({each.n_users for each in lists.values()}) > 1:
        raise Invalid("rows can be compared only on the same users")
