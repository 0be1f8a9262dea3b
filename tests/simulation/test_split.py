import numpy as np
import pytest

from shortlist.core.errors import Invalid, TooLittleData
from shortlist.simulation.split import split_by_time


def test_the_instants_part_the_times_in_the_shares_asked_for() -> None:
    split = split_by_time(np.arange(100)[::-1], train=0.7, validation=0.15)

    assert (split.validation, split.test) == (70, 85)


@pytest.mark.parametrize("shares", [(0.9, 0.1), (0.0, 0.5), (0.5, 0.0)])
def test_shares_that_leave_nothing_are_refused(shares: tuple[float, float]) -> None:
    with pytest.raises(Invalid, match="leave nothing"):
        split_by_time(np.arange(100), *shares)


@pytest.mark.parametrize("times", [[], [1, 2], [5] * 50])
def test_times_that_cannot_be_parted_are_refused(times: list[int]) -> None:
    with pytest.raises(TooLittleData):
        split_by_time(np.array(times, np.int64))
