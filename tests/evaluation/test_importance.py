"""Importance, where it is known by construction which column decides."""

import numpy as np
import pytest

from shortlist.evaluation.importance import Asked, Contributions, shuffling_losses
from shortlist.ranking.booster import Booster, Labelled, grow

QUESTIONS, CANDIDATES = 40, 12
TELLING, IDLE = 0, 1


@pytest.fixture(scope="module")
def asked() -> Asked:
    """The first column alone says which of a question's candidates is the answer."""
    lot = np.random.default_rng(3)
    matrix = lot.random((QUESTIONS * CANDIDATES, 2)).astype(np.float32)
    first = matrix[:, TELLING].reshape(QUESTIONS, CANDIDATES)
    right = (first == first.max(axis=1, keepdims=True)).ravel()
    matrix[right, TELLING] += 1
    return Asked(
        matrix=matrix,
        right=right,
        groups=np.full(QUESTIONS, CANDIDATES),
        answers=np.ones(QUESTIONS, np.int64),
        owners=np.arange(QUESTIONS) // 2,
    )


@pytest.fixture(scope="module")
def booster(asked: Asked) -> Booster:
    """A forest that can look at the first column alone."""
    rows = Labelled(
        asked.matrix * np.array([[1, 0]], np.float32), asked.right.astype(np.float32), asked.groups
    )
    settings = {"objective": "lambdarank", "min_data_in_leaf": 5, "verbose": -1, "seed": 0}
    return grow(settings, rows, rows, ["telling", "idle"], trees=5, patience=5)


def test_a_perfect_order_is_worth_one(asked: Asked) -> None:
    assert np.allclose(asked.ndcg(asked.matrix[:, TELLING].astype(np.float64)), 1.0)


def test_equal_scores_put_the_answer_last(asked: Asked) -> None:
    assert not asked.ndcg(np.zeros(len(asked.matrix))).any()


def test_shuffling_a_column_that_is_not_used_costs_nothing(asked: Asked, booster: Booster) -> None:
    idle = shuffling_losses(booster, asked, seed=0)[IDLE]

    assert (idle.low, idle.value, idle.high) == (0.0, 0.0, 0.0)


def test_shuffling_the_column_that_decides_costs_much(asked: Asked, booster: Booster) -> None:
    telling = shuffling_losses(booster, asked, seed=0)[TELLING]

    assert (telling.low or 0.0) > 0.2


def test_the_change_of_a_score_is_that_of_scoring_again(asked: Asked, booster: Booster) -> None:
    values = asked.matrix[::-1, TELLING].copy()
    other = asked.matrix.copy()
    other[:, TELLING] = values

    found = booster.change(asked.matrix, TELLING, values)

    assert np.allclose(found, booster.predict(other) - booster.predict(asked.matrix))


def test_a_column_that_is_not_used_adds_nothing(asked: Asked, booster: Booster) -> None:
    shown = Contributions.of(booster, asked.matrix)

    assert shown.sizes[IDLE] == 0 < shown.sizes[TELLING]
    assert shown.direction(IDLE) is None


def test_a_column_points_to_where_its_larger_values_bring_a_score() -> None:
    values = np.arange(20, dtype=np.float32)
    shown = Contributions(np.stack([values, values], axis=1), np.stack([values**2, -values], 1))

    assert shown.direction(0) == pytest.approx(1)
    assert shown.direction(1) == pytest.approx(-1)
