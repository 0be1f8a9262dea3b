from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shortlist.ranking.calibration import Calibration

Numbers = npt.NDArray[np.float64]

SCORED = st.lists(st.tuples(st.floats(-50, 50, width=16), st.booleans()), min_size=0, max_size=80)


def columns(pairs: list[tuple[float, bool]]) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    return np.array([score for score, _ in pairs], float), np.array([true for _, true in pairs])


def of_rates(rates: dict[float, float], each: int = 1000) -> tuple[Numbers, Numbers]:
    """Scores of which a known share came true, in an order that says nothing."""
    scores = np.repeat(list(rates), each)
    labels = np.concatenate([np.arange(each) < rate * each for rate in rates.values()])
    mixed = np.random.default_rng(0).permutation(len(scores))
    return scores[mixed], labels[mixed].astype(float)


def test_a_score_gets_the_rate_at_which_it_came_true() -> None:
    rates = {-3.0: 0.1, 0.0: 0.5, 2.0: 0.9}

    calibration = Calibration.fit(*of_rates(rates))

    assert calibration.apply(np.array([-3, 0, 2])) == pytest.approx([0.1, 0.5, 0.9], abs=0.002)


def test_between_two_scores_the_probability_lies_between_theirs() -> None:
    calibration = Calibration.fit(*of_rates({0.0: 0.2, 1.0: 0.6}))

    assert calibration.apply(np.array([0.25, 0.5])) == pytest.approx([0.3, 0.4], abs=0.002)


def test_beyond_all_scores_the_nearest_one_holds() -> None:
    calibration = Calibration.fit(*of_rates({0.0: 0.2, 1.0: 0.6}))

    assert calibration.apply(np.array([-100, 100])) == pytest.approx([0.2, 0.6], abs=0.002)


def test_scores_that_order_wrongly_are_taken_together() -> None:
    calibration = Calibration.fit(*of_rates({0.0: 0.7, 1.0: 0.3}))

    assert calibration.apply(np.array([0, 1])) == pytest.approx([0.5, 0.5], abs=0.002)


@pytest.mark.parametrize("labels", [[0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]])
def test_the_order_of_equal_scores_says_nothing(labels: list[int]) -> None:
    calibration = Calibration.fit(np.zeros(4), np.array(labels))

    rate = 1.5 / 5
    assert calibration.apply(np.zeros(1)) == pytest.approx([(1 + 2 * rate) / 6])


def test_what_never_or_always_came_true_is_neither_impossible_nor_certain() -> None:
    never = Calibration.fit(np.arange(9.0), np.zeros(9)).apply(np.array([4.0]))[0]
    always = Calibration.fit(np.arange(9.0), np.ones(9)).apply(np.array([4.0]))[0]

    assert 0 < never < 0.1
    assert 0.9 < always < 1


def test_without_any_pair_nothing_is_known() -> None:
    assert Calibration.fit(np.empty(0), np.empty(0)).apply(np.array([-1, 1])).tolist() == [0.5, 0.5]


@given(SCORED)
def test_it_rises_and_stays_between_nought_and_one(pairs: list[tuple[float, bool]]) -> None:
    calibration = Calibration.fit(*columns(pairs))

    probabilities = calibration.apply(np.linspace(-60, 60, 500))

    assert (np.diff(probabilities) >= 0).all()
    assert probabilities.min() > 0
    assert probabilities.max() < 1
    assert (np.diff(calibration.scores) > 0).all()


@given(SCORED, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(
    pairs: list[tuple[float, bool]], lot: Random
) -> None:
    shuffled = list(pairs)
    lot.shuffle(shuffled)

    ours, theirs = Calibration.fit(*columns(pairs)), Calibration.fit(*columns(shuffled))

    assert np.array_equal(ours.scores, theirs.scores)
    assert np.array_equal(ours.probabilities, theirs.probabilities)


@pytest.mark.filterwarnings("error")
def test_what_contradicts_a_line_flattens_it_and_breaks_nothing() -> None:
    """The surer the line, the less came true: as where labels are turned round."""
    line = Calibration(np.array([-3.0, 0.0, 3.0]), np.array([0.0005, 0.1, 0.95]))
    scores = np.repeat([-3.0, 0.0, 3.0], 500)
    came = np.concatenate([np.ones(450), np.zeros(50), np.ones(400), np.zeros(600)])

    moved = line.adjusted(scores, came)

    assert moved.probabilities == pytest.approx(came.mean(), abs=0.01)
    assert np.ptp(moved.probabilities) < 1e-6
