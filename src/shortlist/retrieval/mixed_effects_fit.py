"""The fit of mixed effects: what people expect on the whole, and how they differ.

Chances are logistic in the axes of an item. A user's slopes are drawn from one normal
distribution for all users, an item's own offset from another. Both are learned by expectation and
maximisation (Zhang et al. 2016, "GLMix"), with the quadratic bound on the logistic function of
Jaakkola & Jordan (2000) in the place of Newton steps: it cannot overshoot.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shortlist.core.candidates import Items

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

BLOCK = 20_000
"""Looks whose axes are in memory together."""

LEAST_SPREAD = 1e-3
"""What remains of the variance of slopes and offsets, however alike people or items are."""


@dataclass(frozen=True)
class Looks:
    """Items that a user had before their eyes, and whether they took them."""

    items: Items
    taken: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Effects:
    """What was learned of everybody."""

    mean: Numbers
    """The slopes to expect of somebody nobody knows."""
    spread: Numbers
    """axes x axes: the covariance of slopes over people."""
    offsets: Numbers
    """One an item: how much more it is taken than its axes say."""


def curvature(logit: Numbers) -> Numbers:
    """How steep the bound on the logistic function is that touches it here: tanh(z / 2) / (2z).

    >>> round(float(curvature(np.zeros(1))[0]), 6)
    0.25
    """
    size = np.maximum(np.abs(logit), 1e-6)
    found: Numbers = np.tanh(size / 2) / (2 * size)
    return found


def fit_effects(axes: Numbers, people: Sequence[Looks], rounds: int) -> Effects:
    """Learn from what each of some users looked at. At least one look was taken, and one not.

    `axes` (items x axes) has ones in its first column.
    """
    n_items, width = axes.shape
    item = np.concatenate([each.items for each in people]).astype(np.int64)
    taken = np.concatenate([each.taken for each in people]).astype(np.float64)
    start = np.concatenate([[0], np.cumsum([len(each) for each in people])])
    mean, spread = np.zeros(width), np.eye(width)
    mean[0] = np.log(taken.mean() / (1 - taken.mean()))
    offsets, variance = np.zeros(n_items), 1.0
    slopes = np.tile(mean, (len(people), 1))
    blocks = [*_blocks(np.diff(start))]
    met = np.bincount(item, minlength=n_items) > 0
    for _ in range(rounds):
        precision = np.linalg.inv(spread)
        together, logit = np.zeros((width, width)), np.zeros(len(item))
        for users in blocks:
            looks, there = _padded(start, users)
            seen = axes[item[looks]]
            offset = offsets[item[looks]]
            steep = curvature(_products(seen, slopes[users]) + offset) * there
            wanted = (taken[looks] - 0.5) * there - steep * offset
            system = np.matmul((seen * steep[:, :, None]).transpose(0, 2, 1), seen) + precision
            right = np.matmul(wanted[:, None, :], seen)[:, 0] + precision @ mean
            covariance = np.linalg.inv(system)
            slopes[users] = np.matmul(covariance, right[:, :, None])[:, :, 0]
            apart = slopes[users] - mean
            together += covariance.sum(axis=0) + apart.T @ apart
            logit[looks[there]] = _products(seen, slopes[users])[there]
        shift = slopes.mean(axis=0) - mean
        mean = mean + shift
        spread = together / len(people) - np.outer(shift, shift)
        spread = (spread + spread.T) / 2 + LEAST_SPREAD * np.eye(width)
        steep = curvature(logit + offsets[item])
        system = np.bincount(item, steep, n_items) + 1 / variance
        offsets = np.bincount(item, taken - 0.5 - steep * logit, n_items) / system
        variance = float((offsets[met] ** 2 + 1 / system[met]).mean()) + LEAST_SPREAD
    return Effects(mean, spread, offsets)


def _blocks(lengths: Places) -> Iterator[Places]:
    """Users of about as many looks each, so many that their axes fit into memory."""
    order = np.argsort(lengths, kind="stable")[::-1]
    begin = 0
    while begin < len(order):
        many = max(1, BLOCK // max(1, int(lengths[order[begin]])))
        yield order[begin : begin + many]
        begin += many


def _padded(start: Places, users: Places) -> tuple[Places, npt.NDArray[np.bool_]]:
    """users x looks: the place of each look, and whether there is one (else it is any)."""
    lengths = start[users + 1] - start[users]
    steps = np.arange(lengths.max(initial=0))
    there = steps < lengths[:, None]
    return np.where(there, start[users][:, None] + steps, 0), there


def _products(seen: Numbers, slopes: Numbers) -> Numbers:
    """users x looks: the axes of what each user saw times that user's slopes."""
    found: Numbers = np.matmul(seen, slopes[:, :, None])[:, :, 0]
    return found
