import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from shortlist.core.errors import Invalid
from shortlist.evaluation.honest_ranking import rank_against_us
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import LIST_METRICS
from shortlist.evaluation.metrics.metric import ListMetric


def one(*gains: float) -> csr_array:
    return csr_array(np.array([gains], float))


def test_the_best_score_comes_first() -> None:
    found = rank_against_us(np.array([[0.1, 0.9, 0.5]]), one(1, 0, 0), limit=2)

    assert found.tolist() == [[1, 2]]


def test_of_equal_scores_the_relevant_come_last_and_the_most_relevant_at_the_very_end() -> None:
    found = rank_against_us(np.array([[7.0, 7.0, 7.0, 7.0]]), one(5, 0, 1, 0), limit=4)

    assert found.tolist() == [[1, 3, 2, 0]]


def test_a_tie_across_the_cut_is_against_us_too() -> None:
    found = rank_against_us(np.array([[9.0, 1.0, 1.0, 1.0]]), one(0, 1, 1, 0), limit=2)

    assert found.tolist() == [[0, 3]]


def test_excluded_items_and_items_without_a_score_are_not_ranked() -> None:
    scores = np.array([[3.0, 2.0, np.nan, -np.inf, 1.0]])

    found = rank_against_us(scores, one(0, 0, 1, 1, 0), limit=5, excluded=one(1, 0, 0, 0, 0))

    assert found.tolist() == [[1, 4, -1, -1, -1]]


def test_every_user_has_relevance_of_their_own() -> None:
    relevance = csr_array(np.array([[1.0, 0.0], [0.0, 1.0]]))

    found = rank_against_us(np.zeros((2, 2)), relevance, limit=2)

    assert found.tolist() == [[1, 0], [0, 1]]


def test_scores_are_left_as_they_were() -> None:
    scores = np.array([[3.0, 2.0]])

    rank_against_us(scores, one(1, 0), limit=1, excluded=one(1, 0))

    assert scores.tolist() == [[3.0, 2.0]]


def test_scores_of_another_shape_are_refused() -> None:
    with pytest.raises(Invalid, match="shape"):
        rank_against_us(np.zeros((1, 3)), one(1, 0), limit=1)


@pytest.mark.parametrize("metric", LIST_METRICS.values(), ids=list(LIST_METRICS))
def test_a_constant_scorer_gets_nothing(metric: ListMetric) -> None:
    relevance = csr_array(np.eye(30, 100))

    lists = RankedLists(rank_against_us(np.ones((30, 100)), relevance, limit=20), relevance)

    assert metric.per_user(lists, 20).max() == 0


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.integers(1, 14), st.data())
def test_it_is_the_sort_it_says_it_is(scores: list[int], limit: int, data: st.DataObject) -> None:
    n = len(scores)
    gains = data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))

    found = rank_against_us(np.array([scores], float), one(*gains), limit=limit)

    expected = sorted(range(n), key=lambda item: (-scores[item], gains[item], item))[:limit]
    assert found[0, : len(expected)].tolist() == expected
    assert (found[0, len(expected) :] == -1).all()
