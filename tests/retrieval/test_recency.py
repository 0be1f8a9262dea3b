import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, after

from shortlist.core.candidates import Query
from shortlist.retrieval.recency import (
    OLDEST,
    fading,
    half_life_array,
    half_life_from,
    recency_for,
    recent,
)


def test_the_last_event_counts_in_full_and_one_a_half_life_back_half() -> None:
    weights = fading(after(ALIEN, ALIENS, AMELIE), half_life=2)

    assert weights.tolist() == pytest.approx([0.5, 0.5**0.5, 1])
    assert weights.dtype == np.float32


def test_without_a_half_life_all_events_count_alike() -> None:
    assert fading(after(ALIEN, ALIENS, disliked=(AMELIE,)), half_life=None).tolist() == [1, 1, -1]


def test_a_dislike_counts_against() -> None:
    assert fading(after(ALIEN, disliked=(AMELIE,)), half_life=1).tolist() == [0.5, -1]


def test_how_much_an_event_weighs_is_left_to_the_ranker() -> None:
    query = Query(
        history=np.array([ALIEN, ALIENS], np.int32), weights=np.array([3, 0.2], np.float32)
    )

    assert fading(query, half_life=None).tolist() == [1, 1]


def test_what_is_over_ten_half_lives_back_counts_nothing() -> None:
    weights = fading(after(*[ALIEN] * 50), half_life=2)

    edge = 49 - OLDEST * 2
    assert weights[edge] == pytest.approx(2.0**-OLDEST)
    assert not weights[:edge].any()


def test_the_events_that_count_are_those_the_weights_end_in() -> None:
    query = after(*[ALIEN, AMELIE] * 25, disliked=(ALIENS,))

    for half_life in (2, 7, None):
        items, weights = recent(query, half_life)

        whole = fading(query, half_life)
        assert np.array_equal(weights, whole[whole != 0])
        assert np.array_equal(items, query.history[whole != 0])
        assert weights.dtype == np.float32


def test_an_empty_history_has_no_weights() -> None:
    assert fading(Query(), half_life=3).shape == (0,)
    assert fading(Query(), half_life=None).shape == (0,)


@pytest.mark.parametrize("half_life", [None, 0.5, 10.0])
def test_a_half_life_survives_being_stored(half_life: float | None) -> None:
    assert half_life_from(half_life_array(half_life)) == half_life


def test_a_log_without_times_has_no_recency() -> None:
    assert recency_for(5.0, timed=True) == 5.0
    assert recency_for(5.0, timed=False) is None
