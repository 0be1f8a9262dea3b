"""The figures of a bundle, against the same sums done by hand."""

import numpy as np
import pytest
from tests.training.tribes import SMALL, tribes

from shortlist.core.candidates import Query
from shortlist.core.pool import Pool
from shortlist.training.held_out import _mean_ndcg
from shortlist.training.rows import Lesson
from shortlist.training.train import train


def lesson(*gains: float) -> Lesson:
    n = len(gains)
    one = np.zeros((1, n), np.float32)
    pool = Pool(np.arange(n, dtype=np.int32), one, one[:, 0], one, quota=n)
    return Lesson(Query(), pool, np.array(gains, np.float32))


def test_the_answer_in_second_place_is_worth_its_discount() -> None:
    found = _mean_ndcg([np.array([3.0, 2.0, 1.0])], [lesson(0, 1, 0)], [1])

    assert found == pytest.approx(1 / np.log2(3))


def test_an_answer_that_was_no_candidate_is_missed() -> None:
    found = _mean_ndcg([np.array([3.0, 2.0])], [lesson(1, 0)], [2])

    assert found == pytest.approx(1 / (1 + 1 / np.log2(3)))


def test_equal_scores_put_the_answer_last() -> None:
    level = np.zeros(3)

    assert _mean_ndcg([level], [lesson(1, 0, 0)], [1]) == pytest.approx(0.5)


def test_a_model_that_knows_the_tribes_beats_popularity_and_says_so() -> None:
    metrics = train(tribes(), SMALL).metrics

    assert 0 <= metrics["popularity ndcg@10"] < metrics["ndcg@10"] <= 1
