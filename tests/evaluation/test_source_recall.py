import numpy as np
import pytest

from shortlist.core.errors import Invalid
from shortlist.evaluation.lists import RankedLists
from shortlist.evaluation.results import SourceSection
from shortlist.evaluation.source_recall import compare_sources

RELEVANT = [[0, 1], [2, 3], []]


def source(*lists: list[int]) -> RankedLists:
    return RankedLists.of(lists, RELEVANT, items=6)


def compared(**sources: RankedLists) -> SourceSection:
    return compare_sources(sources, [1, 2], title="t", protocol="p", seed=0)


def test_recall_alone_is_given_at_every_k() -> None:
    found = compared(a=source([0, 1], [5, 2], [4, 5])).sources[0]

    assert {k: each.value for k, each in found.alone.items()} == {1: 0.25, 2: 0.75}


def test_what_two_sources_find_is_nobodys_gain() -> None:
    found = compared(a=source([0, 1], [2], []), b=source([0, 5], [3], []))

    assert found.union.value == 1
    assert {each.name: each.gain.value for each in found.sources} == {"a": 0.5, "b": 0.25}


def test_the_union_counts_each_candidate_once() -> None:
    found = compared(a=source([0, 1], [2], []), b=source([0, 5], [3], []))

    assert found.union_size == pytest.approx((3 + 2 + 0) / 3)
    assert found.users == 2


def test_sources_of_other_relevance_are_refused() -> None:
    other = RankedLists.of([[0], [0], [0]], [[1], [1], [1]], items=6)

    with pytest.raises(Invalid, match="same users"):
        compared(a=source([0], [0], [0]), b=other)


def test_users_with_several_lists_count_once() -> None:
    lists = {"a": source([0, 1], [5, 2], [4, 5])}

    found = compare_sources(lists, [1], title="t", protocol="p", seed=0, owners=np.array([4, 4, 4]))

    assert found.users == 1
    assert found.sources[0].alone[1].low == found.sources[0].alone[1].high == 0.25
