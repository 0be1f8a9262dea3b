"""Columns about the item, worked out by hand for a week in the life of four films.

The question is asked at noon of day seven. By then:

    ALIEN       shown twice, clicked once, rated 5 and 2 on the days 0, 5, 6; disliked on day 6
    ALIENS      shown once on day 6
    AMELIE      rated 4 on day 3
    PADDINGTON  nothing, until the very instant of the question and after it
"""

from dataclasses import replace
from math import log1p, sqrt

import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, FILMS, PADDINGTON, Line, log_of
from tests.features.asking import value_of

from shortlist.core.candidates import Query
from shortlist.core.times import DAY, HOUR
from shortlist.datasets.catalogue import Catalogue

START = 10_000 * DAY
"""Monday, 19 May 1997."""
NOW = START + 7 * DAY + 12 * HOUR

DATA = log_of(
    Line(0, ALIEN, NOW - 7 * DAY - 1000, "impression"),
    Line(0, ALIEN, NOW - 7 * DAY, "click"),
    Line(1, ALIEN, NOW - 2 * DAY, "rating", 5),
    Line(2, ALIEN, NOW - DAY - HOUR, "impression"),
    Line(2, ALIEN, NOW - DAY, "rating", 2),
    Line(3, ALIEN, NOW - DAY, "dislike"),
    Line(2, ALIENS, NOW - DAY - HOUR, "impression"),
    Line(1, AMELIE, NOW - 4 * DAY, "rating", 4),
    Line(0, PADDINGTON, NOW, "click"),
    Line(1, PADDINGTON, NOW + 1, "rating", 1),
)

FADED_1D = 2**-7 + 2**-2 + 2**-1
FADED_7D = 2**-1 + 2 ** (-2 / 7) + 2 ** (-1 / 7)
FADED_30D = 2 ** (-7 / 30) + 2 ** (-2 / 30) + 2 ** (-1 / 30)
FADED_180D = 2 ** (-7 / 180) + 2 ** (-2 / 180) + 2 ** (-1 / 180)

USUAL_RATING = (5 + 2 + 4) / 3
USUAL_LIKES = 3 / 4
"""A click and ratings of 5 and 4 are likes, a rating of 2 is none."""
USUAL_CLICKS = 1 / 3

OF_ALIEN = {
    "item_choices": log1p(3),
    "item_choices_1d": log1p(FADED_1D),
    "item_choices_7d": log1p(FADED_7D),
    "item_choices_30d": log1p(FADED_30D),
    "item_choices_180d": log1p(FADED_180D),
    "item_trend_week": (FADED_7D + 0.1) / (FADED_30D + 0.4),
    "item_trend_season": (FADED_30D + 0.1) / (FADED_180D + 0.6),
    "item_fame_left": (FADED_180D + 0.5) / (3 + 1),
    "item_rating": (5 + 2 + 5 * USUAL_RATING) / (2 + 5),
    "item_rating_spread": 1.5,
    "item_ratings": log1p(2),
    "item_like_share": (2 + 5 * USUAL_LIKES) / (3 + 5),
    "item_dislikes": log1p(1),
    "item_impressions": log1p(2),
    "item_click_rate": (1 + 20 * USUAL_CLICKS) / (2 + 20),
    "item_age": log1p(7),
    "item_seen_before": 1,
    "item_rest": log1p(24),
    "item_year": 1979,
    "item_release_age": 1970 + 10_007.5 / 365.2425 - 1979,
    "item_categories": 2,
}

OF_PADDINGTON = {
    "item_choices": 0,
    "item_choices_1d": 0,
    "item_choices_7d": 0,
    "item_choices_30d": 0,
    "item_choices_180d": 0,
    "item_trend_week": 0.1 / 0.4,
    "item_trend_season": 0.1 / 0.6,
    "item_fame_left": 0.5,
    "item_rating": USUAL_RATING,
    "item_rating_spread": 0,
    "item_ratings": 0,
    "item_like_share": USUAL_LIKES,
    "item_dislikes": 0,
    "item_impressions": 0,
    "item_click_rate": USUAL_CLICKS,
    "item_age": 0,
    "item_seen_before": 0,
    "item_rest": 0,
    "item_year": 2014,
    "item_release_age": 1970 + 10_007.5 / 365.2425 - 2014,
    "item_categories": 1,
}


@pytest.mark.parametrize("feature", list(OF_ALIEN))
def test_of_an_item_with_a_past(feature: str) -> None:
    assert value_of(feature, DATA, Query(time=NOW), ALIEN) == pytest.approx(OF_ALIEN[feature])


@pytest.mark.parametrize("feature", list(OF_PADDINGTON))
def test_of_an_item_that_is_new_at_this_very_instant(feature: str) -> None:
    found = value_of(feature, DATA, Query(time=NOW), PADDINGTON)

    assert found == pytest.approx(OF_PADDINGTON[feature])


def test_an_item_that_was_only_shown_is_new_but_not_at_rest() -> None:
    query = Query(time=NOW)

    assert value_of("item_seen_before", DATA, query, ALIENS) == 0
    assert value_of("item_age", DATA, query, ALIENS) == 0
    assert value_of("item_rest", DATA, query, ALIENS) == pytest.approx(log1p(25))
    assert value_of("item_click_rate", DATA, query, ALIENS) == pytest.approx(20 / 3 / 21)


def test_the_question_may_lie_long_after_the_last_event() -> None:
    """The fading counters are brought forward to the instant that is asked about."""
    later = Query(time=NOW - 4 * DAY + 30 * DAY)

    assert value_of("item_choices_30d", DATA, later, AMELIE) == pytest.approx(log1p(0.5))
    assert value_of("item_age", DATA, later, AMELIE) == pytest.approx(log1p(30))


def test_the_spread_is_that_of_the_ratings_before_the_instant() -> None:
    data = log_of(*[Line(value, ALIEN, value, "rating", value) for value in (1, 3, 5)])

    found = [value_of("item_rating_spread", data, Query(time=time), ALIEN) for time in (2, 4, 6)]

    assert found == pytest.approx([0, 1, sqrt(8 / 3)], abs=1e-6)


def test_without_times_every_duration_is_zero_and_nothing_fades() -> None:
    data = log_of(*[Line(user, ALIEN) for user in range(3)])
    query = Query(time=1)

    assert value_of("item_choices_1d", data, query, ALIEN) == pytest.approx(log1p(3))
    assert value_of("item_age", data, query, ALIEN) == 0
    assert value_of("item_rest", data, query, ALIEN) == 0
    assert value_of("item_release_age", data, query, ALIEN) == -1


def test_an_item_of_unknown_year_has_no_age() -> None:
    data = replace(DATA, catalogue=Catalogue.of(FILMS.ids))

    assert value_of("item_year", data, Query(time=NOW), ALIEN) == 0
    assert value_of("item_release_age", data, Query(time=NOW), ALIEN) == -1


def test_a_single_choice_makes_an_item_known() -> None:
    assert value_of("item_seen_before", DATA, Query(time=NOW), AMELIE) == 1
