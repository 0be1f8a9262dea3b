import numpy as np
import pytest
from scipy.sparse import csr_array

from shortlist.core.errors import Invalid
from shortlist.evaluation.lists import RankedLists

ALIEN, ALIENS, AMELIE, PADDINGTON = range(4)


def test_gains_stand_where_relevant_items_do() -> None:
    lists = RankedLists.of(
        [[AMELIE, ALIEN], [PADDINGTON]], [{ALIEN: 4, ALIENS: 5}, {PADDINGTON: 2}], items=4
    )

    assert lists.gains.tolist() == [[0, 4], [2, 0]]
    assert lists.n_relevant.tolist() == [2, 1]


def test_found_marks_the_relevant_items_within_the_cut() -> None:
    lists = RankedLists.of([[ALIENS, AMELIE, ALIEN]], [[ALIEN, ALIENS, PADDINGTON]], items=4)

    assert lists.found(1).tolist() == [False, True, False]
    assert lists.found(3).tolist() == [True, True, False]


def test_relevance_may_be_given_in_any_order_and_more_than_once() -> None:
    tangled = csr_array(
        (np.array([1.0, 2.0, 3.0, 0.0]), np.array([3, 0, 3, 1]), np.array([0, 4])), shape=(1, 4)
    )

    lists = RankedLists(np.array([[PADDINGTON, ALIENS, ALIEN]], np.int32), tangled)

    assert lists.gains.tolist() == [[4, 0, 2]]
    assert lists.n_relevant.tolist() == [2]


def test_nothing_relevant_to_anybody_gives_no_gains() -> None:
    lists = RankedLists.of([[ALIEN]], [[]], items=4)

    assert lists.gains.tolist() == [[0]]
    assert lists.found(1).tolist() == []


@pytest.mark.parametrize(
    ("ranked", "complaint"),
    [
        ([[ALIEN, ALIEN]], "twice"),
        ([[-1, ALIEN]], "after its end"),
        ([[4]], "outside"),
        ([[-2]], "outside"),
        ([[ALIEN], [ALIEN]], "1 users"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(ranked: list[list[int]], complaint: str) -> None:
    relevance = csr_array(np.array([[1.0, 0, 0, 0]]))

    with pytest.raises(Invalid, match=complaint):
        RankedLists(np.array(ranked, np.int32), relevance)


@pytest.mark.parametrize("gain", [-1.0, np.nan, np.inf])
def test_a_gain_that_is_no_gain_is_refused(gain: float) -> None:
    with pytest.raises(Invalid, match="gains"):
        RankedLists.of([[ALIEN]], [{ALIEN: gain}], items=4)
