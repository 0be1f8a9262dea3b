import numpy as np
import pytest

from shortlist.simulation import NOTHING, Visits, World
from shortlist.simulation.policy import LoggingPolicy, draw

ANYONE = Visits(np.array([0]), np.array([0]))


def test_the_first_place_is_drawn_by_weight() -> None:
    weights = np.tile([0.6, 0.3, 0.1], (5000, 1))

    lists, propensity = draw(weights, 1, np.random.default_rng(0))

    shares = np.bincount(lists[:, 0], minlength=3) / 5000
    assert shares == pytest.approx([0.6, 0.3, 0.1], abs=0.03)
    assert np.array_equal(propensity, np.take_along_axis(weights, lists, axis=1))


def test_a_later_place_has_the_weight_of_what_is_left() -> None:
    lists, propensity = draw(np.array([[0.6, 0.3, 0.1]]), 3, np.random.default_rng(0))

    weight = np.array([0.6, 0.3, 0.1])[lists[0]]
    expected = [weight[0], weight[1] / (1 - weight[0]), 1]
    assert propensity[0] == pytest.approx(expected)


def test_a_list_holds_no_item_twice() -> None:
    lists, _ = draw(np.full((200, 12), 1 / 12), 10, np.random.default_rng(0))

    assert all(len(set(each)) == 10 for each in lists.tolist())


def test_where_items_are_short_the_last_places_stay_empty() -> None:
    lists, propensity = draw(np.array([[0.5, 0.0, 0.5]]), 5, np.random.default_rng(0))

    assert sorted(lists[0, :2]) == [0, 2]
    assert lists[0, 2:].tolist() == [NOTHING] * 3
    assert propensity[0, 2:].tolist() == [1, 1, 1]


def test_clicked_items_are_shown_more_and_less_again_as_time_passes() -> None:
    state = World(users=1, items=10, shown_popular=1.0, shown_personal=0.0).begin(seed=1)
    allowed = np.ones((1, 10), bool)
    clicked = LoggingPolicy(np.zeros(10)).having_seen(np.array([4, 4, 4]))

    at_once = clicked.weights(state, ANYONE, allowed)[0, 4]
    later = clicked.next_day(half_life_days=1).weights(state, ANYONE, allowed)[0, 4]

    assert at_once == pytest.approx(4 / 13)
    assert later == pytest.approx(2.5 / 11.5)


def test_what_is_not_allowed_is_never_shown() -> None:
    state = World(users=1, items=10).begin(seed=1)
    allowed = np.arange(10)[None, :] < 4

    weights = LoggingPolicy(np.zeros(10)).weights(state, ANYONE, allowed)

    assert weights[0, 4:].tolist() == [0] * 6
    assert weights.sum() == pytest.approx(1)
