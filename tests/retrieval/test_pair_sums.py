from functools import reduce
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shortlist.retrieval.pair_sums import GROWTH, Pairs, PairSums, exact, joined, still_there

AMOUNTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(-5, 5)), min_size=1, max_size=40
)


def added(sums: PairSums, *parts: list[tuple[int, int, float]]) -> PairSums:
    for part in parts:
        rows, columns, amounts = (np.array(each) for each in zip(*part, strict=True))
        sums.add(rows, columns, exact(amounts))
    return sums


def bits(sums: PairSums) -> list[bytes]:
    return [array.tobytes() for array in sums.arrays().values()]


def test_amounts_of_a_pair_are_added_up() -> None:
    pairs = added(PairSums(), [(0, 2, 0.5), (1, 0, 2.0), (0, 2, 0.25)]).upper()

    assert pairs.row.tolist() == [0, 1]
    assert pairs.column.tolist() == [2, 0]
    assert pairs.total.tolist() == [0.75, 2.0]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(AMOUNTS, st.randoms(use_true_random=False))
def test_in_any_order_and_any_parts_they_come_to_the_same_bits(
    amounts: list[tuple[int, int, float]], lot: st.DataObject
) -> None:
    shuffled = list(amounts)
    lot.shuffle(shuffled)  # type: ignore[attr-defined]
    apart = PairSums()
    for each in shuffled:
        added(apart, [each]).upper()

    assert bits(apart) == bits(added(PairSums(), amounts))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(AMOUNTS)
def test_what_is_taken_back_leaves_nothing(amounts: list[tuple[int, int, float]]) -> None:
    back = [(row, column, -amount) for row, column, amount in amounts]

    assert len(added(PairSums(), amounts, back[::-1]).upper().key) == 0


def test_what_was_given_is_not_changed_by_what_is_added() -> None:
    sums = added(PairSums(), [(0, 1, 1.0)])
    pairs = sums.upper()

    added(sums, [(0, 1, 1.0)]).upper()

    assert pairs.total.tolist() == [1.0]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(AMOUNTS, max_size=9), st.integers(1, 50), st.sets(st.integers(1, 8)))
def test_layers_join_at_the_same_events_however_these_are_cut(
    events: list[list[tuple[int, int, float]]], turn: int, places: set[int]
) -> None:
    together, apart = PairSums(turn), PairSums(turn)
    ends = [0, *sorted(place for place in places if place < len(events)), len(events)]

    for sums, bounds in ((together, [0, len(events)]), (apart, ends)):
        for begin, end in pairwise(bounds):
            part = events[begin:end]
            for stretch in sums.stretches(np.array([len(each) for each in part], int)):
                added(sums, [each for event in part[stretch] for each in event]).upper()

    whole = added(PairSums(), *events).upper()
    assert bits(apart) == bits(together)
    assert reduce(joined, [*apart.lower, apart.upper()]).total.tobytes() == whole.total.tobytes()


def test_when_so_much_has_gathered_it_lies_in_a_lower_layer() -> None:
    sums = PairSums(turn=3)

    for stretch in sums.stretches(np.array([2, 2, 1])):
        added(sums, [[(0, 1, 1.0)], [(0, 1, 2.0)], [(0, 1, 4.0)]][stretch.stop - 1])

    (lower,) = sums.lower
    assert lower.total.tolist() == [2]
    assert sums.upper().total.tolist() == [4]
    assert lower.totals_of(np.array([1, 2])).tolist() == [2, 0]


def test_a_layer_stays_until_those_above_it_are_nearly_as_large() -> None:
    sums, seen, moved = PairSums(turn=10), [], 0
    for begin in range(0, 10_000, 10):
        before = {id(each) for each in sums.lower}
        for _ in sums.stretches(np.full(1, 10)):
            added(sums, [(0, place, 1.0) for place in range(begin, begin + 10)])
        moved += sum(len(each.key) for each in sums.lower if id(each) not in before)
        seen.append([len(each.key) for each in sums.lower])

    assert all(sum(sizes) == 10 * (turn + 1) for turn, sizes in enumerate(seen))
    assert all(one >= GROWTH * other for sizes in seen for one, other in pairwise(sizes))
    assert max(map(len, seen)) <= 5
    assert moved < 20 * 10_000


def test_what_was_made_of_a_layer_stays_as_long_as_it() -> None:
    one, two, three = (Pairs(np.array([at]), np.ones(1)) for at in range(3))
    made = [(one, "one"), (two, "two")]

    assert still_there(made, (one, two, three)) == ["one", "two"]
    assert still_there(made, (one, three)) == ["one"]
    assert still_there(made, ()) == []


def test_they_are_taken_up_again() -> None:
    sums = added(PairSums(), [(0, 1, 1.0), (5, 4, 3.0)])

    again = PairSums()
    again.restore(sums.arrays())

    assert bits(added(again, [(0, 1, 2.0)])) == bits(added(sums, [(0, 1, 2.0)]))


def test_a_table_has_a_value_in_the_place_of_each_pair() -> None:
    pairs = added(PairSums(), [(2, 0, 1.0), (0, 1, 2.0), (2, 2, 4.0)]).upper()

    table = pairs.table(pairs.total, (3, 3))

    assert table.toarray().tolist() == [[0, 2, 0], [0, 0, 0], [1, 0, 4]]
