import numpy as np
import pytest

from shortlist.core.inequality import gini, share_of_top


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [([3, 3, 3, 3], 0.0), ([0, 0, 0, 2], 0.75), ([1, 3], 0.25), ([2, 0, 0, 2], 0.5)],
)
def test_gini_is_0_for_equals_and_grows_towards_1(amounts: list[int], expected: float) -> None:
    assert gini(np.array(amounts)) == pytest.approx(expected)


@pytest.mark.parametrize(("share", "expected"), [(0.01, 0.6), (0.25, 0.6), (0.26, 0.8), (1.0, 1.0)])
def test_the_top_has_at_least_one_member(share: float, expected: float) -> None:
    assert share_of_top(np.array([1, 6, 2, 1]), share) == pytest.approx(expected)


def test_of_nothing_nothing_is_known() -> None:
    assert np.isnan(gini(np.zeros(3, int)))
    assert np.isnan(share_of_top(np.zeros(3, int), 0.1))
