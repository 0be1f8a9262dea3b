"""Forests that begin from the order of the best source."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from shortlist.ranking.booster import Booster, Labelled, grow, grow_on
from shortlist.ranking.lead import led, ndcg
from shortlist.ranking.ranker import RankerSettings

COLUMNS = ("worse.relative", "better.relative", "telling")
SETTINGS = RankerSettings(min_rows=5, column_share=1, leaves=4, row_share=1)
PARAMETERS = {**SETTINGS.parameters("lambdarank"), "metric": "ndcg", "eval_at": [5]}


def rows(seed: int, questions: int = 150) -> Labelled:
    """Of twenty candidates four are right: by the log of the share, and the last column as well."""
    lot = np.random.default_rng(seed)
    matrix = lot.random((20 * questions, 3)).astype(np.float32)
    noise = lot.gumbel(size=len(matrix)) / 2
    worth = 2 * np.log(matrix[:, 1]) + 2 * matrix[:, 2] + noise
    fourth = np.sort(worth.reshape(questions, 20), axis=1)[:, -4]
    right = worth >= np.repeat(fourth, 20)
    return Labelled(matrix, right.astype(np.float32), np.full(questions, 20))


def found_first(booster: Booster, asked: Labelled) -> float:
    """The share of questions with a right candidate in the first place."""
    scores = booster.predict(asked.matrix).reshape(-1, 20)
    right = asked.labels.reshape(-1, 20)
    return float(np.take_along_axis(right, scores.argmax(axis=1)[:, None], 1).mean())


@pytest.fixture(scope="module")
def lead() -> Booster:
    return led_by(rows(9))


def led_by(judged: Labelled, columns: Sequence[str] = COLUMNS) -> Booster:
    found = led(columns, judged, 2)
    assert found is not None
    return found


def test_it_is_the_logarithm_of_the_share_of_the_best_source(lead: Booster) -> None:
    shares = np.linspace(0.01, 1, 500, dtype=np.float32)
    matrix = np.column_stack([np.zeros(500), shares, np.ones(500)]).astype(np.float32)

    assert lead.predict(matrix) == pytest.approx(2 * np.log(shares), abs=0.06)
    assert len(np.unique(lead.predict(matrix))) > 150


def test_it_is_led_by_another_where_that_orders_better() -> None:
    other = replace(rows(9), matrix=rows(9).matrix[:, [1, 0, 2]])

    found = led_by(other).predict(np.array([[0.1, 1, 0], [1, 0.1, 0]], np.float32))

    assert found[1] - found[0] == pytest.approx(2 * np.log(10), abs=0.06)


def test_popularity_leads_nothing_nor_what_is_hardly_better() -> None:
    popular = (COLUMNS[0], "popularity.relative", COLUMNS[2])

    assert led(popular, rows(9), 2) is None
    assert led(("popularity.relative", *COLUMNS[1:]), rows(9), 2) is not None


def test_ndcg_is_of_the_candidates_alone_and_ties_are_lost() -> None:
    """Right are the second of three, and the first and third of three others."""
    right = np.array([0, 1, 0, 1, 0, 1], np.float32)
    asked = Labelled(np.zeros((6, 1), np.float32), right, np.array([3, 3]))
    second, third = 1 / np.log2(3), 1 / np.log2(4)

    found = ndcg(np.array([3, 2, 1, 5, 4, 3], np.float32), asked)
    level = ndcg(np.zeros(6, np.float32), asked)

    assert found == pytest.approx((second + (1 + third) / (1 + second)) / 2)
    assert level == pytest.approx((third + (second + third) / (1 + second)) / 2)


def test_what_the_source_does_not_propose_is_below_all_that_it_does(lead: Booster) -> None:
    matrix = np.array([[1, 0, 1], [0, -1, 0], [0, 0.002, 0]], np.float32)

    nothing, against, little = lead.predict(matrix)

    assert nothing == against < little


def test_the_trees_that_follow_learn_what_the_source_does_not_know(lead: Booster) -> None:
    train, valid, unseen = rows(1), rows(2), rows(3, 600)

    grown = grow(PARAMETERS, train, valid, COLUMNS, trees=60, patience=60, before=lead)

    assert grown.trees > lead.trees
    assert found_first(grown, unseen) > found_first(lead, unseen) + 0.02


def test_contributions_add_up_and_it_grows_on(lead: Booster) -> None:
    grown = grow(PARAMETERS, rows(1), rows(2), COLUMNS, trees=5, patience=5, before=lead)
    unseen = rows(4, 5)

    more = grow_on(grown, PARAMETERS, rows(5), COLUMNS, trees=4)

    parts = more.contributions(unseen.matrix)
    assert parts.sum(axis=1) == pytest.approx(more.predict(unseen.matrix), abs=1e-6)
    assert more.trees == grown.trees + 4
