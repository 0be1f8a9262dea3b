import numpy as np
import pytest
from tests.slate.films import ALIEN, ALIENS, AMELIE, FILMS, HEAT, NOTHING, items_of, made

from shortlist.slate.caps import Cap, open_to

ALL = items_of(ALIEN, ALIENS, AMELIE, 3, HEAT, NOTHING)


def cap(attribute: str, at_most: int) -> Cap:
    return Cap(attribute, at_most, FILMS.columns.get(attribute), ALL)


def test_whoever_shares_a_value_that_is_full_is_one_too_many() -> None:
    genres = cap("genres", 1)

    broken = genres.take(ALIEN)

    assert not broken
    assert np.flatnonzero(genres.full).tolist() == [ALIEN, ALIENS]


def test_an_item_counts_for_each_of_its_values() -> None:
    genres = cap("genres", 2)

    genres.take(ALIEN)
    genres.take(ALIENS)
    genres.take(AMELIE)

    assert np.flatnonzero(genres.full).tolist() == [ALIEN, ALIENS]


def test_one_too_many_is_said() -> None:
    genres = cap("genres", 1)

    genres.take(ALIEN)

    assert genres.take(ALIENS)
    assert not genres.take(AMELIE)


def test_an_item_without_a_value_counts_for_none() -> None:
    director = cap("director", 1)

    assert not director.take(NOTHING)
    assert not director.full.any()


@pytest.mark.parametrize(
    "values", [[1990, 1990, 2000, None], ["a", "a", "b", None], [True, True, False, None]]
)
def test_any_kind_of_attribute_has_values_to_share(values: list[object]) -> None:
    shared = Cap("it", 1, made(it=values).columns["it"], items_of(3, 2, 1, 0))

    shared.take(2)

    assert shared.full.tolist() == [False, False, True, True]


def test_an_attribute_that_no_item_has_any_more_forbids_nothing() -> None:
    gone = cap("gone", 1)

    assert not gone.take(ALIEN)
    assert not gone.full.any()


def test_what_every_cap_lets_through_is_open() -> None:
    genres, new = cap("genres", 1), cap("new", 1)
    genres.take(ALIEN)
    new.take(ALIEN)
    free = np.ones(6, bool)
    free[ALIEN] = False

    assert np.flatnonzero(open_to(free, [genres, new])).tolist() == [AMELIE, 3, HEAT, NOTHING]
    assert np.flatnonzero(open_to(free, [])).tolist() == [ALIENS, AMELIE, 3, HEAT, NOTHING]


def test_the_last_cap_gives_way_first() -> None:
    genres, new = cap("genres", 1), cap("new", 1)
    genres.take(ALIEN)
    new.take(AMELIE)
    free = np.zeros(6, bool)
    free[[ALIENS, 3]] = True

    assert np.flatnonzero(open_to(free, [genres, new])).tolist() == [3]
    assert np.flatnonzero(open_to(free, [new, genres])).tolist() == [ALIENS]


def test_where_no_cap_can_be_kept_all_give_way() -> None:
    genres = cap("genres", 1)
    genres.take(ALIEN)
    free = np.zeros(6, bool)
    free[ALIENS] = True

    assert np.flatnonzero(open_to(free, [genres])).tolist() == [ALIENS]
