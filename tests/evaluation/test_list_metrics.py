"""Answers worked out by hand."""

from math import log2

import numpy as np
import pytest

from shortlist.core.errors import Invalid
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics.average_precision import AveragePrecision
from shortlist.evaluation.metrics.hit_rate import HitRate
from shortlist.evaluation.metrics.metric import ListMetric
from shortlist.evaluation.metrics.mrr import ReciprocalRank
from shortlist.evaluation.metrics.ndcg import Ndcg
from shortlist.evaluation.metrics.precision import Precision
from shortlist.evaluation.metrics.recall import Recall

# Of items 0, 1, 2 (relevant; gains 3, 1, 2) the list holds item 1 second and item 0 fourth.
LIST = RankedLists.of([[7, 1, 8, 0, 9]], [{0: 3, 1: 1, 2: 2}], items=10)


def value(metric: ListMetric, k: int, lists: RankedLists = LIST) -> float:
    return float(metric.per_user(lists, k)[0])


@pytest.mark.parametrize(
    ("metric", "k", "expected"),
    [
        (Ndcg(), 1, 0),
        (Ndcg(), 2, (1 / log2(3)) / (3 + 2 / log2(3))),
        (Ndcg(), 5, (1 / log2(3) + 3 / log2(5)) / (3 + 2 / log2(3) + 1 / 2)),
        (Ndcg("binary"), 5, (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3) + 1 / 2)),
        (Ndcg("exponential"), 5, (1 / log2(3) + 7 / log2(5)) / (7 + 3 / log2(3) + 1 / 2)),
        (Recall(), 2, 1 / 3),
        (Recall(), 5, 2 / 3),
        (Recall("attainable"), 2, 1 / 2),
        (Precision(), 2, 1 / 2),
        (Precision(), 5, 2 / 5),
        (ReciprocalRank(), 1, 0),
        (ReciprocalRank(), 5, 1 / 2),
        (AveragePrecision(), 2, (1 / 2) / 2),
        (AveragePrecision(), 5, (1 / 2 + 2 / 4) / 3),
        (HitRate(), 1, 0),
        (HitRate(), 2, 1),
    ],
)
def test_the_answer_by_hand(metric: ListMetric, k: int, expected: float) -> None:
    assert value(metric, k) == pytest.approx(expected, abs=1e-12)


def test_a_perfect_list_has_an_ndcg_of_one_whatever_the_cut() -> None:
    perfect = RankedLists.of([[0, 2, 1]], [{0: 3, 1: 1, 2: 2}], items=4)

    assert [value(Ndcg(), k, perfect) for k in (1, 2, 3, 9)] == pytest.approx([1, 1, 1, 1])


def test_precision_divides_by_k_also_where_the_list_is_shorter() -> None:
    short = RankedLists.of([[0]], [[0]], items=4)

    assert value(Precision(), 4, short) == 1 / 4


def test_average_precision_of_a_list_full_of_hits_is_one_though_more_was_relevant() -> None:
    full = RankedLists.of([[0, 1]], [[0, 1, 2, 3]], items=4)

    assert value(AveragePrecision(), 2, full) == 1


@pytest.mark.parametrize("k", [0, -1])
def test_a_cut_before_the_first_position_is_refused(k: int) -> None:
    with pytest.raises(Invalid, match="position"):
        Ndcg().per_user(LIST, k)


def test_an_empty_list_is_worth_nothing() -> None:
    empty = RankedLists(np.empty((1, 0), np.int32), LIST.relevance)

    metrics = [Ndcg(), Recall(), Precision(), ReciprocalRank(), AveragePrecision(), HitRate()]

    assert [value(metric, 3, empty) for metric in metrics] == [0] * 6
