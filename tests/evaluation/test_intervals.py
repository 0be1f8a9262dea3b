import numpy as np
import pytest

from shortlist.core.errors import Invalid, TooLittleData
from shortlist.evaluation.intervals import (
    difference_interval,
    mean_interval,
    mean_intervals,
    pair_interval,
    pair_intervals,
)
from shortlist.evaluation.metrics.auc import Auc
from shortlist.evaluation.metrics.log_loss import LogLoss
from shortlist.evaluation.pairs import ScoredPairs


def bounds(values: np.ndarray, seed: int = 0) -> tuple[float, float]:
    found = mean_interval(values, seed=seed)
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


def test_the_interval_is_about_two_standard_errors_wide() -> None:
    values = np.random.default_rng(1).normal(5, 2, 400)

    low, high = bounds(values)

    error = values.std() / np.sqrt(400)
    assert (high - low) / (2 * 1.96 * error) == pytest.approx(1, abs=0.08)
    assert low < values.mean() < high


def test_it_holds_the_truth_about_nineteen_times_in_twenty() -> None:
    generator = np.random.default_rng(2)
    trials = [bounds(generator.beta(0.4, 2, 80), seed) for seed in range(200)]

    held = np.mean([low <= 0.4 / 2.4 <= high for low, high in trials])

    assert 0.89 <= held <= 0.99


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(3).random(50)

    assert bounds(values, seed=7) == bounds(values, seed=7)
    assert bounds(values, seed=7) != bounds(values, seed=8)


def test_users_who_are_left_out_do_not_count() -> None:
    found = mean_interval(np.array([1.0, np.nan, 1.0]), seed=0)

    assert (found.value, found.low, found.high) == (1, 1, 1)


def test_columns_are_measured_under_the_same_draws() -> None:
    ours = np.random.default_rng(4).random(60)

    alone = mean_interval(ours, seed=5)
    together = mean_intervals([ours, ours + 1], seed=5)

    assert together[0].low == pytest.approx(alone.low)
    assert together[1].low == pytest.approx((alone.low or 0) + 1)


def test_a_paired_difference_is_surer_than_two_separate_means() -> None:
    generator = np.random.default_rng(6)
    hardness = generator.normal(0, 1, 300)
    theirs = hardness + generator.normal(0, 0.05, 300)
    ours = hardness + 0.05 + generator.normal(0, 0.05, 300)

    difference = difference_interval(ours, theirs, seed=0)

    assert difference.low is not None
    assert difference.low > 0
    assert bounds(ours)[0] < bounds(theirs)[1]


def test_nobody_to_measure_is_said() -> None:
    with pytest.raises(TooLittleData, match="period to predict is empty"):
        mean_interval(np.array([np.nan]), seed=0)


def test_many_users_are_drawn_in_blocks_and_change_nothing_but_memory() -> None:
    values = np.random.default_rng(8).random(30_000)

    found = mean_interval(values, seed=0, resamples=400)

    error = values.std() / np.sqrt(30_000)
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.4 * error)


def test_the_interval_of_an_auc_widens_when_pairs_share_users() -> None:
    generator = np.random.default_rng(9)
    ease = np.repeat(generator.normal(0, 1, 40), 50)
    outcome = generator.random(2000) < 0.5
    score = np.where(outcome, ease, -ease) + generator.normal(0, 1, 2000)
    by_user = ScoredPairs(score, outcome, np.repeat(np.arange(40, dtype=np.int32), 50))
    by_pair = ScoredPairs(score, outcome, np.arange(2000, dtype=np.int32))

    shared, separate = (pair_interval(Auc(), each, seed=0) for each in (by_user, by_pair))

    assert shared is not None
    assert separate is not None
    assert shared.value == separate.value
    assert (shared.high or 0) - (shared.low or 0) > 2 * ((separate.high or 0) - (separate.low or 0))


def test_a_metric_that_is_undefined_has_no_interval() -> None:
    one_class = ScoredPairs.of([0.2, 0.4], [1, 1], users=[0, 1])

    assert pair_interval(Auc(), one_class, seed=0) is None
    assert list(pair_intervals([Auc(), LogLoss()], {"row": one_class}, seed=0)["row"]) == [
        "log_loss"
    ]


def test_the_lists_of_one_user_are_drawn_together() -> None:
    by_user = np.random.default_rng(10).random(50)
    owners = np.repeat(np.arange(50), 20)
    repeated = np.repeat(by_user, 20)

    once = mean_interval(by_user, seed=0)
    together = mean_intervals([repeated], seed=0, owners=owners)[0]
    as_if_apart = mean_interval(repeated, seed=0)

    assert (together.value, together.low, together.high) == pytest.approx(
        (once.value, once.low, once.high)
    )
    assert (together.low or 0) < (as_if_apart.low or 0)


def test_the_mean_is_over_lists_and_a_busy_user_weighs_more() -> None:
    values = np.array([1.0, 1.0, 1.0, 0.0])

    found = mean_intervals([values], seed=0, owners=np.array([7, 7, 7, 3]))[0]

    assert (found.value, found.low, found.high) == (0.75, 0, 1)


def test_owners_of_one_list_each_change_nothing() -> None:
    values = np.random.default_rng(12).random(40)
    values[::7] = np.nan

    alone = mean_intervals([values], seed=0)[0]
    owned = mean_intervals([values], seed=0, owners=np.arange(40))[0]

    assert (owned.value, owned.low, owned.high) == pytest.approx(
        (alone.value, alone.low, alone.high)
    )


def test_every_list_needs_an_owner() -> None:
    with pytest.raises(Invalid, match="2 owners for 3 lists"):
        mean_intervals([np.ones(3)], seed=0, owners=np.array([0, 1]))
