import sys

import numpy as np
import pytest

from shortlist.ranking.booster import WRAPPED, Booster, Labelled, grow
from shortlist.ranking.ranker import RankerSettings

COLUMNS = ("noise", "telling", "more noise")
SETTINGS = RankerSettings(min_rows=5, column_share=1, leaves=4)


def rows(seed: int, questions: int = 200, *, wanted: str = "largest") -> Labelled:
    """Questions of ten rows; right is the one whose second column is largest (or smallest)."""
    generator = np.random.default_rng(seed)
    matrix = generator.random((questions * 10, len(COLUMNS))).astype(np.float32)
    telling = matrix[:, 1].reshape(questions, 10)
    best = telling.max(axis=1) if wanted == "largest" else telling.min(axis=1)
    labels = (telling == best[:, None]).astype(np.float32).ravel()
    return Labelled(matrix, labels, np.full(questions, 10))


def grown(valid: Labelled, *, seed: int = 0, trees: int = 60) -> Booster:
    settings = SETTINGS.model_copy(update={"seed": seed})
    parameters = {**settings.parameters("lambdarank"), "metric": "ndcg", "eval_at": [10]}
    return grow(parameters, rows(1), valid, COLUMNS, trees=trees, patience=5)


def trees_of(booster: Booster) -> int:
    return booster.text.count("\nTree=")


@pytest.fixture(scope="module")
def booster() -> Booster:
    return grown(rows(2))


def test_it_orders_questions_it_has_never_seen(booster: Booster) -> None:
    unseen = rows(3)

    best = booster.predict(unseen.matrix).reshape(-1, 10).argmax(axis=1)

    right = unseen.labels.reshape(-1, 10).argmax(axis=1)
    assert (best == right).mean() > 0.8


def test_the_column_that_tells_has_nearly_all_of_the_gain(booster: Booster) -> None:
    gains = booster.gains()

    assert gains.sum() == pytest.approx(1)
    assert gains[1] > 0.8


def test_contributions_and_base_add_up_to_the_score(booster: Booster) -> None:
    unseen = rows(3).matrix

    contributions = booster.contributions(unseen)

    assert contributions.shape == (len(unseen), len(COLUMNS) + 1)
    assert np.abs(contributions.sum(axis=1) - booster.predict(unseen)).max() < 1e-6
    assert len(np.unique(contributions[:, -1])) == 1


def test_a_row_is_scored_the_same_alone_and_among_others(booster: Booster) -> None:
    unseen = rows(3).matrix

    assert booster.predict(unseen[7:8])[0] == booster.predict(unseen)[7]


def test_no_rows_have_no_scores_and_no_contributions(booster: Booster) -> None:
    nothing = np.empty((0, len(COLUMNS)), np.float32)

    assert booster.predict(nothing).shape == (0,)
    assert booster.contributions(nothing).shape == (0, len(COLUMNS) + 1)


def test_the_text_is_the_whole_forest(booster: Booster) -> None:
    unseen = rows(3).matrix

    again = Booster(booster.text)

    assert np.array_equal(again.predict(unseen), booster.predict(unseen))


def test_the_same_rows_and_seed_grow_the_same_forest(booster: Booster) -> None:
    again, otherwise = grown(rows(2)), grown(rows(2), seed=1)

    assert again.text == booster.text
    assert not np.array_equal(otherwise.predict(rows(3).matrix), booster.predict(rows(3).matrix))


def test_growing_stops_where_validation_no_longer_improves(booster: Booster) -> None:
    contrary = grown(rows(2, wanted="smallest"))

    assert trees_of(contrary) == 1
    assert 1 < trees_of(booster) < 60


def test_there_are_never_more_trees_than_allowed() -> None:
    assert trees_of(grown(rows(2), trees=3)) <= 3


def test_what_lightgbm_would_only_wrap_can_be_imported_afterwards(booster: Booster) -> None:
    assert booster.predict(rows(3).matrix).any()

    hidden = [name for name in WRAPPED if name in sys.modules and sys.modules[name] is None]
    assert hidden == []
