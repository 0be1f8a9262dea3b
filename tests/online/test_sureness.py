"""How sure a model may be, where the truth is known."""

import numpy as np
import pytest

from shortlist.online.sureness import LEARN, Sureness, scale_of

RIGHT = 2


def lists(number: int, scale: float, seed: int = 0) -> list[tuple[np.ndarray, int]]:
    """Scores of ten items each, and one chosen by their log-odds times a scale."""
    lot = np.random.default_rng(seed)
    found = []
    for _ in range(number):
        scores = lot.normal(size=10)
        chance = np.exp(scale * scores)
        found.append((scores, int(lot.choice(10, p=chance / chance.sum()))))
    return found


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_the_scale_is_that_by_which_things_were_chosen(scale: float) -> None:
    gaps = [scores - scores[right] for scores, right in lists(4_000, scale)]

    assert scale_of(gaps) == pytest.approx(scale, rel=0.1)


def test_lists_may_have_different_lengths() -> None:
    short, long = np.array([0.0, -1.0]), np.array([0.0, 0.5, -0.5])

    assert scale_of([short, long] * 50) > 0


def test_nothing_is_foretold_before_the_scale_is_known() -> None:
    sureness = Sureness()
    for scores, right in lists(LEARN - 1, 1.0):
        sureness.learn(scores, right)

    assert sureness.foretold(np.zeros(4), RIGHT) is None
    sureness.learn(np.zeros(4), RIGHT)
    assert sureness.foretold(np.zeros(4), RIGHT) == pytest.approx(-np.log(4))


def test_who_is_surer_of_the_same_order_foretells_the_same() -> None:
    plain, sure = Sureness(), Sureness()
    for scores, right in lists(10 * LEARN, 1.0):
        plain.learn(scores, right)
        sure.learn(3 * scores, right)

    scores = np.array([0.2, 1.0, -0.4])

    assert sure.foretold(3 * scores, RIGHT) == pytest.approx(
        plain.foretold(scores, RIGHT), abs=0.02
    )
