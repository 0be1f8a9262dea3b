"""Columns about how the item fits the user, worked out by hand.

The user chose ALIEN (Horror, Space; 1979), rated ALIENS (Action, Space; 1986) 5 and AMELIE
(Comedy, Romance; 2001) 2, and, in a sitting of its own, disliked PADDINGTON (Comedy; 2014).
"""

from dataclasses import replace
from math import log1p, sqrt

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, FILMS, PADDINGTON, Line, after, log_of
from tests.features.asking import value_of

from shortlist.core.candidates import Query
from shortlist.core.times import DAY, HOUR
from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.snapshot import Dataset

NOW = 10_000 * DAY

DATA = log_of(
    Line(0, ALIEN, NOW - 10 * HOUR, "click"),
    Line(0, ALIENS, NOW - 9 * HOUR, "rating", 5),
    Line(0, AMELIE, NOW - 8 * HOUR, "rating", 2),
    Line(0, PADDINGTON, NOW - 5 * HOUR, "dislike"),
    Line(1, ALIEN, NOW - DAY, "rating", 4),
    Line(2, ALIEN, NOW - DAY, "rating", 3),
    Line(3, ALIENS, NOW - DAY, "click"),
)

FADING = [2 ** (-back / 5) for back in (3, 2, 1, 0)]
MEAN_YEAR = (1979 + 1986 + 2001 + 2014) / 4
SPREAD = sqrt(sum((year - MEAN_YEAR) ** 2 for year in (1979, 1986, 2001, 2014)) / 4)
CHOICES = [3, 2, 1, 0]
"""How often each film had been chosen."""
USUAL = sum(log1p(each) for each in CHOICES) / 4
MEAN_RATING, ALL_RATINGS = (5 + 2) / 2, (5 + 2 + 4 + 3) / 4

OF_ALIENS = {
    # Action is a quarter of four choices and Space two quarters; the item has both.
    "affinity_categories": (1 / 4 + 2 / 4) / 2,
    "affinity_categories_recent": (1 / 4 + 2 / 4) / 2,
    "affinity_categories_fading": (FADING[1] + FADING[0] + FADING[1]) / 2 / sum(FADING),
    "affinity_categories_session": 0,
    "affinity_categories_all": 1 / 4 + 2 / 4,
    # One rating, 1.5 above the mean, in either category, beside three that are assumed.
    "affinity_category_ratings": 1.5 / (1 + 3),
    "affinity_category_dislikes": 0,
    "affinity_era": 1986 - MEAN_YEAR,
    "affinity_era_distance": (MEAN_YEAR - 1986) / (SPREAD + 2),
    "affinity_mainstream": log1p(2) - USUAL,
    "affinity_mainstream_recent": log1p(2) - USUAL,
    "affinity_rating": (5 + 5 * ALL_RATINGS) / (1 + 5) - MEAN_RATING,
}

OF_PADDINGTON = {
    "affinity_categories": 2 / 4,
    "affinity_categories_recent": 2 / 4,
    "affinity_categories_fading": (FADING[2] + FADING[3]) / sum(FADING),
    "affinity_categories_session": 1,
    "affinity_categories_all": 2 / 4,
    "affinity_category_ratings": -1.5 / (1 + 3),
    "affinity_category_dislikes": 1,
    "affinity_era": 2014 - MEAN_YEAR,
    "affinity_era_distance": (2014 - MEAN_YEAR) / (SPREAD + 2),
    "affinity_mainstream": 0 - USUAL,
    "affinity_mainstream_recent": 0 - USUAL,
    "affinity_rating": ALL_RATINGS - MEAN_RATING,
}


@pytest.mark.parametrize(
    ("feature", "item", "expected"),
    [
        (feature, item, expected)
        for item, of_item in ((ALIENS, OF_ALIENS), (PADDINGTON, OF_PADDINGTON))
        for feature, expected in of_item.items()
    ],
)
def test_of_a_history(feature: str, item: int, expected: float) -> None:
    found = value_of(feature, DATA, DATA.query(0, time=NOW), item)

    assert found == pytest.approx(expected, abs=1e-6)


def test_a_low_rating_is_no_dislike() -> None:
    """Of AMELIE's Comedy and Romance only Comedy was disliked, though AMELIE was rated 2."""
    found = value_of("affinity_category_dislikes", DATA, DATA.query(0, time=NOW), AMELIE)

    assert found == 1 / 2


OF_A_NEWCOMER = {
    **dict.fromkeys(OF_ALIENS, 0.0),
    "affinity_era_distance": -1,
    "affinity_mainstream": log1p(2),
    "affinity_mainstream_recent": log1p(2),
    "affinity_rating": (5 + 5 * ALL_RATINGS) / (1 + 5) - ALL_RATINGS,
}


@pytest.mark.parametrize("feature", list(OF_A_NEWCOMER))
def test_of_a_newcomer(feature: str) -> None:
    found = value_of(feature, DATA, Query(time=NOW), ALIENS)

    assert found == pytest.approx(OF_A_NEWCOMER[feature], abs=1e-6)


def test_recent_is_the_last_ten_events() -> None:
    """Ten films in space after as many comedies."""
    query = after(*[PADDINGTON] * 10, *[ALIENS] * 10, time=NOW)

    found = [
        value_of(feature, DATA, query, item)
        for feature in ("affinity_categories", "affinity_categories_recent")
        for item in (ALIENS, PADDINGTON)
    ]

    assert found == pytest.approx([0.5, 0.5, 1, 0])


def test_recent_popularity_is_that_of_the_last_ten_events() -> None:
    query = after(*[PADDINGTON] * 10, *[ALIENS] * 10, time=NOW)

    recent = value_of("affinity_mainstream_recent", DATA, query, ALIEN)
    ever = value_of("affinity_mainstream", DATA, query, ALIEN)

    assert recent == pytest.approx(log1p(3) - log1p(2))
    assert ever == pytest.approx(log1p(3) - log1p(2) / 2)


def test_where_categories_or_years_are_unknown_nothing_is_claimed() -> None:
    bare = replace(DATA, catalogue=Catalogue.of(FILMS.ids))
    query = bare.query(0, time=NOW)

    found = {name: value_of(name, bare, query, ALIENS) for name in OF_ALIENS}

    known = {name for name, value in found.items() if value not in (0, -1)}
    assert known == {"affinity_mainstream", "affinity_mainstream_recent", "affinity_rating"}
    assert found["affinity_era_distance"] == -1


def test_one_item_of_unknown_year_does_not_hide_the_era_of_the_others() -> None:
    years = np.array([1980, np.nan, 2000, np.nan], np.float32)
    data: Dataset = replace(DATA, catalogue=replace(FILMS, years=years))

    assert value_of("affinity_era", data, after(ALIEN, ALIENS, time=NOW), AMELIE) == 20
    assert value_of("affinity_era", data, after(ALIEN, time=NOW), ALIENS) == 0
