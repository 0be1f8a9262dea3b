"""A server that is killed at any instant: what it acknowledged is there, and there once."""

from pathlib import Path

import pytest
from tests.journeys.crashes import crashing
from tests.journeys.homes import copied
from tests.journeys.nursery import Nursery


@pytest.mark.parametrize(
    ("cycles", "promoting", "refreshing"),
    [
        (4, 0, 0),
        pytest.param(100, 0, 0, marks=pytest.mark.slow),
        pytest.param(50, 1, 0, marks=pytest.mark.slow),
        pytest.param(50, 0, 1, marks=[pytest.mark.slow, pytest.mark.timeout(1_800)]),
    ],
)
def test_what_was_acknowledged_outlives_any_number_of_kills(
    servers: Nursery,
    trained_once: Path,
    tmp_path: Path,
    cycles: int,
    promoting: int,
    refreshing: int,
) -> None:
    home = copied(trained_once, tmp_path)
    with crashing(home, servers, promoting=promoting, refreshing=refreshing) as crashes:
        crashes.run(cycles)

        crashes.check_told()
        bundles = crashes.bundles()
    assert crashes.acknowledged > 20
    assert crashes.resumed > 0
    assert bundles > 0
    assert not refreshing or crashes.killed_learning > 0
    assert sum(each.again for each in crashes.writers) > 0
