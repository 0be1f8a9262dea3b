import numpy as np
import pytest

from shortlist.core.candidates import Candidates, Query

ALIEN, ALIENS, AMELIE, PADDINGTON = range(4)


def scored(*scores: float) -> np.ndarray:
    return np.array(scores, np.float32)


def test_a_query_of_items_alone_counts_each_once_at_no_known_time() -> None:
    query = Query(history=np.array([ALIEN, AMELIE], np.int32))

    assert query.weights.tolist() == [1, 1]
    assert np.isnan(query.values).all()
    assert query.times.tolist() == [0, 0]
    assert query.weights.dtype == np.float32
    assert query.times.dtype == np.int64


def test_a_query_of_nothing_has_no_columns_to_fill() -> None:
    query = Query()

    assert [len(query.history), len(query.weights), len(query.values), len(query.times)] == [0] * 4
    assert query.user == -1


def test_columns_of_another_length_than_the_history_are_refused() -> None:
    with pytest.raises(ValueError, match=r"query\.weights has 1 entries for 2"):
        Query(history=np.array([ALIEN, AMELIE], np.int32), weights=scored(1))


def test_the_best_come_first_with_their_scores() -> None:
    found = Candidates.best(scored(0.5, 2, 0.25, 1), 3)

    assert found.items.tolist() == [ALIENS, PADDINGTON, ALIEN]
    assert found.scores.tolist() == [2, 1, 0.5]
    assert len(found) == 3


def test_ties_go_to_the_smaller_index_also_across_the_limit() -> None:
    found = Candidates.best(scored(1, 2, 1, 1), 3)

    assert found.items.tolist() == [ALIENS, ALIEN, AMELIE]


def test_a_source_that_says_nothing_of_an_item_does_not_propose_it() -> None:
    found = Candidates.best(scored(0, -1, np.nan, 3), 4)

    assert found.items.tolist() == [PADDINGTON]


def test_what_is_excluded_is_not_proposed_and_the_scores_stay_as_they_were() -> None:
    scores = scored(4, 3, 2, 1)

    found = Candidates.best(scores, 2, without=np.array([ALIEN, AMELIE], np.int32))

    assert found.items.tolist() == [ALIENS, PADDINGTON]
    assert scores.tolist() == [4, 3, 2, 1]
