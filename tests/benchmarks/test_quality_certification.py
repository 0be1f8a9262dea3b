"""What the benchmark is trusted for: other people's metrics, and mathematics."""

import numpy as np
import pytest
from benchmarks.quality.certification import (
    by_trec_eval,
    expectation,
    on_random_lists,
    random_lists,
    relevance,
    spectral_filter,
)
from benchmarks.quality.expectations import EXPECTATIONS
from scipy.sparse import csr_array

from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import LIST_METRICS


def test_every_list_metric_has_an_expectation() -> None:
    assert set(EXPECTATIONS) == set(LIST_METRICS)


@pytest.mark.parametrize("metric", LIST_METRICS)
@pytest.mark.parametrize(("n", "r", "k"), [(5, 2, 3), (4, 4, 2), (6, 1, 6), (5, 3, 1)])
def test_the_closed_form_is_the_mean_over_all_orders(metric: str, n: int, r: int, k: int) -> None:
    from itertools import permutations

    orders = list(permutations(range(n)))
    lists = RankedLists.of(orders, [list(range(r))] * len(orders), items=n)

    mean = LIST_METRICS[metric].per_user(lists, k).mean()

    assert EXPECTATIONS[metric](n, r, k) == pytest.approx(mean, abs=1e-12)


@pytest.mark.parametrize("metric", LIST_METRICS)
def test_drawing_lots_comes_close_to_its_expectation(metric: str) -> None:
    wanted = relevance()
    draws = [
        LIST_METRICS[metric].per_user(random_lists(wanted, seed), 20).mean() for seed in range(30)
    ]

    error = np.std(draws, ddof=1) / np.sqrt(len(draws))

    assert abs(np.mean(draws) - expectation(metric, wanted)) < 5 * error


def test_trec_eval_agrees_to_nine_decimals() -> None:
    lists = random_lists(relevance(), 0)

    for name, theirs in by_trec_eval(lists).items():
        ours = LIST_METRICS[name].per_user(lists, 20)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)


def test_the_table_says_that_a_constant_scorer_gets_nothing() -> None:
    columns, rows = on_random_lists()

    assert [row[columns.index("constant")] for row in rows] == ["0"] * len(LIST_METRICS)


def test_the_plain_filter_tells_two_neighbourhoods_apart() -> None:
    town = np.kron(np.eye(2), np.ones((6, 6))) - np.eye(12)
    train = csr_array(town)

    scores = spectral_filter(train, vectors=2)(train[[0]])[0]

    assert scores[0] > scores[6:].max()
