import numpy as np
import pytest

from shortlist.slate.boosts import boosted, relevance
from shortlist.slate.price import price
from shortlist.slate.settings import BoostSettings


@pytest.mark.parametrize(
    ("scores", "values"),
    [
        ([3, 1, -1], [1, 0.5, 0]),
        ([2, 2], [1, 1]),
        ([7], [1]),
        ([], []),
        ([3, np.nan, 1, -np.inf, np.inf], [1, 0, 0, 0, 0]),
        ([np.nan, np.nan], [1, 1]),
        ([1, np.nan], [1, 0]),
    ],
)
def test_scores_come_onto_one_scale(scores: list[float], values: list[float]) -> None:
    assert relevance(np.array(scores)).tolist() == values


def test_boosts_come_one_after_the_other() -> None:
    values = np.array([1.0, 0.5, 0.0])
    first, last = np.array([False, True, True]), np.array([False, False, True])

    found = boosted(
        values,
        [(first, BoostSettings(filter="a", factor=3)), (last, BoostSettings(filter="a", add=0.25))],
    )

    assert found.tolist() == [1, 1.5, 0.25]
    assert values.tolist() == [1, 0.5, 0]


def test_a_price_is_what_the_plain_list_has_more() -> None:
    scores = np.array([10.0, 8.0, 4.0, 0.0])

    paid = price(scores, np.array([0, 2]))

    assert paid.absolute == pytest.approx(4)
    assert paid.share == pytest.approx(4 / 18)


@pytest.mark.parametrize("shift", [-100.0, 0.0, 5.0])
def test_the_share_does_not_depend_on_where_scores_begin(shift: float) -> None:
    scores = np.array([4.0, 3.0, 1.0]) + shift

    assert price(scores, np.array([0, 2])).share == pytest.approx(0.4)


def test_the_plain_list_is_free_and_the_worst_costs_everything() -> None:
    scores = np.array([2.0, 1.0, 0.0, 0.0])

    assert price(scores, np.array([0, 1])).share == 0
    assert price(scores, np.array([3, 2])).share == 1
    assert price(scores, np.array([], np.intp)).absolute == 0
    assert price(np.array([1.0, 1.0]), np.array([1])).share == 0
