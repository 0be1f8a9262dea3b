import numpy as np
import pytest

from shortlist.online.drift import stability_index

RNG = np.random.default_rng(0)
THEN = RNG.normal(0, 1, 5_000)


def test_what_is_as_before_has_not_drifted() -> None:
    assert stability_index(THEN, RNG.normal(0, 1, 5_000)) < 0.02


@pytest.mark.parametrize("shift", [0.5, 1.0, 3.0])
def test_what_has_moved_has_drifted(shift: float) -> None:
    # Two normal distributions a shift apart: the index is at most their divergence, shift squared.
    found = stability_index(THEN, RNG.normal(shift, 1, 5_000))

    assert 0.7 * min(shift, 2) ** 2 < found < 1.1 * shift**2


def test_of_nothing_nothing_can_be_said() -> None:
    assert stability_index(THEN, np.zeros(0)) == 0
    assert stability_index(np.zeros(0), THEN) == 0


def test_a_number_that_never_changes_has_not_drifted() -> None:
    assert stability_index(np.ones(50), np.ones(70)) == pytest.approx(0, abs=0.05)
