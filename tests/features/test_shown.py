"""Columns about what the user was shown, worked out by hand.

The user was shown ALIEN twice, ALIENS, AMELIE and PADDINGTON, and clicked ALIEN. Others were
shown five films and clicked one, so that two of ten were clicked in all.
"""

from dataclasses import replace
from math import log1p, sqrt

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, ALIENS, AMELIE, PADDINGTON, Line, log_of
from tests.features.asking import value_of

from shortlist.core.candidates import Query
from shortlist.core.times import DAY

NOW = 10_000 * DAY

DATA = log_of(
    *[
        Line(0, item, NOW - DAY + place, "impression")
        for place, item in enumerate((ALIEN, ALIENS, AMELIE, PADDINGTON, ALIEN))
    ],
    Line(0, ALIEN, NOW - DAY + 10, "click"),
    *[Line(1, AMELIE, NOW - 2 * DAY + place, "impression") for place in range(5)],
    Line(1, AMELIE, NOW - 2 * DAY + 10, "click"),
    Line(0, AMELIE, NOW, "impression"),
    Line(0, AMELIE, NOW + 1, "click"),
)

USUAL = 2 / 10
RATE = (2 + 10 * USUAL) / (5 + 10)
"""Both times ALIEN was shown count as taken, beside ten showings of the usual rate."""


def taken_of(taken: int, shown: int) -> float:
    return (taken + 5 * RATE) / (shown + 5)


def lift_of(taken: int, shown: int) -> float:
    return (taken - shown * RATE) / sqrt(shown * RATE + 1)


OF_ALIENS = {
    "shown_take_rate": RATE,
    # Action was shown once, Space three times, of which two were of ALIEN.
    "shown_category_take_rate": (taken_of(0, 1) + taken_of(2, 3)) / 2,
    "shown_category_lift": (lift_of(0, 1) + lift_of(2, 3)) / 2,
    "shown_before": log1p(1),
    "shown_items": log1p(5),
}
OF_PADDINGTON = {
    **OF_ALIENS,
    "shown_category_take_rate": taken_of(0, 2),
    "shown_category_lift": lift_of(0, 2),
}


@pytest.mark.parametrize(
    ("feature", "item", "expected"),
    [
        (feature, item, expected)
        for item, of_item in ((ALIENS, OF_ALIENS), (PADDINGTON, OF_PADDINGTON))
        for feature, expected in of_item.items()
    ],
)
def test_of_what_was_shown(feature: str, item: int, expected: float) -> None:
    found = value_of(feature, DATA, DATA.query(0, time=NOW), item)

    assert found == pytest.approx(expected)


def test_what_is_shown_at_the_very_instant_is_not_seen_yet() -> None:
    before, now = (DATA.query(0, time=time) for time in (NOW, NOW + 1))

    assert value_of("shown_before", DATA, before, AMELIE) == pytest.approx(log1p(1))
    assert value_of("shown_before", DATA, now, AMELIE) == pytest.approx(log1p(2))


def test_of_somebody_who_was_shown_nothing() -> None:
    query = Query(time=NOW)

    assert value_of("shown_take_rate", DATA, query, ALIEN) == pytest.approx(USUAL)
    assert value_of("shown_category_take_rate", DATA, query, ALIEN) == pytest.approx(USUAL)
    assert value_of("shown_category_lift", DATA, query, ALIEN) == 0
    assert value_of("shown_before", DATA, query, ALIEN) == 0
    assert value_of("shown_items", DATA, query, ALIEN) == 0


def test_a_log_without_impressions_shows_nothing() -> None:
    data = log_of(Line(0, ALIEN, 1), Line(0, ALIENS, 2))

    assert not data.query(0).shown.size
    assert value_of("shown_take_rate", data, data.query(0), ALIEN) == 0
    assert value_of("shown_items", data, data.query(0), ALIEN) == 0


def test_what_was_chosen_long_before_it_was_shown_counts_as_taken() -> None:
    """The history says that the user has it; when is not asked."""
    query = replace(DATA.query(0, time=NOW), shown=np.array([ALIEN], np.int32))

    assert value_of("shown_take_rate", DATA, query, ALIEN) == pytest.approx(3 / 11)
