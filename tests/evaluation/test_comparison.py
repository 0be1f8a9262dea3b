import numpy as np
import pytest
from scipy.sparse import csr_array

from shortlist.core.errors import Invalid, TooLittleData
from shortlist.evaluation.comparison import compare_by_history, compare_lists
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.metrics import CATALOGUE_METRICS, LIST_METRICS
from shortlist.evaluation.metrics.metric import Background
from shortlist.evaluation.results import Estimate

RELEVANT = [[0], [1], []]
GOOD = RankedLists.of([[0, 2], [1, 2], [0, 1]], RELEVANT, items=3)
BAD = RankedLists.of([[2, 0], [2, 0], [2, 1]], RELEVANT, items=3)


def test_every_list_metric_is_given_at_every_k() -> None:
    rows = compare_lists({"good": GOOD, "bad": BAD}, [1, 2], seed=0)

    assert [row.name for row in rows] == ["good", "bad"]
    assert set(rows[0].metrics) == {f"{name}@{k}" for name in LIST_METRICS for k in (1, 2)}


def test_values_are_means_over_users_with_something_relevant() -> None:
    good, bad = compare_lists({"good": GOOD, "bad": BAD}, [1, 2], seed=0)

    assert good.metrics["recall@1"] == Estimate(value=1, low=1, high=1)
    assert bad.metrics["recall@2"] == Estimate(value=0.5, low=0, high=1)


def test_rows_are_compared_user_by_user_with_those_named() -> None:
    rows = compare_lists({"good": GOOD, "bad": BAD}, [1], seed=0, against=["bad"])

    assert rows[0].differences["bad"]["hit_rate@1"] == Estimate(value=1, low=1, high=1)
    assert rows[1].differences == {}


def test_catalogue_metrics_are_added_where_the_background_is_known() -> None:
    background = Background(np.array([3, 2, 1]), 3, csr_array(np.eye(3)))

    rows = compare_lists({"good": GOOD}, [2], seed=0, background=background)

    assert {f"{name}@2" for name in CATALOGUE_METRICS} <= set(rows[0].metrics)
    assert rows[0].metrics["coverage@2"].value == 1


def test_a_row_to_compare_with_must_be_there() -> None:
    with pytest.raises(Invalid, match="'ease'"):
        compare_lists({"good": GOOD}, [1], seed=0, against=["ease"])


def test_rows_of_other_users_are_refused() -> None:
    other = RankedLists.of([[0]], [[0]], items=3)

    with pytest.raises(Invalid, match="same users"):
        compare_lists({"good": GOOD, "other": other}, [1], seed=0)


def test_a_future_in_which_nothing_happens_is_said() -> None:
    with pytest.raises(TooLittleData):
        compare_lists({"row": RankedLists.of([[0]], [[]], items=3)}, [1], seed=0)


def test_users_are_grouped_by_how_much_they_did_before() -> None:
    relevant = [[0]] * 8
    lists = RankedLists.of([[0]] * 4 + [[1]] * 4, relevant, items=2)

    groups = compare_by_history(
        {"row": lists}, np.array([1, 1, 2, 2, 9, 9, 9, 50]), k=1, groups=2, seed=0
    )

    assert [(g.shortest, g.longest, g.users) for g in groups] == [(1, 2, 4), (9, 50, 4)]
    assert [g.values["row"].value for g in groups] == [1, 0]


def test_users_of_one_history_length_make_one_group() -> None:
    groups = compare_by_history({"row": GOOD}, np.array([5, 5, 5]), k=1, seed=0)

    assert [(g.shortest, g.longest, g.users) for g in groups] == [(5, 5, 2)]


def test_many_lists_of_one_user_are_no_surer_than_one() -> None:
    relevant = [[0]] * 40
    lists = RankedLists.of([[0]] * 20 + [[1]] * 20, relevant, items=2)

    (row,) = compare_lists({"row": lists}, [1], seed=0, owners=np.repeat([5, 9], 20))

    assert row.metrics["recall@1"] == Estimate(value=0.5, low=0, high=1)


def test_groups_by_history_count_users_and_not_their_lists() -> None:
    lists = RankedLists.of([[0]] * 6, [[0]] * 6, items=2)

    groups = compare_by_history(
        {"row": lists},
        np.array([1, 2, 2, 8, 9, 9]),
        k=1,
        groups=2,
        seed=0,
        owners=np.array([0, 0, 0, 0, 1, 1]),
    )

    assert [(g.shortest, g.longest, g.users) for g in groups] == [(1, 2, 1), (8, 9, 2)]
