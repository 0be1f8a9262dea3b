"""Forests that begin from what a column says."""

import numpy as np
import pytest

from shortlist.ranking.booster import Booster, Labelled, grow, grow_on
from shortlist.ranking.ranker import RankerSettings
from shortlist.ranking.start import Start

COLUMNS = ("chance", "telling", "noise")
SETTINGS = RankerSettings(min_rows=5, column_share=1, leaves=4, row_share=1)


def rows(seed: int, number: int = 3000) -> Labelled:
    """The truth is what the first column says, and half of the second in log-odds beyond that."""
    lot = np.random.default_rng(seed)
    matrix = lot.random((number, 3)).astype(np.float32)
    matrix[:, 0] = np.clip(matrix[:, 0], 0.05, 0.95)
    logit = np.log(matrix[:, 0] / (1 - matrix[:, 0])) + 4 * (matrix[:, 1] - 0.5)
    taken = lot.random(number) < 1 / (1 + np.exp(-logit))
    return Labelled(matrix, taken.astype(np.float32), np.full(number // 10, 10))


def grown(trees: int = 60) -> Booster:
    taught = rows(1)
    parameters = SETTINGS.parameters("binary")
    return grow(
        parameters,
        taught,
        rows(2),
        COLUMNS,
        trees=trees,
        patience=10,
        start=Start.of(0, taught.matrix),
    )


def loss(scores: np.ndarray, truth: Labelled) -> float:
    sign = np.where(truth.labels > 0, -1, 1)
    return float(np.logaddexp(0, sign * scores).mean())


@pytest.fixture(scope="module")
def booster() -> Booster:
    return grown()


def test_the_trees_learn_what_the_start_does_not_know(booster: Booster) -> None:
    unseen = rows(3)
    assert booster.start is not None

    begun = booster.start.log_odds(unseen.matrix)

    assert loss(booster.predict(unseen.matrix), unseen) < loss(begun, unseen) - 0.05
    assert booster.gains().argmax() == 1


def test_it_has_as_little_to_learn_as_one_tree_shows(booster: Booster) -> None:
    """Without the start, a single tree cannot order by the first column."""
    one, unseen = grown(trees=1), rows(3)

    assert loss(one.predict(unseen.matrix), unseen) < 0.67
    assert len(np.unique(one.predict(unseen.matrix))) > 1000


def test_contributions_add_up_to_the_score(booster: Booster) -> None:
    unseen = rows(4, 50)

    parts = booster.contributions(unseen.matrix)

    assert parts.sum(axis=1) == pytest.approx(booster.predict(unseen.matrix), abs=1e-9)
    usual = parts[:, 0][np.abs(unseen.matrix[:, 0] - 0.5) < 0.05]
    assert np.abs(usual).max() < np.abs(parts[:, 0]).max() / 3


@pytest.mark.parametrize("number", [2, 40])
def test_another_value_where_it_starts_changes_the_score(booster: Booster, number: int) -> None:
    matrix = rows(5, 40).matrix[:number]
    values = np.full(number, 0.9, np.float32)
    other = matrix.copy()
    other[:, 0] = values

    found = booster.change(matrix, 0, values)

    assert found == pytest.approx(booster.predict(other) - booster.predict(matrix), abs=1e-9)
    assert np.abs(found).max() > 0.1


def test_what_nobody_knows_starts_as_usual() -> None:
    start = Start.of(0, np.array([[0.5], [0.8], [0.0]], np.float32))

    found = start.log_odds(np.array([[0.0], [0.5], [1.0]], np.float32))

    assert start.usual == pytest.approx(np.log(4) / 2, rel=1e-4)
    assert found[0] == start.usual
    assert found[1] == pytest.approx(0, abs=1e-6)
    assert np.isfinite(found).all()


def test_where_nothing_is_known_all_start_at_nothing() -> None:
    assert Start.of(0, np.zeros((3, 1), np.float32)).usual == 0


def test_it_grows_on_from_where_it_is(booster: Booster) -> None:
    few = grown(trees=5)

    more = grow_on(few, SETTINGS.parameters("binary"), rows(6), COLUMNS, trees=20)

    unseen = rows(7)
    assert more.trees == few.trees + 20
    assert more.start == few.start
    assert loss(more.predict(unseen.matrix), unseen) < loss(few.predict(unseen.matrix), unseen)


def test_growing_on_keeps_the_trees_that_are_there() -> None:
    few = grown(trees=5)

    more = grow_on(few, SETTINGS.parameters("binary"), rows(1), COLUMNS, trees=1)

    apart = more.predict(rows(8).matrix) - few.predict(rows(8).matrix)
    assert len(np.unique(np.round(apart, 9))) <= SETTINGS.leaves
