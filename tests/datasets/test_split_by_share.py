import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, log_of

from shortlist.core.times import DAY, EARLIEST
from shortlist.datasets.folds import Fold
from shortlist.datasets.snapshot import Dataset
from shortlist.datasets.splits import Band, by_share

LAST_FIFTH = Band(0.8, 1)
MINUTE = 60_000_000
ANN, BOB = 0, 1


def lives(*lengths: int) -> Dataset:
    """A user for each length, with that many choices, each of another item."""
    return Dataset.of(*(range(length) for length in lengths), items=max(lengths))


def asked(fold: Fold, user: int = 0) -> list[int]:
    """The answers of a user's question; none where there is no question."""
    return [int(i) for each in fold.questions if each.query.user == user for i in each.items]


def known(fold: Fold, user: int = 0) -> list[int]:
    return [int(i) for i in fold.fit.events.item[fold.fit.positions_of(user)]]


def test_the_beginning_is_learned_and_the_band_is_asked_for() -> None:
    fold = by_share(lives(10), LAST_FIFTH)

    assert known(fold) == list(range(8))
    assert asked(fold) == [8, 9]


def test_what_comes_after_the_band_is_neither_learned_nor_asked_for() -> None:
    fold = by_share(lives(10), Band(0.4, 0.6))

    assert known(fold) == [0, 1, 2, 3]
    assert asked(fold) == [4, 5]


def test_the_question_is_asked_just_after_the_last_event_that_is_known() -> None:
    (each,) = by_share(lives(10), LAST_FIFTH).questions

    assert each.query.history.tolist() == list(range(8))
    assert each.query.excluded.tolist() == list(range(8))
    assert each.query.time == 7 * MINUTE + 1


def test_everybody_is_cut_at_their_own_share() -> None:
    fold = by_share(lives(5, 20), LAST_FIFTH)

    assert asked(fold, ANN) == [4]
    assert asked(fold, BOB) == [16, 17, 18, 19]


@pytest.mark.parametrize(
    ("choices", "first_asked"), [(1, 0), (2, 1), (4, 3), (9, 8), (10, 8), (14, 12), (15, 12)]
)
def test_the_last_fifth_is_rounded_down_to_one_event_at_least(
    choices: int, first_asked: int
) -> None:
    fold = by_share(lives(choices), LAST_FIFTH)

    assert asked(fold) == list(range(first_asked, choices))
    assert known(fold) == list(range(first_asked))


def test_somebody_with_a_single_choice_is_asked_about_it_knowing_nothing() -> None:
    (each,) = by_share(lives(1), LAST_FIFTH).questions

    assert len(each.query.history) == 0


@given(st.integers(1, 60), st.sampled_from([0.4, 0.5, 0.6]))
def test_what_is_asked_inside_is_not_asked_at_the_end(choices: int, start: float) -> None:
    data = lives(choices)

    inside, end = by_share(data, Band(start, start + 0.2)), by_share(data, LAST_FIFTH)

    assert not set(asked(inside)) & set(asked(end))
    assert not set(known(inside)) & set(asked(inside))


@pytest.mark.parametrize("choices", range(2, 30))
def test_whoever_has_two_choices_is_asked_something_inside(choices: int) -> None:
    assert all(asked(by_share(lives(choices), Band(start, start + 0.2))) for start in (0.4, 0.6))


def test_what_was_shown_on_the_way_to_the_answer_is_not_known() -> None:
    data = log_of(
        Line(ANN, ALIEN, 1 * MINUTE, "impression"),
        Line(ANN, ALIEN, 2 * MINUTE),
        Line(ANN, ALIENS, 3 * MINUTE, "impression"),
        Line(ANN, AMELIE, 3 * MINUTE, "impression"),
        Line(ANN, AMELIE, 4 * MINUTE),
    )

    fold = by_share(data, Band(0.5, 1))

    assert fold.fit.events.time.tolist() == [MINUTE, 2 * MINUTE]
    assert asked(fold) == [AMELIE]


def one_list() -> Dataset:
    """Paddington on a day of its own; a day later one list, from which three films are chosen."""
    return log_of(
        Line(ANN, PADDINGTON, 1),
        *[Line(ANN, item, DAY + item, "impression") for item in (ALIEN, ALIENS, AMELIE)],
        *[Line(ANN, item, DAY + MINUTE + item) for item in (ALIEN, ALIENS, AMELIE)],
    )


def test_a_list_is_not_cut_in_two() -> None:
    fold = by_share(one_list(), Band(0.5, 1))

    assert known(fold) == [PADDINGTON]
    assert sorted(asked(fold)) == [ALIEN, ALIENS, AMELIE]
    assert len(fold.fit.events) == 1


def test_a_list_that_a_later_band_asks_for_is_not_asked_for_before() -> None:
    fold = by_share(one_list(), Band(0, 0.5))

    assert asked(fold) == [PADDINGTON]


def test_only_choices_count_towards_the_share() -> None:
    looks = [Line(ANN, PADDINGTON, time, "impression") for time in range(100, 200)]
    data = log_of(Line(ANN, ALIEN, 1), Line(ANN, AMELIE, 2), *looks)

    assert asked(by_share(data, LAST_FIFTH)) == [AMELIE]


def test_what_the_user_had_already_is_not_asked_for_again() -> None:
    data = Dataset.of([ALIEN, ALIENS, ALIEN, AMELIE], items=4)

    assert asked(by_share(data, Band(0.5, 1))) == [AMELIE]


def test_a_dislike_is_no_answer() -> None:
    data = log_of(Line(ANN, ALIEN, 1), Line(ANN, ALIENS, 2, "dislike"), Line(ANN, AMELIE, 3))

    assert asked(by_share(data, Band(0.5, 1))) == [AMELIE]


def test_by_lot_every_choice_is_either_known_or_asked_for() -> None:
    fold = by_share(lives(50), LAST_FIFTH, seed=1)

    assert sorted(known(fold) + asked(fold)) == list(range(50))
    assert len(asked(fold)) == 10
    assert asked(fold) != list(range(40, 50))


def test_by_lot_nobody_knows_when_anything_happened() -> None:
    fold = by_share(lives(50), LAST_FIFTH, seed=1)

    assert not fold.fit.timed
    assert (fold.questions[0].query.times == EARLIEST).all()
    assert fold.questions[0].query.time == 1


def test_the_same_seed_draws_the_same_lot() -> None:
    once, again, otherwise = (asked(by_share(lives(50), LAST_FIFTH, seed=s)) for s in (1, 1, 2))

    assert once == again
    assert once != otherwise


def test_by_lot_what_lies_after_the_band_is_learned_as_well() -> None:
    fold = by_share(lives(50), Band(0.6, 0.8), seed=1)

    assert len(asked(fold)) == 10
    assert sorted(known(fold) + asked(fold)) == list(range(50))


def test_bands_of_one_lot_ask_for_different_choices() -> None:
    inside, end = (by_share(lives(50), band, seed=1) for band in (Band(0.6, 0.8), LAST_FIFTH))

    assert not set(asked(inside)) & set(asked(end))


def test_a_log_without_times_keeps_its_own_order() -> None:
    data = Dataset.of(range(10), items=10, times=False)

    assert asked(by_share(data, LAST_FIFTH)) == [8, 9]


def test_of_nothing_nothing_is_asked() -> None:
    empty = lives(3).where(np.zeros(3, bool))

    assert list(by_share(empty, LAST_FIFTH).questions) == []
    assert list(by_share(empty, LAST_FIFTH, seed=1).questions) == []
