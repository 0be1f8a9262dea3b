import numpy as np
import pytest

from shortlist.ranking.booster import Booster, Labelled, grow
from shortlist.ranking.forest import BLOCK, Forest
from shortlist.ranking.ranker import RankerSettings

COLUMNS = ("even", "coarse", "skewed", "rare")


def matrix(rows: int, seed: int = 0) -> np.ndarray:
    """Columns of several shapes, with values that stand exactly on thresholds."""
    lot = np.random.default_rng(seed)
    columns = (
        lot.random(rows),
        lot.integers(-3, 4, rows),
        np.exp(4 * lot.standard_normal(rows)),
        np.where(lot.random(rows) < 0.9, 0, lot.standard_normal(rows)),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def grown(leaves: int, *, trees: int = 12, missing: bool = False) -> Booster:
    rows = matrix(4000)
    labels = np.sin(9 * rows[:, 0]) + rows[:, 1] * rows[:, 3] + np.log(rows[:, 2])
    if missing:
        rows[::7, 2] = np.nan
    data = Labelled(rows, labels.astype(np.float32), np.array([len(rows)]))
    settings = RankerSettings(leaves=leaves, min_rows=5, column_share=1, row_share=1)
    parameters = settings.parameters("regression")
    return grow(parameters, data, data, COLUMNS, trees=trees, patience=trees)


def by_lightgbm(booster: Booster, rows: np.ndarray) -> np.ndarray:
    """One row after another: so few are never scored by tables."""
    return np.concatenate([booster.predict(row[None, :]) for row in rows])


@pytest.fixture(scope="module")
def booster() -> Booster:
    return grown(15)


@pytest.mark.parametrize("leaves", [2, 7, 8, 9, 15, 16, 17, 32, 63, 64])
def test_the_scores_are_those_of_lightgbm_to_the_bit(leaves: int) -> None:
    booster, rows = grown(leaves), matrix(300, seed=1)

    forest = Forest.of(booster.text)

    assert forest is not None
    assert len(forest.values) == leaves * len(forest.first)
    assert np.array_equal(forest.predict(rows), by_lightgbm(booster, rows))


@pytest.mark.parametrize(
    "rows",
    [*(2, 3, 4, 8, 9, 16, 17, 32, 33, 64, 65), BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5],
)
def test_a_row_has_one_score_among_however_many(booster: Booster, rows: int) -> None:
    asked = matrix(rows, seed=2)
    forest = Forest.of(booster.text)

    assert forest is not None
    assert np.array_equal(forest.predict(asked), by_lightgbm(booster, asked))


def test_a_value_on_a_threshold_and_its_neighbours_go_where_lightgbm_sends_them(
    booster: Booster,
) -> None:
    forest = Forest.of(booster.text)
    assert forest is not None
    rows = matrix(len(forest.thresholds), seed=3)
    places = np.arange(len(rows))
    for toward in (0, -np.inf, np.inf):
        on = forest.thresholds[:, 0]
        rows[places, forest.columns] = np.nextafter(on, np.float32(toward)) if toward else on

        assert np.array_equal(forest.predict(rows), by_lightgbm(booster, rows))


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 1e-38, -1e-38])
def test_odd_numbers_go_where_lightgbm_sends_them(booster: Booster, odd: float) -> None:
    rows = matrix(40, seed=4)
    rows[np.arange(40), np.arange(40) % 4] = odd
    forest = Forest.of(booster.text)

    assert forest is not None
    assert np.array_equal(forest.predict(rows), by_lightgbm(booster, rows))


def test_what_other_values_of_a_column_change_is_the_difference_of_the_scores(
    booster: Booster,
) -> None:
    rows, forest = matrix(150, seed=7), Forest.of(booster.text)
    assert forest is not None
    other = rows.copy()
    other[:, 2] = other[::-1, 2]

    gained = forest.change(rows, 2, other[:, 2])

    assert gained.any()
    assert np.allclose(gained, forest.predict(other) - forest.predict(rows), atol=1e-12)


def test_rows_are_scored_the_same_whichever_way_they_lie_in_memory(booster: Booster) -> None:
    rows = matrix(100, seed=5)

    assert np.array_equal(booster.predict(np.asfortranarray(rows)), booster.predict(rows))


def test_a_tree_that_is_one_leaf_is_a_number() -> None:
    rows = Labelled(matrix(50), np.ones(50, np.float32), np.array([50]))
    parameters = RankerSettings().parameters("regression")
    stump = grow(parameters, rows, rows, COLUMNS, trees=1, patience=1)

    forest = Forest.of(stump.text)

    assert forest is not None
    assert np.array_equal(forest.predict(rows.matrix), by_lightgbm(stump, rows.matrix))


def test_trees_with_more_leaves_than_there_are_bits_are_left_to_lightgbm() -> None:
    booster, rows = grown(65), matrix(20, seed=6)

    assert Forest.of(booster.text) is None
    assert np.array_equal(booster.predict(rows), by_lightgbm(booster, rows))


def test_trees_that_know_missing_values_are_left_to_lightgbm() -> None:
    booster, rows = grown(15, missing=True), matrix(20, seed=6)
    rows[::3, 2] = np.nan

    assert Forest.of(booster.text) is None
    assert np.array_equal(booster.predict(rows), by_lightgbm(booster, rows))


@pytest.mark.parametrize("name", ["threshold", "leaf_value", "left_child", "decision_type"])
def test_a_text_that_is_not_as_expected_is_left_to_lightgbm(booster: Booster, name: str) -> None:
    assert Forest.of(booster.text.replace(f"\n{name}=", f"\n{name}s=")) is None
    assert Forest.of("") is None
