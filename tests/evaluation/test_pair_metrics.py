"""Answers worked out by hand."""

from math import isnan, log

import numpy as np
import pytest

from shortlist.core.errors import Invalid
from shortlist.evaluation.metrics.auc import Auc
from shortlist.evaluation.metrics.calibration_error import CalibrationError, equal_mass_bins
from shortlist.evaluation.metrics.log_loss import LogLoss
from shortlist.evaluation.metrics.metric import PairMetric
from shortlist.evaluation.metrics.normalised_entropy import NormalisedEntropy
from shortlist.evaluation.metrics.user_auc import UserAuc
from shortlist.evaluation.pairs import ScoredPairs

PAIRS = ScoredPairs.of([0.8, 0.6, 0.6, 0.2, 0.1], [1, 1, 0, 1, 0])


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (Auc(), (2 + 1.5 + 1) / 6),
        (Auc("against_us"), (2 + 1 + 1) / 6),
        (LogLoss(), -(log(0.8) + log(0.6) + log(0.4) + log(0.2) + log(0.9)) / 5),
        (
            NormalisedEntropy(),
            (log(0.8) + log(0.6) + log(0.4) + log(0.2) + log(0.9))
            / 5
            / (0.6 * log(0.6) + 0.4 * log(0.4)),
        ),
    ],
)
def test_the_answer_by_hand(metric: PairMetric, expected: float) -> None:
    assert metric.of(PAIRS) == pytest.approx(expected, abs=1e-12)


def test_a_constant_score_has_an_auc_of_one_half_and_of_nothing_against_us() -> None:
    constant = ScoredPairs.of([0.3] * 4, [1, 0, 0, 1])

    assert Auc().of(constant) == 0.5
    assert Auc("against_us").of(constant) == 0


def test_auc_is_undefined_for_one_class() -> None:
    assert isnan(Auc().of(ScoredPairs.of([0.1, 0.2], [1, 1])))
    assert isnan(NormalisedEntropy().of(ScoredPairs.of([0.1, 0.2], [0, 0])))


def test_per_user_auc_leaves_out_users_with_one_class_and_counts_the_rest_alike() -> None:
    pairs = ScoredPairs.of(
        [0.9, 0.1, 0.9, 0.8, 0.7, 0.2, 0.5],
        [1, 0, 0, 1, 1, 0, 1],
        users=[5, 5, 3, 3, 3, 3, 8],
    )

    assert UserAuc().of(pairs) == pytest.approx((1 + 1 / 2) / 2)


def test_per_user_auc_is_not_helped_by_knowing_who_is_active() -> None:
    pairs = ScoredPairs.of([0.9, 0.9, 0.1, 0.1], [1, 0, 1, 0], users=[0, 0, 1, 1])

    assert UserAuc().of(pairs) == 0.5


def test_a_certain_error_costs_much_and_not_infinity() -> None:
    assert LogLoss().of(ScoredPairs.of([0.0], [1])) == pytest.approx(LogLoss.highest)


def test_calibration_error_by_hand() -> None:
    pairs = ScoredPairs.of([0.1, 0.3, 0.6, 0.8], [0, 1, 1, 1])

    found = CalibrationError(bins=2).of(pairs)

    assert found == pytest.approx(0.5 * abs(0.2 - 0.5) + 0.5 * abs(0.7 - 1))


def test_equal_predictions_stay_in_one_bin_whatever_their_order() -> None:
    pairs = ScoredPairs.of([0.25] * 8, [1, 1, 0, 0, 0, 0, 0, 0])

    bins = equal_mass_bins(pairs, 4)

    assert bins.predicted.tolist() == [0.25]
    assert bins.observed.tolist() == [0.25]
    assert CalibrationError(bins=4).of(pairs) == 0


def test_bins_hold_about_equal_mass() -> None:
    generator = np.random.default_rng(0)
    pairs = ScoredPairs.of(generator.random(1000).tolist(), [1, 0] * 500)

    assert equal_mass_bins(pairs, 10).mass.tolist() == [100] * 10


@pytest.mark.parametrize("metric", [LogLoss(), NormalisedEntropy(), CalibrationError()])
def test_a_score_that_is_no_probability_is_refused(metric: PairMetric) -> None:
    with pytest.raises(Invalid, match="probability"):
        metric.of(ScoredPairs.of([1.5, 0.2], [1, 0]))


@pytest.mark.parametrize(("scores", "outcomes"), [([0.1], [1, 0]), ([], []), ([float("nan")], [1])])
def test_pairs_that_make_no_sense_are_refused(scores: list[float], outcomes: list[int]) -> None:
    with pytest.raises(Invalid):
        ScoredPairs.of(scores, outcomes)


@pytest.mark.parametrize(
    "metric", [Auc(), UserAuc(), LogLoss(), NormalisedEntropy(), CalibrationError(bins=3)]
)
def test_a_weight_of_two_is_the_same_as_standing_there_twice(metric: PairMetric) -> None:
    score = np.array([0.9, 0.4, 0.4, 0.2, 0.7, 0.3])
    outcome = np.array([True, False, True, False, False, True])
    user = np.array([0, 0, 1, 1, 2, 2], np.int32)
    weight = np.array([2.0, 2, 1, 1, 0, 0])
    twice = np.array([0, 0, 1, 1, 2, 3])

    weighted = metric.prepare(ScoredPairs(score, outcome, user))(weight)
    users = np.array([0, 9, 0, 9, 1, 1], np.int32)
    repeated = metric.of(ScoredPairs(score[twice], outcome[twice], users))

    assert weighted == pytest.approx(repeated)
