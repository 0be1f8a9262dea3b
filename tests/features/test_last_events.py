"""Columns about the distance to the last events, worked out by hand.

The user chose ALIEN (Horror, Space; 1979), then PADDINGTON (Comedy; 2014), ALIEN again, and rated
ALIENS (Action, Space; 1986) 2, after having rated PADDINGTON 5.
"""

from dataclasses import replace
from math import log1p

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, FILMS, PADDINGTON, Line, after, log_of
from tests.features.asking import value_of

from shortlist.core.candidates import Query
from shortlist.core.times import DAY

NOW = 10_000 * DAY

DATA = log_of(
    Line(0, ALIEN, NOW - 9 * DAY, "click"),
    Line(0, PADDINGTON, NOW - 8 * DAY, "rating", 5),
    Line(0, ALIEN, NOW - 7 * DAY, "click"),
    Line(0, ALIENS, NOW - 6 * DAY, "rating", 2),
    Line(1, ALIENS, NOW - 20 * DAY, "click"),
    Line(1, AMELIE, NOW - 5 * DAY, "click"),
    Line(1, AMELIE, NOW, "click"),
)

OF_ALIEN = {
    "last_categories": 1 / 3,
    "last_categories_second": 1,
    "last_categories_third": 0,
    "last_year": 1979 - 1986,
    "last_year_distance": 7,
    "last_year_recent": 1979 - (1979 + 2014 + 1979 + 1986) / 4,
    "last_arrival": log1p(20 - 9),
    "last_popularity": log1p(2) - log1p(2),
    "last_rating": 2 - 3.5,
    "chosen_before": log1p(2),
    "chosen_before_ago": log1p(1 + 1),
}

OF_AMELIE = {
    "last_categories": 0,
    "last_categories_second": 0,
    "last_categories_third": 1 / 2,
    "last_year": 2001 - 1986,
    "last_year_distance": 15,
    "last_year_recent": 2001 - (1979 + 2014 + 1979 + 1986) / 4,
    "last_arrival": log1p(20 - 5),
    "last_popularity": log1p(1) - log1p(2),
    "last_rating": 2 - 3.5,
    "chosen_before": 0,
    "chosen_before_ago": 0,
}


@pytest.mark.parametrize(
    ("feature", "item", "expected"),
    [
        (feature, item, expected)
        for item, of_item in ((ALIEN, OF_ALIEN), (AMELIE, OF_AMELIE))
        for feature, expected in of_item.items()
    ],
)
def test_of_a_history(feature: str, item: int, expected: float) -> None:
    found = value_of(feature, DATA, DATA.query(0, time=NOW), item)

    assert found == pytest.approx(expected)


@pytest.mark.parametrize("feature", list(OF_ALIEN))
def test_of_a_newcomer(feature: str) -> None:
    found = value_of(feature, DATA, Query(time=NOW), ALIEN)

    assert found == (-1 if feature == "last_year_distance" else 0)


def test_one_event_is_enough() -> None:
    """A newcomer who chose PADDINGTON; AMELIE, of whose two categories one is the same."""
    data = log_of(Line(0, PADDINGTON, NOW - 2 * DAY, "rating", 3), Line(1, AMELIE, NOW - DAY))
    query = data.query(0, time=NOW)

    assert value_of("last_categories", data, query, PADDINGTON) == 1
    assert value_of("last_categories", data, query, AMELIE) == 1 / 2
    assert value_of("last_categories_second", data, query, AMELIE) == 0
    assert value_of("last_year", data, query, AMELIE) == -13
    assert value_of("last_arrival", data, query, AMELIE) == pytest.approx(log1p(1))
    assert value_of("last_popularity", data, query, ALIEN) == pytest.approx(-log1p(1))
    assert value_of("chosen_before", data, query, PADDINGTON) == pytest.approx(log1p(1))


def test_the_item_chosen_last_was_chosen_one_event_ago() -> None:
    found = value_of("chosen_before_ago", DATA, after(AMELIE, ALIEN, time=NOW), ALIEN)

    assert found == pytest.approx(log1p(1))


def test_recent_years_are_those_of_the_last_five_whose_year_is_known() -> None:
    years = np.array([1980, np.nan, 2000, 2010], np.float32)
    data = replace(DATA, catalogue=replace(FILMS, years=years))
    query = after(AMELIE, AMELIE, AMELIE, ALIEN, ALIEN, ALIENS, PADDINGTON, time=NOW)

    found = value_of("last_year_recent", data, query, AMELIE)

    assert found == 2000 - (2000 + 1980 + 1980 + 2010) / 4


def test_where_the_year_of_the_last_choice_is_unknown_nothing_is_claimed() -> None:
    years = np.array([1980, np.nan, 2000, 2010], np.float32)
    data = replace(DATA, catalogue=replace(FILMS, years=years))
    query = after(AMELIE, ALIENS, time=NOW)

    assert value_of("last_year", data, query, ALIEN) == 0
    assert value_of("last_year_distance", data, query, ALIEN) == -1


def test_a_last_rating_needs_the_last_event_to_be_one() -> None:
    data = log_of(
        Line(0, ALIEN, 1, "rating", 5), Line(0, ALIENS, 2, "rating", 1), Line(0, AMELIE, 3)
    )

    assert value_of("last_rating", data, data.query(0, time=3), ALIEN) == 1 - 3
    assert value_of("last_rating", data, data.query(0, time=4), ALIEN) == 0


def test_a_disliked_item_that_nobody_chose_yet_arrives_with_the_question() -> None:
    """Also where somebody chooses it later: nobody knows that yet."""
    past = [Line(0, ALIEN, NOW - 3 * DAY), Line(0, ALIENS, NOW - DAY, "dislike")]
    quiet, busy = log_of(*past), log_of(*past, Line(1, ALIENS, NOW + 50 * DAY))

    found = [
        value_of("last_arrival", each, each.query(0, time=NOW), ALIEN) for each in (quiet, busy)
    ]

    assert found == pytest.approx([log1p(3)] * 2)


def test_without_times_no_item_arrives() -> None:
    data = log_of(Line(0, ALIEN), Line(1, ALIENS))

    assert value_of("last_arrival", data, data.query(0), ALIENS) == 0
