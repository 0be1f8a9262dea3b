import numpy as np
import pytest

from shortlist.online.places import LEARN, Places, looks
from shortlist.online.tally import Tally

TRUE = np.array([1.0, 0.7, 0.5, 0.4, 0.35])


def clicks(number: int, seed: int) -> tuple[list[np.ndarray], list[int]]:
    """Lists whose best stand first, as far as is known, and the place that was clicked."""
    rng = np.random.default_rng(seed)
    worths, clicked = [], []
    for _ in range(number):
        worth = np.sort(rng.uniform(0.05, 0.6, len(TRUE)))[::-1]
        likely = TRUE * worth
        worths.append(worth)
        clicked.append(int(rng.choice(len(TRUE), p=likely / likely.sum())))
    return worths, clicked


def test_looks_are_told_apart_from_worth() -> None:
    found = looks(*clicks(20_000, 1))

    assert found == pytest.approx(TRUE, abs=0.04)


def test_the_first_clicks_tell_nothing_but_the_looks() -> None:
    places = Places()
    worths, clicked = clicks(LEARN, 2)

    for worth, place in zip(worths[:-1], clicked[:-1], strict=True):
        places.learn(worth, place)
    assert places.weight(0) is None

    places.learn(worths[-1], clicked[-1])
    assert places.weight(0) is not None


def test_what_stands_first_is_not_taken_for_better() -> None:
    """All items are worth the same, so no order is: what was shown first is clicked more."""
    rng = np.random.default_rng(3)
    tally, plain = Tally(per_user=10), Tally(per_user=10)
    for nth in range(8_000):
        place = int(rng.choice(len(TRUE), p=TRUE / TRUE.sum()))
        other = int(rng.permutation(len(TRUE))[place])
        scores = 1 / np.log2(2 + other), 1 / np.log2(2 + place)
        tally.add_shown(str(nth), scores, np.full(len(TRUE), 0.2), place, nth)
        plain.add(str(nth), *scores)

    assert plain.ranks.bounds(0.05).upper < 0
    bounds = tally.ranks.bounds(0.05)
    assert bounds.lower < 0 < bounds.upper
    assert bounds.mean == pytest.approx(0, abs=0.015)
