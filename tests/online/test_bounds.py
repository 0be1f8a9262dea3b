from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy.integrate import quad

from shortlist.online.bounds import OPTIMAL, WIDTH, Bounds, Watched, boundary

Numbers = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Numbers]

ERROR, RUNS, LENGTH = 0.1, 300, 1_500

NULLS: dict[str, Draw] = {
    "coins": lambda rng, n: rng.choice([-1.0, 1.0], n),
    "mostly equal": lambda rng, n: rng.choice([-1.0, 0.0, 1.0], n, p=[0.03, 0.94, 0.03]),
    "rarely much": lambda rng, n: np.where(rng.random(n) < 0.02, 0.98, -0.02),
    "small": lambda rng, n: rng.normal(0, 0.1, n).clip(-1, 1),
}
"""Differences whose expectation is nothing."""


SQUARES = np.concatenate([[0.0], np.geomspace(0.01, 2 * LENGTH, 300)])


@pytest.fixture(scope="module")
def reaches() -> Numbers:
    """The boundary on a grid of squares."""
    return np.array([boundary(each, ERROR) for each in SQUARES])


def ever_sure(differences: Numbers, reaches: Numbers) -> bool:
    """Whether bounds on a growing mean exclude nothing, looked at after every difference."""
    sums = np.cumsum(differences)
    before = np.concatenate([[0], sums[:-1] / np.arange(1, len(sums))])
    squares = np.cumsum((differences - before) ** 2)
    place = np.searchsorted(SQUARES, squares, side="right") - 1
    return bool((np.abs(sums) > reaches[place]).any())


@pytest.mark.parametrize("null", list(NULLS))
def test_bounds_are_hardly_ever_wrong_however_often_one_looks(null: str, reaches: Numbers) -> None:
    rng = np.random.default_rng(11)

    wrong = sum(ever_sure(NULLS[null](rng, LENGTH), reaches) for _ in range(RUNS))

    assert wrong <= 2 * ERROR * RUNS


def test_an_interval_made_for_one_look_would_be_wrong_far_more_often() -> None:
    rng = np.random.default_rng(11)
    wrong = 0
    for _ in range(RUNS):
        draws = NULLS["coins"](rng, LENGTH)
        sums, n = np.cumsum(draws), np.arange(1, LENGTH + 1)
        wrong += bool((np.abs(sums) > 1.645 * np.sqrt(n)).any())

    assert wrong > 4 * ERROR * RUNS


def after(differences: Numbers) -> Watched:
    watched = Watched()
    for each in differences.tolist():
        watched = watched.with_one(each)
    return watched


def test_a_difference_that_is_there_is_found() -> None:
    draws = np.random.default_rng(1).normal(-0.05, 0.1, 1_000).clip(-1, 1)

    bounds = after(draws).bounds(0.05)

    assert bounds.upper < 0
    assert bounds.lower < draws.mean() < bounds.upper


def test_bounds_narrow_with_events_and_widen_with_spread() -> None:
    rng = np.random.default_rng(2)
    draws = rng.normal(0, 0.2, 2_000).clip(-1, 1)

    few, many = after(draws[:200]).bounds(0.05), after(draws).bounds(0.05)
    calm = after(draws / 4).bounds(0.05)

    assert many.upper - many.lower < few.upper - few.lower
    assert calm.upper - calm.lower < many.upper - many.lower


def test_squares_that_are_given_widen_them_and_never_narrow_them() -> None:
    watched = after(np.tile([0.1, -0.1], 100))
    bare = watched.bounds(0.05)

    assert watched.bounds(0.05, squares=0.0) == bare
    assert watched.bounds(0.05, squares=9.0).upper > bare.upper


def test_of_nothing_nothing_is_known() -> None:
    assert Watched().bounds(0.05) == Bounds(0, 0.0, -1.0, 1.0)


@pytest.mark.parametrize("squares", [1.0, 10.0, 100.0])
def test_the_boundary_is_where_a_wager_has_grown_as_it_must(squares: float) -> None:
    """The mixture by quadrature: wagers of all sizes, weighed as proposition 9 weighs them."""
    total, prior = boundary(squares, 0.05), OPTIMAL / WIDTH**2

    def weight(size: float) -> float:
        left = 1 - WIDTH * size
        return float(left ** (prior - 1) * np.exp(-prior * left))

    def wager(size: float) -> float:
        cost = (-np.log1p(-WIDTH * size) - WIDTH * size) / WIDTH**2
        return weight(size) * float(np.exp(size * total - cost * squares))

    grown = quad(wager, 0, 1 / WIDTH)[0] / quad(weight, 0, 1 / WIDTH)[0]

    assert grown == pytest.approx(1 / 0.05, rel=1e-6)
