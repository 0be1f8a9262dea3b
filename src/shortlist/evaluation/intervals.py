"""How sure a mean over users is: the percentile bootstrap, by user.

Users are drawn anew, with replacement, as many as there are; the mean of each draw is taken;
the middle 95 % of those means is the interval. Whole users are drawn because the events of one
user are not independent: where a user is given several lists, all of them are drawn at once. Rows
measured on the same users are drawn together, so that what makes a user hard for all of them
cancels in their difference.

Source: Efron and Tibshirani 1993, "An introduction to the bootstrap", sections 6 and 13.3; for
comparing retrieval systems, Sakai 2006, "Evaluating evaluation metrics based on the bootstrap",
SIGIR.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from shortlist.core.errors import Invalid, TooLittleData
from shortlist.evaluation.lists import PerUser
from shortlist.evaluation.metrics.metric import PairMetric
from shortlist.evaluation.pairs import ScoredPairs
from shortlist.evaluation.results import Estimate

RESAMPLES = 2000
PAIR_RESAMPLES = 200
LEVEL = 0.95
_CELLS_A_BLOCK = 4_000_000

Owners = npt.NDArray[np.integer]
"""Whose each list is, where a user has several: one number of a user a list."""


def mean_interval(values: PerUser, *, seed: int, resamples: int = RESAMPLES) -> Estimate:
    """The mean over users who are not NaN, with its interval.

    >>> mean_interval(np.array([0.0, 1.0, np.nan, 1.0, 0.0]), seed=0).value
    0.5

    Raises TooLittleData where every user is left out.
    """
    return mean_intervals([values], seed=seed, resamples=resamples)[0]


def difference_interval(
    ours: PerUser, theirs: PerUser, *, seed: int, resamples: int = RESAMPLES
) -> Estimate:
    """The mean of ours minus theirs, user by user, with its interval (paired)."""
    return mean_interval(ours - theirs, seed=seed, resamples=resamples)


def mean_intervals(
    columns: Sequence[PerUser],
    *,
    seed: int,
    resamples: int = RESAMPLES,
    owners: Owners | None = None,
) -> list[Estimate]:
    """The means of many columns over the same users, all under the same draws of users.

    A column with users left out (NaN) is a mean over the rest in every draw. With `owners` the
    entries are lists, of which a user may have several: the mean is over lists, the draws are of
    users. Raises TooLittleData where a column has no user, Invalid where `owners` is of another
    length.
    """
    values = np.column_stack(columns)
    counted = np.isfinite(values)
    if not counted.any(axis=0).all():
        raise TooLittleData("no user has anything to measure: the period to predict is empty")
    filled = np.where(counted, values, 0.0)
    point = filled.sum(axis=0) / counted.sum(axis=0)
    everybody = owners is None and bool(counted.all())
    sums, numbers = _by_owner(filled, owners), _by_owner(counted.astype(np.float64), owners)

    means = np.empty((resamples, values.shape[1]))
    done = 0
    for times in _draws(len(sums), resamples, seed):
        n = len(sums) if everybody else times @ numbers
        block = slice(done, done + len(times))
        with np.errstate(invalid="ignore"):
            means[block] = (times @ sums) / n
        done += len(times)
    low, high = np.nanquantile(means, _TAILS, axis=0)
    return [
        Estimate(value=float(v), low=min(float(lo), float(v)), high=max(float(hi), float(v)))
        for v, lo, hi in zip(point, low, high, strict=True)
    ]


def pair_interval(
    metric: PairMetric, pairs: ScoredPairs, *, seed: int, resamples: int = PAIR_RESAMPLES
) -> Estimate | None:
    """A pair metric with its interval, users drawn anew; None where it is undefined."""
    found = pair_intervals([metric], {"": pairs}, seed=seed, resamples=resamples)
    return found[""].get(metric.name)


def pair_intervals(
    metrics: Sequence[PairMetric],
    rows: dict[str, ScoredPairs],
    *,
    seed: int,
    resamples: int = PAIR_RESAMPLES,
) -> dict[str, dict[str, Estimate]]:
    """Many metrics of many rows, by row and metric; what is undefined is left out.

    The calibration error of a draw is larger than that of the sample (drawing adds noise, which
    an absolute value does not average away); its interval errs on the high side.
    """
    return {name: _row_intervals(metrics, pairs, seed, resamples) for name, pairs in rows.items()}


def _row_intervals(
    metrics: Sequence[PairMetric], pairs: ScoredPairs, seed: int, resamples: int
) -> dict[str, Estimate]:
    users, user = np.unique(pairs.user, return_inverse=True)
    prepared = [metric.prepare(pairs) for metric in metrics]
    table = np.array(
        [
            [weighted(times[user]) for weighted in prepared]
            for block in _draws(len(users), resamples, seed)
            for times in block
        ]
    )
    found: dict[str, Estimate] = {}
    for position, metric in enumerate(metrics):
        point, column = metric.of(pairs), table[:, position]
        column = column[np.isfinite(column)]
        if not np.isfinite(point):
            continue
        low, high = np.quantile(column, _TAILS) if len(column) else (point, point)
        found[metric.name] = Estimate(
            value=point, low=min(float(low), point), high=max(float(high), point)
        )
    return found


def _by_owner(entries: npt.NDArray[np.float64], owners: Owners | None) -> npt.NDArray[np.float64]:
    """Sums over the lists of each user; the entries themselves where each is a user."""
    if owners is None:
        return entries
    if len(owners) != len(entries):
        raise Invalid(f"{len(owners)} owners for {len(entries)} lists")
    users, owner = np.unique(owners, return_inverse=True)
    belongs = csr_array(
        (np.ones(len(owner)), (owner, np.arange(len(owner)))), shape=(len(users), len(owner))
    )
    return np.asarray(belongs @ entries)


_TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


def _draws(users: int, resamples: int, seed: int) -> Iterator[npt.NDArray[np.float64]]:
    """Blocks of draws x users: how often each user was drawn. The same seed, the same draws."""
    generator = np.random.default_rng(seed)
    rows = max(1, _CELLS_A_BLOCK // max(1, users))
    edges = [*range(0, resamples, rows), resamples]
    for start, end in pairwise(edges):
        n = end - start
        drawn = generator.integers(0, users, size=(n, users))
        drawn += np.arange(n)[:, None] * users
        times = np.bincount(drawn.ravel(), minlength=n * users)
        yield times.reshape(n, users).astype(np.float64)
