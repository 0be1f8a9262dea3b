"""Worth and place are told apart where both are known."""

from functools import cache

import numpy as np
import pytest

from shortlist.ranking.booster import Labelled, grow
from shortlist.ranking.ranker import RankerSettings
from shortlist.training.examination import Relevance, Shown, learn_relevance

COLUMNS = ("likeness", "noise")
LOOKED_AT = np.array([1.0, 0.6, 0.4, 0.25])
SETTINGS = RankerSettings(trees=60, patience=10, leaves=4, min_rows=50, column_share=1.0)


@cache
def shown(seed: int, lists: int = 6_000) -> tuple[Shown, np.ndarray]:
    """Lists of four, most of them with what is most likely worth a click at the head; and the
    true worth of each row. An item is worth more the more it is alike."""
    generator = np.random.default_rng(seed)
    likeness = generator.standard_normal((lists, 4))
    order = np.argsort(-(likeness + generator.standard_normal(likeness.shape)), axis=1)
    likeness = np.take_along_axis(likeness, order, axis=1)
    worth = 1 / (1 + np.exp(1 - 2 * likeness))
    clicked = generator.random(worth.shape) < worth * LOOKED_AT
    matrix = np.column_stack([likeness.ravel(), generator.standard_normal(lists * 4)])
    rows = Labelled(
        matrix.astype(np.float32), clicked.ravel().astype(np.float32), np.full(lists, 4)
    )
    return Shown(rows, np.tile(np.arange(4), lists)), worth.ravel()


@cache
def learned() -> Relevance:
    return learn_relevance(shown(0)[0], shown(1)[0], COLUMNS, SETTINGS)


def test_the_curve_of_looks_is_recovered() -> None:
    assert learned().examination[0] == 1
    assert learned().examination == pytest.approx(LOOKED_AT, abs=0.05)


def test_click_rates_alone_take_the_order_for_looks() -> None:
    """What stands first is also worth more: the rates fall faster than the looks."""
    rows, places = shown(0)[0].rows, shown(0)[0].places
    rates = np.bincount(places, rows.labels) / np.bincount(places)

    assert (rates / rates[0] < LOOKED_AT - 0.05)[1:].all()


def test_what_is_learned_of_worth_is_the_truth_wherever_it_stood() -> None:
    (test, worth) = shown(2)

    found = learned().probability(test.rows.matrix)

    assert np.abs(found - worth).mean() < 0.05
    for place in range(4):
        there = test.places == place
        assert found[there].mean() == pytest.approx(worth[there].mean(), abs=0.05)


def test_without_the_correction_what_stood_low_is_held_for_worth_less() -> None:
    (train, _), (valid, _), (test, worth) = shown(0), shown(1), shown(2)
    plain = grow(
        SETTINGS.parameters("binary"), train.rows, valid.rows, COLUMNS, trees=60, patience=10
    )

    found = 1 / (1 + np.exp(-plain.predict(test.rows.matrix)))

    low = test.places == 3
    assert found[low].mean() < 0.7 * worth[low].mean()


def test_clicks_are_foreseen_at_their_places() -> None:
    test, _ = shown(2)

    found = learned().clicked(test.rows.matrix, test.places)

    for place in range(4):
        there = test.places == place
        assert found[there].mean() == pytest.approx(test.rows.labels[there].mean(), abs=0.03)


def test_a_place_beyond_those_learned_from_is_looked_at_like_the_last() -> None:
    matrix = shown(2)[0].rows.matrix[:5]

    deep, last = (learned().clicked(matrix, np.full(5, place)) for place in (40, 3))

    assert np.array_equal(deep, last)


def test_the_same_rows_teach_the_same() -> None:
    again = learn_relevance(shown(0)[0], shown(1)[0], COLUMNS, SETTINGS)

    assert again.booster.text == learned().booster.text
    assert again.examination.tolist() == learned().examination.tolist()
