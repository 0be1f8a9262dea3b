"""What must hold for any lists."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import LIST_METRICS
from shortlist.evaluation.metrics.auc import Auc
from shortlist.evaluation.metrics.metric import ListMetric
from shortlist.evaluation.pairs import ScoredPairs

ITEMS = 9
calm = settings(deadline=None)


@st.composite
def lists(draw: st.DrawFn) -> RankedLists:
    users = draw(st.integers(1, 5))
    ranked = [
        draw(st.permutations(range(ITEMS)))[: draw(st.integers(0, ITEMS))] for _ in range(users)
    ]
    relevant = [
        draw(st.dictionaries(st.integers(0, ITEMS - 1), st.sampled_from([0.5, 1.0, 3.0, 5.0])))
        for _ in range(users)
    ]
    return RankedLists.of(ranked, relevant, items=ITEMS)


@calm
@given(some=lists(), k=st.integers(1, 12))
def test_values_are_between_nothing_and_one(some: RankedLists, k: int) -> None:
    for metric in LIST_METRICS.values():
        measured = metric.per_user(some, k)[some.n_relevant > 0]
        assert (measured >= 0).all(), metric
        assert (measured <= 1 + 1e-12).all(), metric


@calm
@given(some=lists(), k=st.integers(1, 12), data=st.data())
def test_users_do_not_see_each_other(some: RankedLists, k: int, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(some.n_users)))

    shuffled = RankedLists(some.items[order], csr_array(some.relevance[order]))

    for metric in LIST_METRICS.values():
        here, there = metric.per_user(some, k)[np.array(order)], metric.per_user(shuffled, k)
        np.testing.assert_allclose(here, there, atol=1e-15, err_msg=metric.name)


@calm
@given(some=lists(), k=st.integers(1, 12), data=st.data())
def test_what_items_are_called_does_not_matter(
    some: RankedLists, k: int, data: st.DataObject
) -> None:
    renamed = np.array([*data.draw(st.permutations(range(ITEMS))), -1], np.int32)
    cells = some.relevance.tocoo()

    again = RankedLists(
        renamed[some.items],
        csr_array((cells.data, (cells.row, renamed[cells.col])), shape=some.relevance.shape),
    )

    for metric in LIST_METRICS.values():
        here, there = metric.per_user(some, k), metric.per_user(again, k)
        np.testing.assert_allclose(here, there, atol=1e-12, err_msg=metric.name)


@calm
@given(some=lists(), k=st.integers(1, 12), place=st.integers(1, ITEMS - 1))
def test_moving_a_more_relevant_item_up_never_hurts(some: RankedLists, k: int, place: int) -> None:
    better = some.items.copy()
    if place < some.length:
        up = some.gains[:, place] > some.gains[:, place - 1]
        better[up, place - 1], better[up, place] = some.items[up, place], some.items[up, place - 1]

    moved = RankedLists(better, some.relevance)
    for metric in LIST_METRICS.values():
        gained = metric.per_user(moved, k) - metric.per_user(some, k)
        assert (gained[some.n_relevant > 0] >= -1e-12).all(), metric


@pytest.mark.parametrize("metric", LIST_METRICS.values(), ids=list(LIST_METRICS))
@pytest.mark.parametrize("k", [1, 10, 40])
def test_a_random_order_scores_what_chance_says(metric: ListMetric, k: int) -> None:
    """Relevant: r of n items; the expectation of every metric is known in closed form."""
    users, n, r = 4000, 40, 6
    generator = np.random.default_rng(17)
    ranked = generator.permuted(np.tile(np.arange(n, dtype=np.int32), (users, 1)), axis=1)
    relevance = csr_array(np.tile(np.arange(n) < r, (users, 1)).astype(float))

    values = metric.per_user(RankedLists(ranked, relevance), k)

    error = values.std() / np.sqrt(users)
    assert abs(values.mean() - _by_chance(metric.name, n, r, k)) <= 4 * error + 1e-12


def _by_chance(metric: str, n: int, r: int, k: int) -> float:
    discount = 1 / np.log2(np.arange(2, k + 2))
    first_at = [comb(n - i, r - 1) / comb(n, r) for i in range(1, n - r + 2)]
    above = (r - 1) / (n - 1)
    expected: dict[str, float] = {
        "ndcg": r / n * discount.sum() / discount[: min(k, r)].sum(),
        "recall": k / n,
        "precision": r / n,
        "hit_rate": 1 - comb(n - r, k) / comb(n, k),
        "mrr": sum(p / i for i, p in enumerate(first_at[:k], start=1)),
        "map": sum(r / n * (1 + (i - 1) * above) / i for i in range(1, k + 1)) / min(k, r),
    }
    return expected[metric]


@calm
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=1, max_size=30))
def test_auc_is_the_share_of_pairs_in_the_right_order(pairs: list[tuple[int, bool]]) -> None:
    positive = [score for score, outcome in pairs if outcome]
    negative = [score for score, outcome in pairs if not outcome]

    found = Auc().of(
        ScoredPairs.of([score for score, _ in pairs], [int(outcome) for _, outcome in pairs])
    )

    won = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert found == pytest.approx(np.mean(won)) if won else np.isnan(found)
