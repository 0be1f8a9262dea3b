import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shortlist.core.candidates import Items
from shortlist.core.pool import Pool
from shortlist.pipeline.retrieve import RetrievalSettings, merge, merge_some, pool_of

Table = npt.NDArray[np.float32]

NOTHING = np.empty(0, np.int32)
TABLES = arrays(
    np.float32, st.tuples(st.integers(1, 4), st.integers(1, 12)), elements=st.integers(-1, 4)
)


def table(*rows: list[float]) -> Table:
    return np.array(rows, np.float32)


def items(*places: int) -> Items:
    return np.array(places, np.int32)


def sizes(per_source: int, limit: int = 500) -> RetrievalSettings:
    return RetrievalSettings(per_source=per_source, limit=limit)


def proposed(pool: Pool) -> list[list[int]]:
    """What each source proposes of a pool, best first."""
    found = []
    for ranks in pool.ranks:
        order = np.argsort(ranks, kind="stable")
        found.append(pool.items[order[ranks[order] < pool.quota]].tolist())
    return found


def test_every_source_proposes_its_best_and_each_item_stands_once() -> None:
    pool = merge(table([5, 4, 3, 0], [0, 9, 0, 1]), NOTHING, sizes(2))

    assert pool.items.tolist() == [0, 1, 3]
    assert proposed(pool) == [[0, 1], [1, 3]]
    assert pool.ranks.tolist() == [[0, 1, 2], [2, 0, 1]]


def test_a_candidate_has_the_scores_of_all_sources_proposed_by_them_or_not() -> None:
    pool = merge(table([5, 4, 3, 0], [0.5, 9, 0, 1]), NOTHING, sizes(2))

    assert pool.scores.tolist() == [[5, 4, 0], [0.5, 9, 1]]


def test_what_is_excluded_is_no_candidate_and_no_best_of_anybody() -> None:
    pool = merge(table([5, 4, 3, 0], [0, 9, 0, 1]), items(0, 1), sizes(2))

    assert pool.items.tolist() == [2, 3]
    assert pool.tops.tolist() == [3, 1]
    assert pool.ranks.tolist() == [[0, 2], [2, 0]]


def test_where_only_some_are_allowed_nothing_else_is_proposed() -> None:
    pool = merge(table([5, 4, 3, 0], [0, 9, 0, 1]), items(0), sizes(2), allowed=items(0, 2, 3))

    assert pool.items.tolist() == [2, 3]


def test_nobody_proposes_what_they_have_nothing_to_say_about() -> None:
    pool = merge(table([0, -1, 3, 0]), NOTHING, sizes(4))

    assert pool.items.tolist() == [2]


def test_ties_go_to_the_smaller_index() -> None:
    pool = merge(table([1, 2, 1, 1]), NOTHING, sizes(2))

    assert proposed(pool) == [[1, 0]]


def test_over_the_limit_the_best_placed_of_every_source_stay() -> None:
    scores = table([9, 8, 7, 6, 0, 0, 0, 0], [0, 0, 0, 0, 9, 8, 7, 6])

    pool = merge(scores, NOTHING, sizes(4, limit=4))

    assert pool.items.tolist() == [0, 1, 4, 5]


def test_what_two_sources_propose_counts_once_towards_the_limit() -> None:
    scores = table([9, 8, 7, 6], [9, 8, 6, 7])

    assert len(merge(scores, NOTHING, sizes(4, limit=3))) == 3


def test_a_source_without_a_word_has_no_best() -> None:
    pool = merge(table([5, 4, 3, 0], [0, 0, 0, 0]), NOTHING, sizes(2))

    assert pool.tops.tolist() == [5, 0]
    assert pool.ranks[1].tolist() == [2, 2]


def test_before_the_first_event_the_catalogue_itself_is_proposed() -> None:
    pool = merge(table([0, 0, 0, 0, 0]), items(1), sizes(2, limit=3))

    assert pool.items.tolist() == [0, 2, 3]
    assert proposed(pool) == [[]]


@pytest.mark.parametrize("silent", [0, 5])
def test_somebody_who_has_everything_is_proposed_nothing(silent: float) -> None:
    pool = merge(table([silent] * 3), items(0, 1, 2), sizes(2))

    assert len(pool) == 0
    assert pool.scores.shape == pool.ranks.shape == (1, 0)


@given(TABLES, st.integers(1, 6), st.integers(1, 12), st.sets(st.integers(0, 11)))
def test_it_is_the_sort_it_says_it_is(
    scores: Table, quota: int, limit: int, without: set[int]
) -> None:
    n = scores.shape[1]
    excluded = items(*(item for item in without if item < n))
    best = [
        sorted(
            (i for i in range(n) if row[i] > 0 and i not in without), key=lambda i: (-row[i], i)
        )[:quota]
        for row in scores
    ]

    pool = merge(scores, excluded, sizes(quota, limit))

    union = {item for each in best for item in each}
    if not union:
        assert pool.items.tolist() == [i for i in range(n) if i not in without][:limit]
        return
    assert set(pool.items.tolist()) <= union
    assert len(pool) == min(limit, len(union))
    assert (np.diff(pool.items) > 0).all()
    assert proposed(pool) == [[item for item in each if item in pool.items] for each in best]
    for row, each in zip(pool.ranks, best, strict=True):
        for item, rank in zip(pool.items.tolist(), row.tolist(), strict=True):
            assert rank == (each.index(item) if item in each else quota)


