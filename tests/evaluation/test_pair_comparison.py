import numpy as np
import pytest

from shortlist.core.errors import Invalid
from shortlist.evaluation.metrics import PAIR_METRICS
from shortlist.evaluation.metrics.auc import Auc
from shortlist.evaluation.pair_comparison import calibration_curve, compare_pairs, roc_curve
from shortlist.evaluation.pairs import ScoredPairs


def pairs(n: int = 500, seed: int = 0) -> ScoredPairs:
    generator = np.random.default_rng(seed)
    probability = generator.random(n)
    outcome = np.random.default_rng(1).random(n) < 0.4
    return ScoredPairs(probability, outcome, np.arange(n, dtype=np.int32) % 25)


def test_rows_share_pairs_and_base_rate() -> None:
    found = compare_pairs(
        {"a": pairs(seed=2), "b": pairs(seed=3)}, title="t", protocol="p", seed=0, resamples=5
    )

    assert found.pairs == 500
    assert found.base_rate == pytest.approx(pairs().outcome.mean())
    assert set(found.rows[0].metrics) == set(PAIR_METRICS)


def test_scores_that_are_no_probabilities_are_measured_by_order_alone() -> None:
    scores = ScoredPairs(pairs().score * 10, pairs().outcome, pairs().user)

    found = compare_pairs({"raw": scores}, title="t", protocol="p", seed=0, resamples=5)

    assert set(found.rows[0].metrics) == {"auc", "user_auc"}
    assert found.calibration == {}
    assert list(found.roc) == ["raw"]


def test_rows_of_other_outcomes_are_refused() -> None:
    turned = ScoredPairs(pairs().score, ~pairs().outcome, pairs().user)

    with pytest.raises(Invalid, match="same pairs"):
        compare_pairs({"a": pairs(), "b": turned}, title="t", protocol="p", seed=0)


def test_the_area_under_the_roc_curve_is_the_auc() -> None:
    curve = roc_curve(pairs(), points=10_000)

    x, y = np.array(curve.x), np.array(curve.y)
    area = float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))
    assert area == pytest.approx(Auc().of(pairs()), abs=1e-12)


def test_a_roc_curve_is_thinned_and_keeps_its_ends() -> None:
    curve = roc_curve(pairs(), points=20)

    assert len(curve.x) == 20
    assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)


def test_a_calibrated_prediction_lies_on_the_diagonal() -> None:
    generator = np.random.default_rng(4)
    probability = generator.random(40_000)
    honest = ScoredPairs(
        probability, generator.random(40_000) < probability, np.zeros(40_000, np.int32)
    )

    curve = calibration_curve(honest, bins=10)

    np.testing.assert_allclose(curve.x, curve.y, atol=0.03)
