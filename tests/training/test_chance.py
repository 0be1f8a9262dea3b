import numpy as np
import pytest

from shortlist.ranking.booster import Labelled
from shortlist.ranking.ranker import RankerSettings
from shortlist.training.chance import Chance, fit_chance

RATES = {0: 0.1, 1: 0.7}
"""How often a row comes true, by its first column."""


def rows(seed: int, n: int = 1500) -> Labelled:
    generator = np.random.default_rng(seed)
    matrix = generator.random((n, 2)).astype(np.float32)
    matrix[:, 0] = generator.integers(0, 2, n)
    rate = np.where(matrix[:, 0] == 1, RATES[1], RATES[0])
    labels = (generator.random(n) < rate).astype(np.float32)
    return Labelled(matrix, labels, np.array([n]))


@pytest.fixture(scope="module")
def chance() -> Chance:
    settings = RankerSettings(trees=30, patience=10, column_share=1, leaves=4)
    return fit_chance(rows(1), rows(2), rows(3), ["telling", "noise"], settings)


@pytest.mark.parametrize("kind", [0, 1])
def test_a_row_gets_the_rate_at_which_its_like_come_true(chance: Chance, kind: int) -> None:
    unseen = rows(4).matrix
    unseen = unseen[unseen[:, 0] == kind]

    assert chance.probability(unseen).mean() == pytest.approx(RATES[kind], abs=0.05)


def test_it_is_calibrated_on_the_rows_that_are_given_for_it() -> None:
    """They come true half as often as those that were learned from."""
    rare = rows(3)
    halved = Labelled(rare.matrix, rare.labels * (np.arange(len(rare.labels)) % 2), rare.groups)
    settings = RankerSettings(trees=30, patience=10, column_share=1, leaves=4)

    chance = fit_chance(rows(1), rows(2), halved, ["telling", "noise"], settings)

    assert chance.probability(rows(4).matrix).mean() == pytest.approx(0.2, abs=0.03)