@pytest.mark.parametrize("telling", [1.0, 0.5, 0.01, 0.001])
@pytest.mark.parametrize("levels", [5, 10**6])
def test_in_a_large_catalogue_it_is_the_same_sort(telling: float, levels: int) -> None:
    """However many items the source speaks of, and however many of them it cannot tell apart."""
    drawn = np.random.default_rng(0)
    scores = np.where(drawn.random(5000) < telling, drawn.integers(1, levels, 5000), 0)
    order = np.lexsort((np.arange(5000), -scores))
    best = order[: min(40, int((scores > 0).sum()))]

    pool = merge(table(scores.tolist()), NOTHING, sizes(40))

    assert proposed(pool) == [best.tolist()]


def test_the_best_are_found_where_a_sample_of_the_catalogue_misleads() -> None:
    """Every sixteenth item is looked at first: here those are all there is of high scores."""
    scores = np.arange(5000, dtype=np.float32) + 1
    scores[::16] += 10_000
    expected = np.argsort(-scores, kind="stable")[:400]

    pool = merge(table(scores.tolist()), NOTHING, sizes(400))

    assert proposed(pool) == [expected.tolist()]


@given(TABLES, st.integers(1, 6), st.sets(st.integers(0, 11)))
def test_items_somebody_else_chose_have_the_ranks_they_have_among_all(
    scores: Table, quota: int, without: set[int]
) -> None:
    excluded = items(*(item for item in without if item < scores.shape[1]))
    whole = merge(scores, excluded, sizes(quota))

    given_items = pool_of(scores, excluded, sizes(quota), whole.items)

    assert np.array_equal(given_items.ranks, whole.ranks)
    assert np.array_equal(given_items.scores, whole.scores)
    assert np.array_equal(given_items.tops, whole.tops)


def test_an_item_that_nobody_proposes_can_be_asked_about() -> None:
    pool = pool_of(table([5, 4, 3, 0]), NOTHING, sizes(2), items(1, 3))

    assert pool.items.tolist() == [1, 3]
    assert pool.ranks.tolist() == [[1, 2]]
    assert pool.tops.tolist() == [5]


# --- some of the sources, each with a quota of its own ------------------------------------------


def test_with_quotas_alike_it_is_the_same_merge() -> None:
    scores = table([5, 4, 3, 0], [0, 9, 0, 1])

    pool = merge_some(scores, items(0), sizes(2), [2, 2])

    assert proposed(pool) == proposed(merge(scores, items(0), sizes(2))) == [[1, 2], [1, 3]]


def test_every_source_proposes_up_to_its_own_quota() -> None:
    pool = merge_some(table([5, 4, 3, 2], [1, 9, 2, 3]), NOTHING, sizes(3), [3, 1])

    assert proposed(pool) == [[0, 1, 2], [1]]
    assert pool.ranks.tolist() == [[0, 1, 2], [3, 0, 3]]


def test_a_source_that_may_propose_nothing_is_still_heard() -> None:
    pool = merge_some(table([5, 4, 0], [0, 2, 9]), NOTHING, sizes(2), [2, 0])

    assert proposed(pool) == [[0, 1], []]
    assert pool.scores.tolist() == [[5, 4], [0, 2]]


def test_only_what_a_mask_allows_is_proposed() -> None:
    pool = merge_some(
        table([5, 4, 3, 2]), items(1), sizes(2), [2], allowed=np.array([False, True, True, True])
    )

    assert proposed(pool) == [[2, 3]]
    assert pool.tops.tolist() == [3]


def test_some_items_are_candidates_in_any_case() -> None:
    pool = merge_some(table([5, 4, 3, 0]), NOTHING, sizes(2), [2], also=items(1, 3))

    assert pool.items.tolist() == [0, 1, 3]
    assert pool.ranks.tolist() == [[0, 1, 2]]


def test_where_there_are_too_few_the_best_of_the_first_source_join_them() -> None:
    scores = table([3, 1, 2, 5, 4], [9, 0, 0, 0, 0])
    allowed = np.array([True, True, True, True, False])

    pool = merge_some(scores, items(3), sizes(2), [0, 1], allowed=allowed, at_least=2)
    whole = merge_some(scores, items(3), sizes(2), [0, 1], allowed=allowed, at_least=9)

    assert pool.items.tolist() == [0, 2]
    assert whole.items.tolist() == [0, 1, 2]


def test_what_is_not_a_number_is_not_proposed() -> None:
    scores = np.random.default_rng(0).random((2, 900)).astype(np.float32)
    scores[0, ::2] = np.nan
    best = np.argsort(-np.nan_to_num(scores[0]), kind="stable")[:5]

    pool = merge(scores, NOTHING, sizes(5))

    assert proposed(pool)[0] == best.tolist()
