import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shortlist.datasets.kinds import DEFAULT_KINDS, KindSettings, take_backs
from shortlist.datasets.undone import undone_by

LIKE, UNLIKE, RATING = 0, 1, 2
RULES = [(UNLIKE, LIKE), (RATING, RATING)]
ANN_ALIEN, BOB_ALIEN = 7, 8


def taken_back(*events: tuple[int, int]) -> list[int]:
    pairs, kinds = np.array(events, np.int64).reshape(-1, 2).T
    found: list[int] = undone_by(pairs, kinds, RULES).tolist()
    return found


def test_a_like_is_undone_by_what_undoes_it() -> None:
    assert taken_back((ANN_ALIEN, LIKE), (ANN_ALIEN, UNLIKE)) == [1, 2]


def test_what_comes_before_a_like_does_not_undo_it() -> None:
    assert taken_back((ANN_ALIEN, UNLIKE), (ANN_ALIEN, LIKE)) == [2, 2]


def test_nobody_undoes_the_like_of_another() -> None:
    assert taken_back((ANN_ALIEN, LIKE), (BOB_ALIEN, UNLIKE)) == [2, 2]


def test_a_rating_gives_way_to_the_next_one_and_that_to_the_one_after_it() -> None:
    assert taken_back((ANN_ALIEN, RATING), (ANN_ALIEN, RATING), (ANN_ALIEN, RATING)) == [1, 2, 3]


def test_a_like_after_an_undone_one_counts() -> None:
    assert taken_back((ANN_ALIEN, LIKE), (ANN_ALIEN, UNLIKE), (ANN_ALIEN, LIKE)) == [1, 3, 3]


def test_a_kind_without_a_rule_takes_nothing_back() -> None:
    assert taken_back((ANN_ALIEN, LIKE), (ANN_ALIEN, RATING), (ANN_ALIEN, LIKE)) == [3, 3, 3]


def test_no_rules_and_no_events_are_fine() -> None:
    assert undone_by(np.zeros(2, int), np.zeros(2, int), []).tolist() == [2, 2]
    assert undone_by(np.zeros(0, int), np.zeros(0, int), RULES).tolist() == []


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=30))
def test_it_is_what_looking_through_all_later_events_finds(events: list[tuple[int, int]]) -> None:
    n = len(events)
    slow = [
        next(
            (
                later
                for later in range(place + 1, n)
                if events[later][0] == pair and (events[later][1], kind) in RULES
            ),
            n,
        )
        for place, (pair, kind) in enumerate(events)
    ]

    assert taken_back(*events) == slow


def test_the_kinds_we_know_take_back_what_their_names_say() -> None:
    names = list(DEFAULT_KINDS)

    pairs = {(names[by], names[of]) for by, of in take_backs(DEFAULT_KINDS, names)}

    assert {of for by, of in pairs if by == "undo"} == {"like", "dislike", "rating", "rating10"}
    assert {("unlike", "like"), ("dislike", "like"), ("rating", "rating")} < pairs
    assert not {each for pair in pairs for each in pair} & {"view", "click", "play", "impression"}


def test_a_kind_of_ones_own_may_take_back() -> None:
    kinds = {"unwish": KindSettings(weight=0, undoes=("wish",))}

    assert take_backs(kinds, ["wish", "unwish"]) == ((1, 0),)
    assert take_backs(kinds, ["unwish"]) == ()
