"""What every metric promises. A registered metric is tested here by being registered."""

import doctest
import importlib
import inspect
import pkgutil

import numpy as np
import pytest
from scipy.sparse import csr_array

from shortlist.evaluation import metrics
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import (
    CATALOGUE_METRICS,
    LIST_METRICS,
    METRICS,
    PAIR_METRICS,
)
from shortlist.evaluation.metrics.metric import (
    Background,
    CatalogueMetric,
    ListMetric,
    Metric,
    PairMetric,
)
from shortlist.evaluation.pairs import ScoredPairs

USERS, ITEMS = 40, 25


@pytest.fixture(params=list(METRICS))
def metric(request: pytest.FixtureRequest) -> Metric:
    return METRICS[request.param]


@pytest.fixture(params=list(LIST_METRICS))
def list_metric(request: pytest.FixtureRequest) -> ListMetric:
    return LIST_METRICS[request.param]


@pytest.fixture(params=list(PAIR_METRICS))
def pair_metric(request: pytest.FixtureRequest) -> PairMetric:
    return PAIR_METRICS[request.param]


@pytest.fixture(params=list(CATALOGUE_METRICS))
def catalogue_metric(request: pytest.FixtureRequest) -> CatalogueMetric:
    return CATALOGUE_METRICS[request.param]


def lists(seed: int = 0, length: int = 12) -> RankedLists:
    """Random lists of every length; every fifth user has nothing relevant."""
    generator = np.random.default_rng(seed)
    ranked = np.full((USERS, length), -1, np.int32)
    for user in range(USERS):
        end = generator.integers(0, length + 1)
        ranked[user, :end] = generator.permutation(ITEMS)[:end]
    gains = generator.poisson(0.3, (USERS, ITEMS)).astype(float)
    gains[::5] = 0
    return RankedLists(ranked, csr_array(gains))


def pairs(seed: int = 0) -> ScoredPairs:
    generator = np.random.default_rng(seed)
    probability = generator.random(300)
    return ScoredPairs(
        probability,
        generator.random(300) < probability,
        generator.integers(0, 12, 300).astype(np.int32),
    )


def background() -> Background:
    generator = np.random.default_rng(1)
    genres = (generator.random((ITEMS, 4)) < 0.4).astype(np.float32)
    return Background(generator.integers(0, USERS, ITEMS), USERS, csr_array(genres))


def test_it_is_named_and_documented(metric: Metric) -> None:
    text = inspect.getdoc(type(metric)) or ""

    assert METRICS[metric.name] is metric
    assert metric.label
    assert 20 < len(metric.meaning) < 120
    assert "Source:" in text
    assert " = " in text


def test_its_example_is_true(metric: Metric) -> None:
    module = importlib.import_module(type(metric).__module__)

    found = doctest.testmod(module)

    assert found.attempted > 0
    assert found.failed == 0


def test_it_says_which_values_it_can_have(metric: Metric) -> None:
    assert metric.lowest < metric.highest


def test_none_is_forgotten() -> None:
    for each in pkgutil.iter_modules(metrics.__path__, f"{metrics.__name__}."):
        importlib.import_module(each.name)

    written = {
        each
        for family in Metric.__subclasses__()
        for each in family.__subclasses__()
        if not inspect.isabstract(each)
    }

    assert {type(each) for each in METRICS.values()} == written


@pytest.mark.parametrize("k", [1, 5, 12, 100])
def test_list_values_are_bounded_and_deterministic(list_metric: ListMetric, k: int) -> None:
    some = lists()

    values = list_metric.per_user(some, k)

    measured = values[some.n_relevant > 0]
    assert values.dtype == np.float64
    assert values.shape == (USERS,)
    assert (measured >= list_metric.lowest).all()
    assert (measured <= list_metric.highest + 1e-12).all()
    np.testing.assert_array_equal(values, list_metric.per_user(lists(), k))


def test_users_to_whom_nothing_is_relevant_are_left_out(list_metric: ListMetric) -> None:
    some = lists()

    values = list_metric.per_user(some, 5)

    np.testing.assert_array_equal(np.isnan(values), some.n_relevant == 0)


def test_k_may_exceed_the_list(list_metric: ListMetric) -> None:
    some = lists()
    padded = np.pad(some.items, ((0, 0), (0, 50)), constant_values=-1)

    short = list_metric.per_user(some, 40)
    long = list_metric.per_user(RankedLists(padded, some.relevance), 40)

    np.testing.assert_allclose(short, long, atol=1e-15)


def test_a_user_alone_scores_as_among_others(list_metric: ListMetric) -> None:
    some = lists()

    alone = [
        list_metric.per_user(RankedLists(some.items[[u]], csr_array(some.relevance[[u]])), 5)[0]
        for u in range(USERS)
    ]

    np.testing.assert_allclose(alone, list_metric.per_user(some, 5), atol=1e-15)


def test_what_stands_after_the_cut_does_not_matter(list_metric: ListMetric) -> None:
    some = lists()

    cut = RankedLists(some.items[:, :5], some.relevance)

    np.testing.assert_allclose(
        list_metric.per_user(cut, 5), list_metric.per_user(some, 5), atol=1e-15
    )


def test_pair_values_are_bounded_and_deterministic(pair_metric: PairMetric) -> None:
    value = pair_metric.of(pairs())

    assert pair_metric.lowest <= value <= pair_metric.highest
    assert value == pair_metric.of(pairs())


def test_the_order_of_pairs_does_not_matter(pair_metric: PairMetric) -> None:
    some = pairs()
    order = np.random.default_rng(2).permutation(len(some))

    shuffled = ScoredPairs(some.score[order], some.outcome[order], some.user[order])

    assert pair_metric.of(shuffled) == pytest.approx(pair_metric.of(some), abs=1e-12)


def test_one_pair_has_a_value_or_none(pair_metric: PairMetric) -> None:
    value = pair_metric.of(ScoredPairs.of([0.3], [1]))

    assert np.isnan(value) or pair_metric.lowest <= value <= pair_metric.highest


@pytest.mark.parametrize("k", [1, 5, 100])
def test_catalogue_values_are_bounded_and_deterministic(
    catalogue_metric: CatalogueMetric, k: int
) -> None:
    value = catalogue_metric.of(lists(), k, background())

    if not np.isnan(value):
        assert catalogue_metric.lowest <= value <= catalogue_metric.highest
        assert value == catalogue_metric.of(lists(), k, background())


def test_catalogue_values_do_not_depend_on_relevance(catalogue_metric: CatalogueMetric) -> None:
    some = lists()
    irrelevant = RankedLists(some.items, csr_array(some.relevance.shape))

    assert catalogue_metric.of(some, 5, background()) == catalogue_metric.of(
        irrelevant, 5, background()
    )
