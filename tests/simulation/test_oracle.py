import numpy as np
import polars as pl
import pytest

from shortlist.simulation.oracle import auc, limits, log_loss


def test_auc_is_the_share_of_pairs_in_the_right_order_with_ties_counting_half() -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.1])
    clicked = np.array([True, True, False, False])

    assert auc(scores, clicked) == pytest.approx(3.5 / 4)


def test_auc_of_clicks_only_is_not_a_number() -> None:
    assert np.isnan(auc(np.array([0.1, 0.2]), np.array([True, True])))


def test_log_loss_is_in_nats() -> None:
    assert log_loss(np.array([0.5, 0.5]), np.array([True, False])) == pytest.approx(np.log(2))


def test_certainty_that_is_wrong_costs_much_but_not_everything() -> None:
    assert log_loss(np.array([0.0]), np.array([True])) == pytest.approx(-np.log(1e-12))


def test_popularity_counts_only_the_clicks_before() -> None:
    truth = pl.DataFrame(
        {
            "item": ["a", "a", "b", "a"],
            "time": [1, 2, 3, 4],
            "position": [0, 0, 0, 0],
            "probability": [0.9, 0.1, 0.2, 0.8],
            "relevance": [0.9, 0.1, 0.2, 0.8],
            "clicked": [True, False, False, True],
        }
    )

    late = limits(truth, since=2)

    # before: one click on "a" at 1; so 1 not clicked, 0 not clicked, 1 clicked
    assert late.popularity_auc == pytest.approx(1.5 / 2)
    assert late.oracle_auc == 1
    assert late.position_auc == pytest.approx(0.5)
    assert late.impressions == 3
