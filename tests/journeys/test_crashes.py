"""A server that is killed at any instant: what it acknowledged is there, and there once."""

from pathlib import Path

import pytest
from tests.journeys.crashes import crashing
from tests.journeys.homes import copied
from tests.journeys.nursery import Nursery


@pytest.mark.parametrize(
    ("cycles", "promoting"),
    [
        (4, 0),
        pytest.param(140, 0, marks=pytest.mark.slow),
        pytest.param(60, 1, marks=pytest.mark.slow),
    ],
)
def test_what_was_acknowledged_outlives_any_number_of_kills(
    servers: Nursery, trained_once: Path, tmp_path: Path, cycles: int, promoting: int
) -> None:
    home = copied(trained_once, tmp_path)
    with crashing(home, servers, promoting=promoting) as crashes:
        crashes.run(cycles)

        crashes.check_told()
    assert crashes.acknowledged > 20
    assert crashes.resumed > 0
    assert sum(each.again for each in crashes.writers) > 0
