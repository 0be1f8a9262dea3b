"""Columns about the user, worked out by hand for one history.

The user chose ALIEN forty days ago, rated ALIENS 5 twelve days ago, and today, within the hour,
rated AMELIE 2, chose ALIEN again and disliked PADDINGTON, the last of it three hours ago.
"""

from dataclasses import replace
from math import log, log1p, sqrt

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, log_of
from tests.features.asking import value_of

from shortlist.core.candidates import Query
from shortlist.core.times import DAY, HOUR

NOW = 10_000 * DAY + 12 * HOUR

HISTORY = [
    Line(0, ALIEN, NOW - 40 * DAY, "click"),
    Line(0, ALIENS, NOW - 12 * DAY, "rating", 5),
    Line(0, AMELIE, NOW - 5 * HOUR, "rating", 2),
    Line(0, ALIEN, NOW - 4 * HOUR, "click"),
    Line(0, PADDINGTON, NOW - 3 * HOUR, "dislike"),
]
OTHERS = [
    Line(1, ALIEN, NOW - 30 * DAY, "rating", 4),
    Line(2, ALIENS, NOW - DAY, "rating", 1),
    Line(0, ALIENS, NOW - DAY, "impression"),
    Line(0, ALIENS, NOW, "rating", 1),
]
DATA = log_of(*HISTORY, *OTHERS)

YEARS = (1979, 1986, 2001, 1979, 2014)
MEAN_YEAR = sum(YEARS) / 5
SHARES = [share / 9 for share in (2, 3, 1, 1, 2)]
"""Of the nine categories chosen: Horror twice, Space three times, Action, Romance, Comedy twice."""

EXPECTED = {
    "user_events": log1p(5),
    "user_rating": 3.5,
    "user_rating_spread": 1.5,
    "user_rated_share": 2 / 5,
    "user_dislike_share": 1 / 5,
    "user_away": log1p(3),
    "user_tenure": log1p(40),
    "user_pace": log1p(4 / 30),
    "user_session": log1p(3),
    "user_repeats": 1 / 5,
    "user_breadth": -sum(share * log(share) for share in SHARES),
    "user_era": MEAN_YEAR,
    "user_era_spread": sqrt(sum((year - MEAN_YEAR) ** 2 for year in YEARS) / 5),
    "user_mainstream": (2 * log1p(3) + log1p(2) + log1p(1) + log1p(0)) / 5,
}

OF_A_NEWCOMER = {
    **dict.fromkeys(EXPECTED, 0),
    "user_rating": (5 + 2 + 4 + 1) / 4,
}
"""Nothing but what is usual: the mean of everybody's ratings before the question."""


@pytest.mark.parametrize("feature", list(EXPECTED))
def test_of_a_history(feature: str) -> None:
    found = value_of(feature, DATA, DATA.query(0, time=NOW), ALIEN)

    assert found == pytest.approx(EXPECTED[feature])


@pytest.mark.parametrize("feature", list(OF_A_NEWCOMER))
def test_of_a_newcomer(feature: str) -> None:
    found = value_of(feature, DATA, Query(time=NOW), ALIEN)

    assert found == pytest.approx(OF_A_NEWCOMER[feature])


def test_one_event_is_enough() -> None:
    data = log_of(Line(0, ALIENS, NOW - DAY, "rating", 2), Line(1, ALIEN, NOW, "rating", 5))
    query = data.query(0, time=NOW)

    for feature in ("user_rated_share", "user_repeats"):
        assert value_of(feature, data, query, ALIEN) == 1
    assert value_of("user_rating", data, query, ALIEN) == 2
    assert value_of("user_era", data, query, ALIEN) == 1986
    assert value_of("user_breadth", data, query, ALIEN) == pytest.approx(log(2))
    assert value_of("user_mainstream", data, query, ALIEN) == pytest.approx(log1p(1))


def test_a_sitting_ends_where_an_hour_goes_by() -> None:
    within = log_of(Line(0, ALIEN, 0), Line(0, ALIENS, HOUR), Line(0, AMELIE, 2 * HOUR))
    beyond = log_of(Line(0, ALIEN, 0), Line(0, ALIENS, HOUR), Line(0, AMELIE, 2 * HOUR + 1))

    found = [value_of("user_session", data, data.query(0), ALIEN) for data in (within, beyond)]

    assert found == pytest.approx([log1p(3), log1p(1)])


def test_the_pace_is_that_of_thirty_days() -> None:
    data = log_of(Line(0, ALIEN, NOW), Line(0, ALIENS, NOW + 1), Line(0, AMELIE, NOW + DAY))

    found = value_of("user_pace", data, data.query(0, time=NOW + 30 * DAY), ALIEN)

    assert found == pytest.approx(log1p(2 / 30))


def test_a_repeat_is_of_the_last_item() -> None:
    data = log_of(*[Line(0, item, item_at) for item_at, item in enumerate((ALIEN, AMELIE, ALIEN))])

    assert value_of("user_repeats", data, data.query(0), ALIEN) == pytest.approx(2 / 3)


def test_an_era_leaves_out_items_of_unknown_year() -> None:
    years = np.array([1980, np.nan, 2000, np.nan], np.float32)
    data = log_of(Line(0, ALIEN, 1), Line(0, ALIENS, 2), Line(0, AMELIE, 3), Line(1, ALIENS, 4))
    data = replace(data, catalogue=replace(data.catalogue, years=years))

    assert value_of("user_era", data, data.query(0), ALIEN) == 1990
    assert value_of("user_era_spread", data, data.query(0), ALIEN) == 10
    assert value_of("user_era", data, data.query(1), ALIEN) == 0


def test_without_times_every_duration_is_zero() -> None:
    data = log_of(Line(0, ALIEN), Line(0, ALIENS))

    for feature in ("user_away", "user_tenure", "user_pace"):
        assert value_of(feature, data, data.query(0), ALIEN) == 0
    assert value_of("user_events", data, data.query(0), ALIEN) == pytest.approx(log1p(2))
