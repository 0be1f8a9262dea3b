"""A score as steps that add up."""

import pytest

from shortlist.serving.answers import Reason, Why
from shortlist.web.shop.waterfall import MOST, waterfall


def why(base: float, *amounts: float) -> Why:
    return Why("", base, [Reason(f"c{n}", "", 1.0, each) for n, each in enumerate(amounts)], ())


def test_each_step_begins_where_the_one_before_it_ended() -> None:
    found = waterfall(why(-1.0, 2.0, -0.5))

    assert [(each.before, each.after) for each in found.steps] == [(-1, 1), (1, 0.5)]
    assert found.score == 0.5


def test_small_ones_are_one_step_together() -> None:
    found = waterfall(why(0.0, *[1.0] * MOST, 0.25, 0.25, -0.1))

    assert len(found.steps) == MOST + 1
    assert found.steps[-1].amount == pytest.approx(0.4)
    assert found.steps[-1].meaning == "3 smaller ones together"
    assert found.score == pytest.approx(MOST + 0.4)


def test_bars_lie_within_the_width_of_all() -> None:
    found = waterfall(why(-2.0, 3.0, -0.5, 1.5))

    assert found.zero == pytest.approx(50)
    for each in found.steps:
        assert each.left >= 0
        assert each.left + each.width <= 100.7
    assert found.steps[0].left == 0
    assert found.steps[0].width == pytest.approx(75)


def test_a_score_of_nothing_is_drawn_too() -> None:
    assert waterfall(why(0.0)).score == 0
