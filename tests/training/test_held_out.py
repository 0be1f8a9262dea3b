"""The figures of a bundle, against the same sums done by hand."""

import numpy as np
import pytest
from tests.datasets.camps import two_camps
from tests.training.tribes import SMALL, tribes

from shortlist.core.candidates import Query
from shortlist.core.pool import Pool
from shortlist.training.held_out import Listed, _mean_ndcg
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


def test_within_lists_each_order_is_measured_by_what_was_taken_of_them() -> None:
    own = lesson(0, 1, 0)
    last, first, middle = np.array([3.0, 1.0, 2.0]), np.array([1.0, 3.0, 2.0]), np.array([3, 2, 1])

    found = Listed([], [own], [first], [middle]).metrics([])
    other = Listed([], [own], [last], [middle]).metrics(["popularity"])

    assert found == {
        "ndcg@10 in lists shown": 1,
        "as shown ndcg@10 in lists shown": pytest.approx(1 / np.log2(3)),
    }
    assert other["ndcg@10 in lists shown"] == pytest.approx(0.5)
    assert other["popularity ndcg@10 in lists shown"] == pytest.approx(0.5)


def test_who_learned_from_lists_shown_is_measured_within_them_first() -> None:
    recipe = SMALL.model_copy(update={"sources": {**SMALL.sources, "mixed_effects": {}}})

    metrics = train(two_camps(), recipe).metrics

    assert [*metrics][:3] == [
        "ndcg@10 in lists shown",
        "popularity ndcg@10 in lists shown",
        "as shown ndcg@10 in lists shown",
    ]
    assert metrics["ndcg@10 in lists shown"] > metrics["popularity ndcg@10 in lists shown"]
    assert metrics["ndcg@10 in lists shown"] > metrics["as shown ndcg@10 in lists shown"]


def test_where_nothing_was_shown_nothing_is_said_of_lists() -> None:
    assert [*train(tribes(), SMALL).metrics] == ["ndcg@10", "popularity ndcg@10"]
